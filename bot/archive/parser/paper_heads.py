"""Where a paper begins: its reference, its title, what stands right below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.archive.parser.lexer import (
    QUOTE,
    REFERENCE,
    TITLED,
    Unit,
    heading_link,
    title_and_rest,
    url_and_text,
)
from bot.archive.parser.lines import Lines
from bot.archive.parser.model import PaperForm, PaperReference, Role
from bot.archive.parser.titles import Titled, has_cjk, is_title_like, plain_title, read_titled
from bot.model.reference import ArxivReference


@dataclass(slots=True)
class Section:
    """A paper of the file: what its head says, and the lines that follow it.

    `roles` are those of the head's lines, `after` is the line below the head; `said` are the lines
    of its takes; `tags`, `writer` and `day` stand beside these.
    """

    form: PaperForm
    reference: PaperReference | None
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    numbered: bool = False
    roles: dict[int, Role] = field(default_factory=dict)
    after: int = 0
    said: list[int] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    writer: str = ""
    day: date | None = None
    level: int = 0
    """Of the heading that it began with: text below a deeper one is of it too."""
    closed: bool = False
    """All lines of its takes are known: none that follows is."""

    def mark(self, lines: Iterable[int], role: Role) -> None:
        """Take these lines into the head."""
        for at in lines:
            self.roles[at] = role
            self.after = at + 1

    def entitle(self, titled: Titled) -> None:
        """Give it a title, or authors, where it has none."""
        if not self.title:
            self.title, self.authors = titled.title, titled.authors
        elif not self.authors:
            self.authors = titled.authors
        if self.form is PaperForm.URL:
            self.form = PaperForm.URL_TITLE


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a line: the last paper, and the one whose takes it may belong to."""

    last: Section | None
    current: Section | None


def head_at(lines: Lines, at: int, before: Before) -> Section | None:
    """The paper that begins at a line of text, a reference or a title with its URL, if one does."""
    look = lines.units[at].look
    if look is REFERENCE:
        found = _reference(lines, at, before)
    elif look is TITLED:
        found = _titled(lines, at, before)
    else:
        found = _title_first(lines, at, before)
        if found is None and before.last is None:
            found = _one_line(lines, at)
    if found is not None:
        _below_head(lines, found)
    return found


def heading_head_at(lines: Lines, at: int, before: Before) -> Section | None:
    """`## Title` above a URL line, `## [Title](URL)`: a paper with a heading for a title."""
    if (linked := _linked_heading(lines, at, before)) is not None:
        return linked
    below = lines.next(at + 1)
    if below is None or lines.units[below].look is not REFERENCE or below - at > 2:
        return None
    if lines.titled(lines.next(below + 1)) is not None or (before.last and not lines.digest):
        return None
    heading = lines.units[at].title
    titled = read_titled(heading) or Titled(plain_title(heading), (), sure=False)
    found = _title_above(lines, range(at, at + 1), below, titled)
    _below_head(lines, found)
    return found


def _linked_heading(lines: Lines, at: int, before: Before) -> Section | None:
    """`## [Title](URL)`, `## Title (URL)`: the first paper, or one of several on one level."""
    unit = lines.units[at]
    link = heading_link(unit.title)
    depth = heading_level(unit)
    if link is None or (before.last is not None and not depth <= before.last.level):
        return None
    titled = read_titled(link.title) or Titled(link.title, link.authors, sure=False)
    found = Section(PaperForm.LINK, link.reference, titled.title, titled.authors, level=depth)
    found.mark([at], Role.TITLE)
    _below_head(lines, found)
    return found


def heading_level(unit: Unit) -> int:
    """How deep a heading is."""
    return len(unit.text) - len(unit.text.lstrip("#"))


def repeats(unit: Unit, before: Before) -> bool:
    """Whether this is the reference of the paper that has just begun: `| 2005.04862`."""
    current = before.current
    return (
        unit.look is REFERENCE
        and current is not None
        and current.reference == unit.reference
        and not current.said
    )


