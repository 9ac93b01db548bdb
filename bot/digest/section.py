"""One paper of a digest as Discord's text: linked title, authors, takes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digest.markdown import by_writer
from bot.digest.plainly import TITLE, plain_heading, plain_section, plain_take
from bot.isolation import RecordKind, each, either
from bot.locale import Texts
from bot.model.authors import shown
from bot.model.channel import ChannelSettings
from bot.model.digest import DigestSection, Earlier
from bot.model.paper import Paper
from bot.model.summary import WrittenSummary
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link, tame
from bot.text.plain import plain_line, plain_link
from bot.text.sentences import sentences
from bot.text.summary import summary
from bot.text.tex import readable

REASON = 200
"""Characters of the reason for a withdrawal."""
ALL_UP_TO, FIRST = 30, 10
"""Authors that are shown where a channel sets no number."""
QUOTED = 3000
"""Characters of an abstract's sentences."""
MODEL = 60
"""Characters of a model's name."""
NAME_WIDTH = 200
"""Characters of one name; some are teams'."""


def section_text(
    section: DigestSection,
    settings: ChannelSettings,
    earlier: Earlier | None,
    *,
    named: bool,
    say: Texts,
) -> str:
    """The paper's part of the thread, of any length. `named`: each take under its writer's name."""
    return either(
        RecordKind.PAPER,
        section.entry.paper.reference,
        lambda: _section(section, settings, earlier, named=named, say=say),
        lambda: plain_section(section, named=named),
    )


def _section(
    section: DigestSection,
    settings: ChannelSettings,
    earlier: Earlier | None,
    *,
    named: bool,
    say: Texts,
) -> str:
    paper = section.entry.paper
    blocks = [
        either(
            RecordKind.PAPER,
            paper.reference,
            lambda: _heading(paper, settings.authors, say),
            lambda: plain_heading(paper),
        )
    ]
    if earlier is not None:
        blocks[0] += f"\n-# {say('digest.earlier', link=masked_link(earlier.title, earlier.url))}"
    if settings.abstract and paper.data.abstract:
        blocks += each(
            RecordKind.PAPER,
            [paper],
            lambda one: _quoted(one, section.written, settings.abstract, say),
            name=lambda one: one.reference,
        )
    for name, takes in by_writer(section.takes):
        written = each(
            RecordKind.TAKE,
            takes,
            lambda take: tame(take.text),
            name=lambda take: take.id,
            plainly=lambda take: plain_take(take, named=False),
        )
        blocks.append("\n\n".join([f"**{escape(name)}**\n{written[0]}", *written[1:]])
                      if named else "\n\n".join(written))  # fmt: skip
    return "\n\n".join(blocks)


def _quoted(paper: Paper, written: WrittenSummary | None, count: int, say: Texts) -> str:
    if written is not None:
        told = " ".join(sentences(written.text)[:count])
        mark = say("summary.written", model=escape(shorten(written.model, MODEL)))
        return f"> {escape(told)}\n-# {mark}"
    said = summary(readable(paper.data.abstract), readable(paper.title), count, QUOTED)
    return f"> {escape(' '.join(said))}"


def untaken_line(paper: Paper, authors: int | None, say: Texts) -> str:
    """One line for a paper that nobody has written about."""

    def drawn() -> str:
        line = f"- {masked_link(shorten(readable(paper.title), TITLE), paper.url)}"
        if paper.data.authors:
            line += f" ({authors_line(paper.data.authors, authors, say)})"
        return line

    return either(
        RecordKind.PAPER,
        paper.reference,
        drawn,
        lambda: f"- {plain_line(paper.title, TITLE)} {plain_link(paper.url)}".rstrip(),
    )


def authors_line(
    authors: Sequence[str], limit: int | None, say: Texts, width: int = NAME_WIDTH
) -> str:
    """The first authors, with the exact number of those left out.

    Without a limit all of up to ALL_UP_TO, else the first FIRST: some papers have thousands.
    """
    of = shown(authors, limit or FIRST, all_up_to=0 if limit else ALL_UP_TO)
    line = ", ".join(escape(shorten(readable(name), width)) for name in of.names)
    if of.left_out:
        line = say("authors.more", shown=line, count=of.left_out)
    return say("authors.others", shown=line) if of.and_others else line


def _heading(paper: Paper, authors: int | None, say: Texts) -> str:
    lines = [f"### {masked_link(shorten(readable(paper.title), TITLE), paper.url)}"]
    if paper.data.authors:
        lines.append(authors_line(paper.data.authors, authors, say))
    if paper.data.withdrawn:
        lines.append(withdrawn_line(paper, say))
    return "\n".join(lines)


def withdrawn_line(paper: Paper, say: Texts) -> str:
    """That a paper is withdrawn, and why, as far as its authors or arXiv say."""
    if reason := paper.data.withdrawal:
        return say("paper.withdrawn_because", reason=escape(shorten(readable(reason), REASON)))
    return say("paper.withdrawn")
