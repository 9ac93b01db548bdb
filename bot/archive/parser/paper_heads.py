"""Where a paper begins: its reference, its title, what stands right below it.

A head is recognised by its place: what stands below an address or above it is a title with
authors even where it does not look so by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.archive.parser.head_lines import IN_ONE_LINE, Section, is_titled_page, read_below
from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.lines import Lines
from bot.archive.parser.linked_lines import (
    LinkedLine,
    best_of,
    led,
    linked,
    title_and_rest,
    title_with_id,
)
from bot.archive.parser.model import PaperForm, PaperReference, Role
from bot.archive.parser.titles import (
    Titled,
    has_cjk,
    is_no_title,
    is_title_like,
    is_titled_case,
    plain_title,
    read_titled,
    unnumbered,
)
from bot.model.reference import ArxivReference

_MOST_LINKS = 12
"""Addresses above one title."""
_NOTE_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?(?P<title>[^\[\]|]+)\]\]")
_IN_LISTS = (PaperForm.TITLE_URL, PaperForm.LINK)


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a line: the last paper, and the one whose takes it may belong to."""

    last: Section | None
    current: Section | None


def head_at(lines: Lines, at: int, before: Before) -> Section | None:
    """The paper that begins at a line of text, a reference or a title with its URL, if one does."""
    look = lines.units[at].look
    if look is Look.REFERENCE:
        found = _reference(lines, at, before)
    elif look is Look.TITLED:
        found = _titled(lines, at, before)
    else:
        found = _title_first(lines, at, before) or _one_line(lines, at, before)
    if found is not None:
        read_below(lines, found)
    return found


def heading_head_at(lines: Lines, at: int, before: Before) -> Section | None:
    """`## Title` above a URL line, `## [Title](URL)`: a paper with a heading for a title."""
    if (found := _linked_heading(lines, at, before)) is not None:
        return found
    heading = _without_brackets(unnumbered(lines.units[at].title))
    goes_on = before.last is None or lines.digest or another_by_heading(lines, at, before)
    if is_no_title(heading) or not goes_on:
        return None
    titled = read_titled(heading, placed=True)
    below = lines.near(at + 1)
    if below is None or lines.units[below].look is not Look.REFERENCE:
        if titled is None or not (titled.sure and lines.digest):
            return None
        found = Section(PaperForm.NO_URL, None, titled.title, titled.authors)
        found.mark([at], Role.TITLE)
    else:
        if lines.titled(lines.next(below + 1), placed=True) is not None:
            return None
        if titled is None and lines.digest and not is_title_like(heading):
            return None
        told = titled or Titled(plain_title(heading), (), sure=False)
        found = _title_above(lines, range(at, at + 1), below, told)
    read_below(lines, found)
    return found


def _linked_heading(lines: Lines, at: int, before: Before) -> Section | None:
    """`## [Title](URL)`, `## Title (URL)`: the first paper, or one of several on one level."""
    unit = lines.units[at]
    link = _link_of(unit)
    depth = heading_level(unit)
    if link is None or not link.title:
        return None
    if before.last and depth > before.last.level and not another_by_heading(lines, at, before):
        return None
    titled = read_titled(link.title) or Titled(link.title, link.authors, sure=False)
    found = Section(PaperForm.LINK, link.reference, titled.title, titled.authors, level=depth)
    found.mark([at], Role.TITLE)
    read_below(lines, found)
    return found


def another_by_heading(lines: Lines, at: int, before: Before) -> bool:
    """Whether a second paper of a note begins as the one before it: with a heading that is no
    deeper, and an e-print of its own right below."""
    if before.last is None or is_no_title(lines.units[at].title):
        return False
    if heading_level(lines.units[at]) > _level_of(lines, before.last):
        return False
    link = _link_of(lines.units[at])
    below = lines.near(at + 1)
    reference = link.reference if link else lines.units[below].reference if below else None
    return isinstance(reference, ArxivReference) and reference != before.last.reference


