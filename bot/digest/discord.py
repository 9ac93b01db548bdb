"""A digest as Discord's plain messages: a starter, then a message for each paper and more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.markdown import by_writer, several_writers
from bot.locale import Texts, texts
from bot.model.channel import ChannelSettings
from bot.model.digest import Compiled, Earlier, Section
from bot.model.paper import Paper
from bot.text.markdown import escape, masked_link, tame
from bot.text.sentences import sentences
from bot.text.split import split
from bot.text.tex import readable

MESSAGE_LIMIT = 2000
"""Characters of a message's content (Discord's API reference, Create Message)."""
THREAD_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the thread; `entry_id` tells the paper that it is about."""

    text: str
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is posted: the starter in the channel, then the thread on it."""

    thread_name: str
    starter: str
    messages: tuple[Message, ...]


def render(compiled: Compiled) -> Rendered:
    """The messages of a digest, each within Discord's limit, in order."""
    say = texts(compiled.settings.language)
    named = several_writers(compiled.sections)
    starter, *rest = split(_starter(compiled, say), MESSAGE_LIMIT)
    messages = [Message(text) for text in rest]
    for section in compiled.sections:
        earlier = compiled.earlier.get(section.entry.id)
        text = _section(section, compiled.settings, earlier, named=named, say=say)
        messages += [Message(piece, section.entry.id) for piece in split(text, MESSAGE_LIMIT)]
    if compiled.shown_untaken:
        messages += [Message(piece) for piece in split(_untaken(compiled, say), MESSAGE_LIMIT)]
    if compiled.settings.closing_tag:
        _close(messages, compiled.settings.closing_tag)
    return Rendered(compiled.title[:THREAD_NAME_LIMIT], starter, tuple(messages))


def reminder(compiled: Compiled) -> str:
    """One message with the papers that nobody has written about, as many as it holds."""
    say = texts(compiled.settings.language)
    papers = [
        f"- {masked_link(readable(entry.paper.title), entry.paper.url)}"
        for entry in compiled.untaken
    ]
    return split("\n".join([say("digest.reminder"), *papers]), MESSAGE_LIMIT)[0]


def heading(paper: Paper, authors: int | None, say: Texts) -> str:
    """A paper's linked title with its authors below it."""
    lines = [f"### {masked_link(readable(paper.title), paper.url)}"]
    if paper.data.authors:
        lines.append(authors_line(paper.data.authors, authors, say))
    if paper.data.withdrawn:
        lines.append(say("paper.withdrawn"))
    return "\n".join(lines)


def authors_line(authors: Sequence[str], limit: int | None, say: Texts) -> str:
    """All authors, or the first ones with the exact number of those left out."""
    shown = authors if limit is None else authors[:limit]
    line = ", ".join(escape(readable(author)) for author in shown)
    left_out = len(authors) - len(shown)
    return line if not left_out else say("authors.more", shown=line, count=left_out)


def _starter(compiled: Compiled, say: Texts) -> str:
    papers = len(compiled.sections) + len(compiled.shown_untaken)
    counts = (
        f"{say('count.papers', count=papers)} · {say('count.takes', count=compiled.take_count)}"
    )
    writers = {take.member.name for section in compiled.sections for take in section.takes}
    if len(writers) == 1:
        counts = say("digest.counts_by", counts=counts, who=escape(writers.pop()))
    entries = [section.entry for section in compiled.sections] + list(compiled.shown_untaken)
    titles = [
        f"{number}. {escape(readable(entry.paper.title))}"
        for number, entry in enumerate(entries, start=1)
    ]
    blocks = [f"# {escape(compiled.title)}"]
    if compiled.intro.strip():
        blocks.append(tame(compiled.intro.strip()))
    blocks.append(f"-# {counts}\n" + "\n".join(titles))
    return "\n\n".join(blocks)


def _section(
    section: Section,
    settings: ChannelSettings,
    earlier: Earlier | None,
    *,
    named: bool,
    say: Texts,
) -> str:
    paper = section.entry.paper
    blocks = [heading(paper, settings.authors, say)]
    if earlier is not None:
        blocks[0] += f"\n-# {say('digest.earlier', link=masked_link(earlier.title, earlier.url))}"
    if settings.abstract and paper.data.abstract:
        quoted = sentences(readable(paper.data.abstract))[: settings.abstract]
        blocks.append(f"> {escape(' '.join(quoted))}")
    for name, takes in by_writer(section.takes):
        written = "\n\n".join(tame(take.text) for take in takes)
        blocks.append(f"**{escape(name)}**\n{written}" if named else written)
    return "\n\n".join(blocks)


def _untaken(compiled: Compiled, say: Texts) -> str:
    lines = [f"### {say('digest.untaken')}"]
    for entry in compiled.shown_untaken:
        paper = entry.paper
        line = f"- {masked_link(readable(paper.title), paper.url)}"
        if paper.data.authors:
            line += f" ({authors_line(paper.data.authors, compiled.settings.authors, say)})"
        lines.append(line)
    return "\n".join(lines)


def _close(messages: list[Message], tag: str) -> None:
    last = messages[-1] if messages else None
    if last is not None and len(last.text) + 2 + len(tag) <= MESSAGE_LIMIT:
        messages[-1] = Message(f"{last.text}\n\n{tag}", last.entry_id)
    else:
        messages.append(Message(tag))
