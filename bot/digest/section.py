"""One paper of a digest as Discord's text: linked title, authors, takes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digest.markdown import by_writer
from bot.locale import Texts
from bot.model.channel import ChannelSettings
from bot.model.digest import Earlier, Section
from bot.model.paper import Paper
from bot.text.markdown import escape, masked_link, tame
from bot.text.sentences import sentences
from bot.text.tex import readable


def section_text(
    section: Section,
    settings: ChannelSettings,
    earlier: Earlier | None,
    *,
    named: bool,
    say: Texts,
) -> str:
    """The paper's part of the thread, of any length. `named`: each take under its writer's name."""
    paper = section.entry.paper
    blocks = [_heading(paper, settings.authors, say)]
    if earlier is not None:
        blocks[0] += f"\n-# {say('digest.earlier', link=masked_link(earlier.title, earlier.url))}"
    if settings.abstract and paper.data.abstract:
        quoted = sentences(readable(paper.data.abstract))[: settings.abstract]
        blocks.append(f"> {escape(' '.join(quoted))}")
    for name, takes in by_writer(section.takes):
        written = "\n\n".join(tame(take.text) for take in takes)
        blocks.append(f"**{escape(name)}**\n{written}" if named else written)
    return "\n\n".join(blocks)


def untaken_line(paper: Paper, authors: int | None, say: Texts) -> str:
    """One line for a paper that nobody has written about."""
    line = f"- {masked_link(readable(paper.title), paper.url)}"
    if paper.data.authors:
        line += f" ({authors_line(paper.data.authors, authors, say)})"
    return line


def authors_line(authors: Sequence[str], limit: int | None, say: Texts) -> str:
    """All authors, or the first ones with the exact number of those left out."""
    shown = authors if limit is None else authors[:limit]
    line = ", ".join(escape(readable(author)) for author in shown)
    left_out = len(authors) - len(shown)
    return line if not left_out else say("authors.more", shown=line, count=left_out)


def _heading(paper: Paper, authors: int | None, say: Texts) -> str:
    lines = [f"### {masked_link(readable(paper.title), paper.url)}"]
    if paper.data.authors:
        lines.append(authors_line(paper.data.authors, authors, say))
    if paper.data.withdrawn:
        lines.append(say("paper.withdrawn"))
    return "\n".join(lines)
