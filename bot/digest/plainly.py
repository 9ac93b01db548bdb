"""A digest's parts as plain text, for those whose usual form could not be drawn."""

from __future__ import annotations

from collections.abc import Sequence

from bot.isolation import RecordKind, either
from bot.model.digest import DigestSection
from bot.model.paper import Paper
from bot.model.take import Take
from bot.text.markdown import is_blank
from bot.text.plain import plain_line, plain_link, plain_pieces, plain_text
from bot.text.split import split

TITLE = 300
"""Characters of a title."""


def plain_heading(paper: Paper) -> str:
    """A paper's title and address."""
    return "\n".join(filter(None, (f"### {plain_line(paper.title, TITLE)}", plain_link(paper.url))))


def plain_take(take: Take, *, named: bool) -> str:
    """A take's words, under its writer's name if that is told."""
    text = plain_text(take.text, 2 * len(take.text) + 1)
    return f"**{plain_line(take.member.name, 100)}**\n{text}" if named else text


def plain_section(section: DigestSection, *, named: bool) -> str:
    """A paper's part of the thread."""
    takes = (plain_take(take, named=named) for take in section.takes)
    return "\n\n".join((plain_heading(section.entry.paper), *takes))


def pieces(text: str, limit: int, name: object) -> Sequence[str]:
    """A text cut into messages; `name` is what it is of.

    What shows nothing is left out: Discord takes no message of it.
    """
    cut = either(
        RecordKind.DIGEST, name, lambda: split(text, limit), lambda: plain_pieces(text, limit)
    )
    return [piece for piece in cut if not is_blank(piece)]