def _link_of(heading: Unit) -> LinkedLine | None:
    text = unnumbered(heading.title).strip("*_ ")
    return (linked(text) or title_with_id(text)) if text else None


def _level_of(lines: Lines, section: Section) -> int:
    """How deep the heading is with which a paper begins; 0 without one."""
    first = lines.units[min(section.roles)] if section.roles else None
    return heading_level(first) if first is not None and first.look is Look.HEADING else 0


def _without_brackets(heading: str) -> str:
    """The title in `[[Title]]` or `[[Note|Title]]`, a link to the paper's own note."""
    link = _NOTE_LINK.fullmatch(heading)
    return link["title"] if link else heading


def heading_level(unit: Unit) -> int:
    """How deep a heading is."""
    return len(unit.text) - len(unit.text.lstrip("#"))


def belongs_to_head(unit: Unit, before: Before) -> bool:
    """Whether this is a reference of the paper that has just begun: `| 2005.04862`, or the one
    that a paper without any was waiting for."""
    current = before.current
    if unit.look is not Look.REFERENCE or current is None or current.said:
        return False
    if current.reference is None:
        current.reference, current.form = unit.reference, PaperForm.TITLE_URL_LINES
    return current.reference == unit.reference


def _reference(lines: Lines, at: int, before: Before) -> Section | None:
    run = _run(lines, at)
    below = lines.next(run[-1] + 1)
    titled = lines.titled(below, placed=True)
    reference = best_of(one for line in run if (one := lines.units[line].reference))
    arxiv = isinstance(reference, ArxivReference)
    current = before.current
    if titled is not None:
        begins = titled[0].sure or current is None or arxiv
    elif lines.digest:
        begins = arxiv or current is None or is_titled_page(lines, at, below)
    else:
        begins = current is None or (not current.said and not current.title)
    if not begins:
        return None
    found = Section(PaperForm.URL, reference)
    found.mark(run, Role.REFERENCE)
    return found


def _run(lines: Lines, at: int) -> Sequence[int]:
    """The lines of addresses from here on that are of one paper: one of arXiv's, and pages."""
    run = [at]
    arxiv = _arxiv(lines.units[at])
    while len(run) < _MOST_LINKS and (following := lines.near(run[-1] + 1)) is not None:
        unit = lines.units[following]
        if unit.look is not Look.REFERENCE:
            break
        other = _arxiv(unit)
        if other and arxiv and other != arxiv:
            break
        arxiv = arxiv or other
        run.append(following)
    titled = lines.titled(lines.next(run[-1] + 1), placed=True) is not None
    tight = run[-1] - at == len(run) - 1
    return run if titled or arxiv or (tight and len(run) > 1) else [at]


def _arxiv(unit: Unit) -> PaperReference | None:
    return unit.reference if isinstance(unit.reference, ArxivReference) else None


def _titled(lines: Lines, at: int, before: Before) -> Section | None:
    unit = lines.units[at]
    if not lines.digest and not _list_goes_on(unit, before.last):
        return None
    form = PaperForm.LINK if unit.masked else PaperForm.TITLE_URL
    found = Section(form, unit.reference, unit.title, unit.authors, numbered=unit.numbered)
    found.mark([at], Role.REFERENCE)
    return found


def _list_goes_on(unit: Unit, last: Section | None) -> bool:
    """In a note: the first paper, or one of a list of which all have been of this form."""
    if last is None:
        return True
    return last.form in _IN_LISTS and (not last.said or (unit.numbered and last.numbered))


def _title_first(lines: Lines, at: int, before: Before) -> Section | None:
    """A title line above its URL; also a sure title without any URL."""
    placed = lines.titled(at, placed=True)
    last = placed[1] if placed else at
    below = lines.near(last + 1)
    if below is not None and lines.units[below].look is Look.REFERENCE:
        if placed is not None and (placed[0].sure or is_title_like(placed[0].title)):
            told: Titled | None = placed[0]
        else:
            told = _untitled_above(lines, at, below) if last == at else None
        fresh = lines.digest or before.last is None or _goes_on(lines, at, below, before.last)
        if told is not None and fresh and not _has_title_below(lines, below, told):
            return _title_above(lines, range(at, last + 1), below, told)
    titled = lines.titled(at)
    if titled is None or not titled[0].sure or has_cjk(titled[0].title):
        return None
    if lines.digest or (before.last is None and at == lines.first):
        found = Section(PaperForm.NO_URL, None, titled[0].title, titled[0].authors)
        found.mark(range(at, titled[1] + 1), Role.TITLE)
        return found
    return None


