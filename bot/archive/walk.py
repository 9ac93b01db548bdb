"""Walking over a file's lines: where a paper begins, what is its title, what was said about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.archive.lines import Lines, links_in
from bot.archive.model import (
    ArchivedEntry,
    ArchivedTake,
    Block,
    Form,
    PaperReference,
    Role,
    Slice,
)
from bot.archive.said import takes_of
from bot.archive.titles import Titled, has_cjk, is_title_like, plain_title, read_titled
from bot.archive.units import Look, Unit, title_and_rest, url_and_text
from bot.model.reference import ArxivReference


@dataclass(slots=True)
class Open:
    """The entry that is being read; `said` are the lines of its takes."""

    form: Form
    reference: PaperReference | None
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    numbered: bool = False
    said: list[int] = field(default_factory=list)


class Walk:
    """One pass over the units of a file. After `run`: `entries`, `tags`, `blocks()`, `intro()`."""

    def __init__(
        self, text: str, units: list[Unit], *, name: str, digest: bool, first: Unit | None
    ) -> None:
        self.text = text
        self.units = list(units)
        self.lines = Lines(text, self.units, name=name, digest=digest)
        self.name = name
        self.digest = digest
        self.roles = [Role.BLANK] * len(self.units)
        self.owners: list[int | None] = [None] * len(self.units)
        self.opened: list[Open] = []
        self.entries: list[ArchivedEntry] = []
        self.tags: list[str] = []
        self.heading = first if first is not None and first.look is Look.HEADING else None
        self.current: int | None = None

    def run(self) -> None:
        at = 0
        while at < len(self.units):
            at = self._step(at)
        self._closing_tags()
        if not self.opened and not self.digest:
            self._running_link()
        if self.digest:
            self._sections()
        self._finish()

    def blocks(self) -> Iterator[Block]:
        """Runs of units of one role and entry; they cover the text."""
        start = 0
        for at, unit in enumerate(self.units):
            after = at + 1
            if after == len(self.units) or (self.roles[after], self.owners[after]) != (
                self.roles[at],
                self.owners[at],
            ):
                yield Block(self.units[start].start, unit.end, self.roles[at], self.owners[at])
                start = after

    def intro(self) -> str:
        """The prose before the first paper."""
        before = [
            self.text[unit.start : unit.end]
            for at, unit in enumerate(self.units[: self._first_head()])
            if self.roles[at] in {Role.PROSE, Role.BLANK}
        ]
        return "".join(before).strip()

    def _first_head(self) -> int:
        for at, owner in enumerate(self.owners):
            if owner is not None:
                return at
        return len(self.units)

    def _step(self, at: int) -> int:
        unit = self.units[at]
        if unit.look is Look.BLANK:
            return at + 1
        if unit.look in {Look.HEADING, Look.RULE}:
            return self._heading(at)
        if unit.look in {Look.OPEN, Look.CLOSE}:
            role = Role.OPEN if unit.look is Look.OPEN else Role.CLOSE
            if self.current is None:
                role = Role.PROSE
            self._mark(at, role)
            return at + 1
        after = self._head(at) if unit.look in {Look.REFERENCE, Look.TITLED, Look.TEXT} else None
        if after is not None:
            return self._below_head(after)
        role = Role.TAKE if self.current is not None else Role.PROSE
        if unit.look is Look.TAGS:
            role = Role.TAGS
        self._mark(at, role)
        if role is Role.TAKE and self.current is not None:
            self.opened[self.current].said.append(at)
        return at + 1

    def _heading(self, at: int) -> int:
        unit = self.units[at]
        inside = self.current is not None and not self.digest and self.opened[self.current].said
        if inside and unit.look is Look.HEADING:
            # A heading within the text of a single note belongs to that text.
            self._mark(at, Role.TAKE)
            self.opened[self.current or 0].said.append(at)
            return at + 1
        titled = None if unit.look is Look.RULE else self._heading_with_paper(at)
        if titled is None:
            self.roles[at] = Role.RULE if unit.look is Look.RULE else Role.HEADING
            if self.digest or unit.look is Look.HEADING:
                self.current = None if self.digest else self.current
            return at + 1
        return self._below_head(titled)

    def _heading_with_paper(self, at: int) -> int | None:
        """`## Title` above a URL line, `## [Title](URL)`: a paper with a heading for a title."""
        unit = self.units[at]
        if unit is self.heading and self.digest:
            return None
        below = self.lines.next(at + 1)
        if below is None or self.units[below].look is not Look.REFERENCE or below - at > 2:
            return None
        if self.lines.titled(self.lines.next(below + 1)) is not None:
            return None
        if self.opened and not self.digest:
            return None
        titled = read_titled(unit.title)
        title, authors = (titled.title, titled.authors) if titled else (plain_title(unit.title), ())
        self._open(at, Form.TITLE_URL_LINES, self.units[below].reference, title, authors)
        self._mark(at, Role.TITLE)
        self._mark(below, Role.REFERENCE)
        return below + 1

    def _head(self, at: int) -> int | None:
        """If a paper begins here: the unit after its head. Otherwise None."""
        unit = self.units[at]
        if unit.look is Look.REFERENCE:
            return self._reference(at)
        if unit.look is Look.TITLED:
            if self.digest or self._list_goes_on(unit):
                self._open(
                    at, Form.LINK if unit.masked else Form.TITLE_URL, unit.reference, unit.title
                )
                self.opened[-1].numbered = unit.numbered
                self._mark(at, Role.REFERENCE)
                return at + 1
            return None
        return self._title_first(at) or (None if self.opened else self._one_line(at))

    def _list_goes_on(self, unit: Unit) -> bool:
        """In a note: the first paper, or one of a list of which all have been of this form."""
        if not self.opened:
            return True
        last = self.opened[-1]
        like = last.form in {Form.TITLE_URL, Form.LINK}
        return like and (not last.said or (unit.numbered and last.numbered))

    def _reference(self, at: int) -> int | None:
        unit = self.units[at]
        reference = unit.reference
        current = self.opened[self.current] if self.current is not None else None
        if current is not None and current.reference == reference and not current.said:
            self._mark(at, Role.REFERENCE)  # `| 2005.04862` below the title
            return at + 1
        titled = self.lines.titled(self.lines.next(at + 1))
        arxiv = isinstance(reference, ArxivReference)
        if titled is not None:
            begins = titled[0].sure or current is None or arxiv
        elif self.digest:
            begins = arxiv or current is None
        else:
            begins = current is None or (not current.said and not current.title)
        if not begins:
            return None
        self._open(at, Form.URL, reference)
        self._mark(at, Role.REFERENCE)
        return at + 1

    def _title_first(self, at: int) -> int | None:
        """A title line above its URL; in a weekly post also a sure title without any URL."""
        titled = self.lines.titled(at)
        last = titled[1] if titled else at
        below = self.lines.next(last + 1)
        text = self.units[at].text
        if below is not None and self.units[below].look is Look.REFERENCE:
            near = below - last == 1 or titled is not None
            like_title = (titled is not None and titled[0].sure) or is_title_like(text)
            fresh = self.digest or not self.opened
            titled_below = self.lines.titled(self.lines.next(below + 1)) is not None
            if near and like_title and fresh and not titled_below:
                title, authors = (
                    (titled[0].title, titled[0].authors) if titled else (plain_title(text), ())
                )
                self._open(at, Form.TITLE_URL_LINES, self.units[below].reference, title, authors)
                for line in range(at, last + 1):
                    self._mark(line, Role.TITLE)
                self._mark(below, Role.REFERENCE)
                return below + 1
        if titled is not None and titled[0].sure and self.digest and not has_cjk(titled[0].title):
            self._open(at, Form.NO_URL, None, titled[0].title, titled[0].authors)
            for line in range(at, last + 1):
                self._mark(line, Role.TITLE)
            return last + 1
        return None

    def _one_line(self, at: int) -> int | None:
        """The first line of a note: `URL text` or `Title (URL) text`."""
        unit = self.units[at]
        found = url_and_text(unit.text)
        if found is not None:
            reference, length = found
            middle = self.text.index(unit.text, unit.start) + length
            rest = Unit(middle, unit.end, unit.text[length:].strip(), Look.TEXT)
            self.units[at] = Unit(unit.start, middle, unit.text[:length], Look.REFERENCE, reference)
            self.units.insert(at + 1, rest)
            self.roles.insert(at + 1, Role.BLANK)
            self.owners.insert(at + 1, None)
            titled = read_titled(rest.text)
            if titled is None and is_title_like(rest.text) and rest.text.startswith(self.name[:20]):
                titled = Titled(plain_title(rest.text), (), sure=False)
            self._open(at, Form.URL_TEXT, reference)
            self._mark(at, Role.REFERENCE)
            if titled:
                self._name(titled)
                self._mark(at + 1, Role.TITLE)
                return at + 2
            return at + 1
        running = title_and_rest(unit.text) if not self.digest else None
        if running is not None and is_title_like(running[0]):
            self._open(at, Form.RUNNING, running[1], running[0])
            self._mark(at, Role.TAKE)
            self.opened[-1].said.append(at)
            return at + 1
        return None

    def _below_head(self, at: int) -> int:
        """Title, second title, repeated id and abstract right below a paper's reference."""
        entry = self.opened[-1]
        while (here := self.lines.next(at)) is not None and here - at <= 3 and not entry.said:
            unit = self.units[here]
            if unit.look is Look.REFERENCE and unit.reference == entry.reference:
                self._mark(here, Role.REFERENCE)
                at = here + 1
                continue
            if unit.look is Look.QUOTE and not entry.abstract:
                at = self._abstract(here)
                continue
            found = self.lines.titled(here)
            if found is None and not entry.title and self.lines.is_own_name(here):
                found = Titled(plain_title(unit.text), (), sure=False), here
            if found is None or (entry.title and not self._same_authors(entry, found[0])):
                break
            if self._another(found[1]):
                break
            self._name(found[0])
            for line in range(here, found[1] + 1):
                self._mark(line, Role.TITLE)
            at = found[1] + 1
        return at

    def _another(self, last: int) -> bool:
        """Whether the title that ends here has a URL of its own below it."""
        below = self.lines.next(last + 1)
        if below is None or below - last > 1 or self.opened[-1].title == "":
            return False
        return self.units[below].look is Look.REFERENCE

    @staticmethod
    def _same_authors(entry: Open, titled: Titled) -> bool:
        return not entry.authors or entry.authors == titled.authors

    def _abstract(self, at: int) -> int:
        lines: list[str] = []
        while at < len(self.units) and self.units[at].look is Look.QUOTE:
            lines.append(self.units[at].text.lstrip(">").strip())
            self._mark(at, Role.ABSTRACT)
            at += 1
        self.opened[-1].abstract = " ".join(" ".join(lines).split())
        return at

    def _closing_tags(self) -> None:
        """Tags at the very end: a weekly post's are its own, a note's go with its takes."""
        at = len(self.units) - 1
        while at >= 0 and self.units[at].look in {Look.BLANK, Look.TAGS}:
            at -= 1
        for line in range(at + 1, len(self.units)):
            if self.units[line].look is Look.TAGS:
                self.tags += [tag.rstrip(",") for tag in self.units[line].text.split()]
        closing = range(at + 1, len(self.units))
        for line, unit in enumerate(self.units):
            owner = self.owners[line]
            if unit.look is not Look.TAGS or self.roles[line] is not Role.TAGS or owner is None:
                continue
            if self.digest and line in closing:
                self.owners[line] = None
            else:
                self.opened[owner].said.append(line)

    def _running_link(self) -> None:
        """A note without a paper, but with one link in its text, is about that link.

        Of several, the one is meant that stands behind the note's own name.
        """
        lines = [at for at, unit in enumerate(self.units) if unit.look is not Look.BLANK]
        named: list[PaperReference] = []
        every: list[PaperReference] = []
        for at in lines:
            here = links_in(self.units[at].text)
            every += [reference for reference in here if reference not in every]
            start = self.units[at].text.lstrip("-*+• \t").casefold()
            if here and len(self.name) > 2 and start.startswith(self.name.casefold()):
                named.append(here[0])
        chosen = every if len(every) == 1 else named
        if len(chosen) != 1:
            return
        self._open(lines[0], Form.RUNNING, chosen[0], "")
        for at in lines:
            if self.roles[at] in {Role.PROSE, Role.TAGS}:
                self._mark(at, Role.TAGS if self.roles[at] is Role.TAGS else Role.TAKE)
                self.opened[-1].said.append(at)

    def _sections(self) -> None:
        """In a weekly post, a short line without a full stop between two papers is a heading."""
        for number, entry in enumerate(self.opened[:-1]):
            if self.opened[number + 1].form is Form.URL:
                continue
            for place, at in enumerate(entry.said):
                if place and self.lines.is_section(at):
                    for line in entry.said[place:]:
                        self.roles[line], self.owners[line] = Role.PROSE, None
                    del entry.said[place:]
                    break

    def _finish(self) -> None:
        for number, opened in enumerate(self.opened):
            said = self._with_marks(number, opened)
            takes: list[ArchivedTake] = []
            for lines, language in takes_of([(at, self.units[at]) for at in said]):
                slices = tuple(
                    Slice(*span) for span in self.lines.slices(lines) if span[0] < span[1]
                )
                if slices:
                    takes.append(ArchivedTake(slices, language))
            self.entries.append(
                ArchivedEntry(
                    form=opened.form,
                    reference=opened.reference,
                    title=opened.title,
                    authors=opened.authors,
                    abstract=opened.abstract,
                    takes=tuple(takes) if opened.reference is not None else (),
                )
            )
            if opened.reference is None:
                for at in opened.said:
                    self.roles[at] = Role.PROSE

    def _with_marks(self, number: int, opened: Open) -> list[int]:
        marks = [
            at
            for at, role in enumerate(self.roles)
            if role in {Role.OPEN, Role.CLOSE} and self.owners[at] == number
        ]
        return sorted([*opened.said, *marks])

    def _open(
        self,
        at: int,
        form: Form,
        reference: PaperReference | None,
        title: str = "",
        authors: tuple[str, ...] = (),
    ) -> None:
        self.opened.append(Open(form, reference, title, authors))
        self.current = len(self.opened) - 1
        self.owners[at] = self.current

    def _name(self, titled: Titled) -> None:
        entry = self.opened[-1]
        if not entry.title:
            entry.title, entry.authors = titled.title, titled.authors
        elif not entry.authors:
            entry.authors = titled.authors
        if entry.form is Form.URL:
            entry.form = Form.URL_TITLE

    def _mark(self, at: int, role: Role) -> None:
        self.roles[at] = role
        self.owners[at] = self.current
