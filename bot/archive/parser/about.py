"""The one paper that a note is about, where its properties and not its text say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.archive.parser.head_lines import Section
from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.linked_lines import links_in
from bot.archive.parser.model import ArchivedEntry, PaperForm, PaperReference, Role
from bot.archive.parser.note_parser import Reading
from bot.archive.parser.properties import (
    NO_TITLES,
    Properties,
    block_heading,
    label_lines,
    plain_key,
    shown,
)
from bot.archive.parser.titles import Titled, plain_title, read_titled
from bot.model.reference import ArxivReference

_HEADS: Final = (PaperForm.URL, PaperForm.URL_TITLE, PaperForm.URL_TEXT, PaperForm.TITLE_URL_LINES)
"""Forms in which no paper is named by the way."""


def paper_of(properties: Properties, units: Sequence[Unit], reading: Reading) -> Section | None:
    """The paper that all of a note is about; None if its text, as it was read, says it better."""
    told = [entry for entry in reading.entries if _is_told(entry)]
    label = next(label_lines(units), None)
    if label is not None and [(one.reference, one.title) for one in told] == [(label[1], "")]:
        told = []  # A link called *Paper* somewhere in the text: all of that is about it.
    reference = properties.reference()
    roles: dict[int, Role] = {}
    if reference is not None:
        if len(told) == 1 and (told[0].reference == reference or told[0].form in _HEADS):
            return None
    elif told:
        return None
    else:
        if label is not None:
            at, reference = label
            roles[at] = Role.REFERENCE
        elif properties.values:
            reference = _only_link(units)
    if reference is None:
        return None
    title = _heading(units)
    section = Section(PaperForm.FRONT, reference)
    section.entitle(Titled(properties.title, (), sure=True))
    if title is not None:
        at, titled = title
        roles[at] = Role.HEADING
        section.entitle(titled)
    section.authors = properties.authors or section.authors
    section.abstract = _abstract(properties, units)
    section.roles = {**roles, **dict.fromkeys(properties.abstract, Role.ABSTRACT)}
    return section


def completed(entries: Sequence[ArchivedEntry], properties: Properties) -> list[ArchivedEntry]:
    """The papers of a note with what its properties say of them: of several, the tags alone."""
    alone = len(entries) == 1
    return [
        entry._replace(
            title=entry.title or (properties.title if alone else ""),
            authors=entry.authors or (properties.authors if alone else ()),
            takes=tuple(
                take._replace(writer=take.writer or properties.writer) for take in entry.takes
            ),
            tags=tuple(dict.fromkeys((*entry.tags, *properties.tags))),
        )
        for entry in entries
    ]


def _is_told(entry: ArchivedEntry) -> bool:
    """Whether the text itself says what it is about."""
    named = entry.form is not PaperForm.RUNNING and plain_key(entry.title) not in NO_TITLES
    return entry.reference is not None and named


def _only_link(units: Sequence[Unit]) -> PaperReference | None:
    """The one arXiv paper that is linked in a note, or the one page."""
    found = list(dict.fromkeys(one for unit in units for one in links_in(unit.text)))
    arxiv: list[PaperReference] = [one for one in found if isinstance(one, ArxivReference)]
    chosen = arxiv or found
    return chosen[0] if len(chosen) == 1 else None


def _heading(units: Sequence[Unit]) -> tuple[int, Titled] | None:
    """The heading that a note begins with, if it is a title."""
    first = next((at for at, unit in enumerate(units) if unit.look is not Look.BLANK), None)
    if first is None:
        return None
    title = units[first].title if units[first].look is Look.HEADING else block_heading(units[first])
    title = shown(plain_title(title))
    if not title or plain_key(title) in NO_TITLES:
        return None
    return first, read_titled(title) or Titled(title, (), sure=True)


def _abstract(properties: Properties, units: Sequence[Unit]) -> str:
    quoted = [units[at].text.lstrip("> ") for at in properties.abstract]
    words = " ".join(one for one in quoted if not one.startswith(("[!", "```")))
    return " ".join((words or next(iter(properties.of(["abstract"])), "")).split())