def _reference(lines: Lines, at: int, before: Before) -> Section | None:
    reference = lines.units[at].reference
    current = before.current
    titled = lines.titled(lines.next(at + 1))
    arxiv = isinstance(reference, ArxivReference)
    if titled is not None:
        begins = titled[0].sure or current is None or arxiv
    elif lines.digest:
        begins = arxiv or current is None
    else:
        begins = current is None or (not current.said and not current.title)
    if not begins:
        return None
    found = Section(PaperForm.URL, reference)
    found.mark([at], Role.REFERENCE)
    return found


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
    like = last.form in (PaperForm.TITLE_URL, PaperForm.LINK)
    return like and (not last.said or (unit.numbered and last.numbered))


def _title_first(lines: Lines, at: int, before: Before) -> Section | None:
    """A title line above its URL; in a weekly post also a sure title without any URL."""
    titled = lines.titled(at)
    last = titled[1] if titled else at
    below = lines.next(last + 1)
    text = lines.units[at].text
    sure = titled is not None and titled[0].sure
    if below is not None and lines.units[below].look is REFERENCE:
        near = below - last == 1 or titled is not None
        fresh = lines.digest or before.last is None
        titled_below = lines.titled(lines.next(below + 1)) is not None
        if near and (sure or is_title_like(text)) and fresh and not titled_below:
            told = titled[0] if titled else Titled(plain_title(text), (), sure=False)
            return _title_above(lines, range(at, last + 1), below, told)
    if titled is not None and sure and lines.digest and not has_cjk(titled[0].title):
        found = Section(PaperForm.NO_URL, None, titled[0].title, titled[0].authors)
        found.mark(range(at, last + 1), Role.TITLE)
        return found
    return None


def _title_above(lines: Lines, title: range, below: int, titled: Titled) -> Section:
    found = Section(
        PaperForm.TITLE_URL_LINES, lines.units[below].reference, titled.title, titled.authors
    )
    found.mark(title, Role.TITLE)
    found.mark([below], Role.REFERENCE)
    return found


def _one_line(lines: Lines, at: int) -> Section | None:
    """The first line of a note: `URL text` or `Title (URL) text`."""
    text = lines.units[at].text
    if (url := url_and_text(text)) is not None:
        reference, length = url
        lines.split(at, length, reference)
        rest = lines.units[at + 1].text
        found = Section(PaperForm.URL_TEXT, reference)
        found.mark([at], Role.REFERENCE)
        titled = read_titled(rest)
        if titled is None and is_title_like(rest) and rest.startswith(lines.name[:20]):
            titled = Titled(plain_title(rest), (), sure=False)
        if titled:
            found.entitle(titled)
            found.mark([at + 1], Role.TITLE)
        return found
    running = title_and_rest(text) if not lines.digest else None
    if running is not None and is_title_like(running[0]):
        found = Section(PaperForm.RUNNING, running[1], running[0], said=[at])
        found.mark([at], Role.TAKE)
        return found
    return None


def _below_head(lines: Lines, found: Section) -> None:
    """Title, second title, repeated id and abstract right below a paper's reference."""
    while (here := lines.next(found.after)) is not None and here - found.after <= 3:
        unit = lines.units[here]
        if found.said:
            return
        if unit.look is REFERENCE and unit.reference == found.reference:
            found.mark([here], Role.REFERENCE)
        elif unit.look is QUOTE and not found.abstract:
            _abstract(lines, here, found)
        elif not _title_below(lines, here, found):
            return


def _title_below(lines: Lines, here: int, found: Section) -> bool:
    """Take the title at a line below the reference, if there is one, into the head."""
    titled = lines.titled(here)
    if titled is None and not found.title and lines.is_own_name(here):
        titled = Titled(plain_title(lines.units[here].text), (), sure=False), here
    if titled is None or (found.title and found.authors not in ((), titled[0].authors)):
        return False
    if found.title and _has_url_below(lines, titled[1]):
        return False
    found.entitle(titled[0])
    found.mark(range(here, titled[1] + 1), Role.TITLE)
    return True


def _has_url_below(lines: Lines, last: int) -> bool:
    """Whether the title that ends here is that of another paper."""
    below = lines.next(last + 1)
    return below == last + 1 and lines.units[below].look is REFERENCE


def _abstract(lines: Lines, at: int, found: Section) -> None:
    end = at
    while end < len(lines.units) and lines.units[end].look is QUOTE:
        end += 1
    found.mark(range(at, end), Role.ABSTRACT)
    quoted = [lines.units[line].text.lstrip(">") for line in range(at, end)]
    found.abstract = " ".join(" ".join(quoted).split())
