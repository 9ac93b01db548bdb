"""A digest as Discord's plain messages: a starter, then a message for each paper and more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.digest.markdown import several_writers
from bot.digest.plainly import TITLE, pieces, plain_section
from bot.digest.section import section_text, untaken_line
from bot.digest.starter import StarterMessage, contents
from bot.isolation import RecordKind, either
from bot.locale import Texts, texts
from bot.model.digest import Compiled
from bot.text.markdown import is_blank
from bot.text.plain import plain_line, plain_pieces, plain_text

MESSAGE_LIMIT = 2000
"""Characters of a message's content (Discord's API reference, Create Message)."""
THREAD_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the thread; `entry_id` tells the paper that it is about."""

    text: str
    entry_id: int | None = None
    lists_untaken: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is posted: the starter in the channel, the thread on it, the messages in the thread.

    The first of `contents` is the starter; the others, which go on with its list of papers, are
    the first messages of the thread.
    """

    thread_name: str
    contents: tuple[StarterMessage, ...]
    messages: tuple[Message, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All messages in order, as they are posted."""
        return (
            *(message.filled for message in self.contents),
            *(message.text for message in self.messages),
        )


def render(compiled: Compiled) -> Rendered:
    """The messages of a digest, each within Discord's limit, in order.

    What of it cannot be drawn is shown plainly: whatever a digest holds, it can be posted.
    """
    return either(
        RecordKind.DIGEST,
        compiled.title,
        lambda: _render(compiled),
        lambda: _render_plainly(compiled),
    )


def _render(compiled: Compiled) -> Rendered:
    say = texts(compiled.settings.language)
    named = several_writers(compiled.sections)
    messages: list[Message] = []
    for section in compiled.sections:
        earlier = compiled.earlier.get(section.entry.id)
        text = section_text(section, compiled.settings, earlier, named=named, say=say)
        cut = pieces(text, MESSAGE_LIMIT, section.entry.paper.reference)
        messages += [Message(piece, section.entry.id) for piece in cut]
    if compiled.shown_untaken:
        cut = pieces(_untaken(compiled, say), MESSAGE_LIMIT, compiled.title)
        messages += [Message(piece, lists_untaken=True) for piece in cut]
    if not is_blank(compiled.settings.closing_tag):
        _close(messages, compiled.settings.closing_tag)
    name = compiled.title[:THREAD_NAME_LIMIT]
    return Rendered(name, tuple(contents(compiled, say, MESSAGE_LIMIT)), tuple(messages))


def _render_plainly(compiled: Compiled) -> Rendered:
    entries = [*(section.entry for section in compiled.sections), *compiled.shown_untaken]
    titles = (plain_line(entry.paper.title, TITLE) for entry in entries)
    lines = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
    intro = plain_text(compiled.intro, 2 * len(compiled.intro) + 1)
    head = "\n\n".join(filter(None, (f"# {plain_line(compiled.title)}", intro, "\n".join(lines))))
    messages = [
        Message(piece, section.entry.id)
        for section in compiled.sections
        for piece in plain_pieces(plain_section(section, named=True), MESSAGE_LIMIT)
    ]
    return Rendered(
        compiled.title[:THREAD_NAME_LIMIT],
        tuple(StarterMessage(piece, piece) for piece in plain_pieces(head, MESSAGE_LIMIT)),
        tuple(messages),
    )


def reminder(compiled: Compiled, *, today: bool = False) -> str:
    """One message with the papers that nobody has written about, as many as it holds.

    `today`: the day of the digest has begun.
    """
    say = texts(compiled.settings.language)
    limit = compiled.settings.authors
    papers = [untaken_line(entry.paper, limit, say) for entry in compiled.untaken]
    head = say("digest.reminder.today" if today else "digest.reminder")
    text = "\n".join([head, *papers])
    return pieces(text, MESSAGE_LIMIT, compiled.title)[0]


def _untaken(compiled: Compiled, say: Texts) -> str:
    limit = compiled.settings.authors
    papers = [untaken_line(entry.paper, limit, say) for entry in compiled.shown_untaken]
    return "\n".join([f"### {say('digest.untaken')}", *papers])


def _close(messages: list[Message], tag: str) -> None:
    last = messages[-1] if messages else None
    if last is not None and len(last.text) + 2 + len(tag) <= MESSAGE_LIMIT:
        messages[-1] = replace(last, text=f"{last.text}\n\n{tag}")
    else:
        messages.append(Message(tag))