def _goes_on(lines: Lines, at: int, below: int, last: Section) -> bool:
    """Whether another paper of the form that all have had begins, in what is called a note."""
    like = last.form is PaperForm.TITLE_URL_LINES and lines.begins_paragraph(at)
    return like and _arxiv(lines.units[below]) is not None


def _untitled_above(lines: Lines, at: int, below: int) -> Titled | None:
    """A title without authors above an address: near it, or by itself and written as one."""
    text = unnumbered(lines.units[at].text)
    if below - at == 1 and is_title_like(text):
        return Titled(plain_title(text), (), sure=False)
    return lines.title_alone(at)


def _has_title_below(lines: Lines, reference: int, above: Titled) -> bool:
    """Whether the title of a reference is not the one above it, but one below."""
    below = lines.next(_run(lines, reference)[-1] + 1)
    if lines.titled(below, placed=True) is not None:
        return True
    if above.authors or below is None or lines.titles_stand_above:
        return False
    return lines.title_alone(below) is not None


def _title_above(lines: Lines, title: range, below: int, titled: Titled) -> Section:
    run = _run(lines, below)
    reference = best_of(one for line in run if (one := lines.units[line].reference))
    found = Section(PaperForm.TITLE_URL_LINES, reference, titled.title, titled.authors)
    found.mark(title, Role.TITLE)
    found.mark(run, Role.REFERENCE)
    return found


def _one_line(lines: Lines, at: int, before: Before) -> Section | None:
    """`URL text`, `[Title](URL) text`, and as the first line of a note `Title (URL) text`."""
    text = lines.units[at].text
    bare = unnumbered(text)
    if _may_begin_in_line(lines, at, before) and (link := led(bare)) is not None:
        form = PaperForm.LINK_TEXT if link.title else PaperForm.URL_TEXT
        if link.title and before.last is None and not lines.digest and bare == text:
            return None  # a sentence that begins with a link
        lines.split(at, len(text) - len(bare) + link.length, link.reference)
        found = Section(form, link.reference, link.title)
        found.mark([at], Role.REFERENCE)
        _title_in_line(lines, at + 1, found)
        return found
    if before.last is not None or lines.digest:
        return None
    running = title_and_rest(text)
    if running is not None and is_title_like(running[0]) and not set("[]|") & set(running[0]):
        found = Section(PaperForm.RUNNING, running[1], running[0], said=[at])
        found.mark([at], Role.TAKE)
        return found
    return None


def _may_begin_in_line(lines: Lines, at: int, before: Before) -> bool:
    """Whether a paper of the form `URL text` may begin here: the first, or one after another."""
    if before.last is None:
        return True
    in_list = unnumbered(lines.units[at].text) != lines.units[at].text
    return before.last.form in IN_ONE_LINE and (in_list or lines.begins_paragraph(at))


def _title_in_line(lines: Lines, at: int, found: Section) -> None:
    """Take what follows an address in its line for a title, if it is one."""
    rest = lines.units[at].text
    titled = read_titled(rest, placed=True)
    if titled is None and not found.title and _is_title_in_line(lines, at, rest):
        titled = Titled(plain_title(rest), (), sure=False)
    if titled is not None:
        found.entitle(titled)
        found.mark([at], Role.TITLE)


def _is_title_in_line(lines: Lines, at: int, rest: str) -> bool:
    if is_title_like(rest) and rest.startswith(lines.name[:20]):
        return True
    return is_titled_case(rest) and lines.look(lines.next(at + 1)) is Look.TEXT
