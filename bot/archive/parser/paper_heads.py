"""Where a paper begins: its reference, its title, what stands right below it."""

from __future__ import annotations

from bot.archive.parser.lexer import (
    QUOTE,
    REFERENCE,
    TEXT,
    TITLED,
    Unit,
    title_and_rest,
    url_and_text,
)
from bot.archive.parser.model import PaperForm, Role
from bot.archive.parser.parser_state import Open, ParserState
from bot.archive.parser.titles import Titled, has_cjk, is_title_like, plain_title, read_titled
from bot.model.reference import ArxivReference


class Heads(ParserState):
    """Recognises the head of a paper at a line. Each method gives the line after it, or None."""

    def heading_with_paper(self, at: int) -> int | None:
        """`## Title` above a URL line, `## [Title](URL)`: a paper with a heading for a title."""
        unit = self.units[at]
        if unit is self.heading and self.digest:
            return None
        below = self.lines.next(at + 1)
        if below is None or self.units[below].look is not REFERENCE or below - at > 2:
            return None
        if self.lines.titled(self.lines.next(below + 1)) is not None:
            return None
        if self.opened and not self.digest:
            return None
        titled = read_titled(unit.title)
        title, authors = (titled.title, titled.authors) if titled else (plain_title(unit.title), ())
        self.open(at, PaperForm.TITLE_URL_LINES, self.units[below].reference, title, authors)
        self.mark(at, Role.TITLE)
        self.mark(below, Role.REFERENCE)
        return below + 1

    def head(self, at: int) -> int | None:
        """If a paper begins here: the unit after its head. Otherwise None."""
        unit = self.units[at]
        if unit.look is REFERENCE:
            return self._reference(at)
        if unit.look is TITLED:
            if self.digest or self._list_goes_on(unit):
                form = PaperForm.LINK if unit.masked else PaperForm.TITLE_URL
                self.open(at, form, unit.reference, unit.title, unit.authors)
                self.opened[-1].numbered = unit.numbered
                self.mark(at, Role.REFERENCE)
                return at + 1
            return None
        return self._title_first(at) or (None if self.opened else self._one_line(at))

    def _list_goes_on(self, unit: Unit) -> bool:
        """In a note: the first paper, or one of a list of which all have been of this form."""
        if not self.opened:
            return True
        last = self.opened[-1]
        like = last.form in (PaperForm.TITLE_URL, PaperForm.LINK)
        return like and (not last.said or (unit.numbered and last.numbered))

    def _reference(self, at: int) -> int | None:
        unit = self.units[at]
        reference = unit.reference
        current = self.opened[self.current] if self.current is not None else None
        if current is not None and current.reference == reference and not current.said:
            self.mark(at, Role.REFERENCE)  # `| 2005.04862` below the title
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
        self.open(at, PaperForm.URL, reference)
        self.mark(at, Role.REFERENCE)
        return at + 1

    def _title_first(self, at: int) -> int | None:
        """A title line above its URL; in a weekly post also a sure title without any URL."""
        titled = self.lines.titled(at)
        last = titled[1] if titled else at
        below = self.lines.next(last + 1)
        text = self.units[at].text
        if below is not None and self.units[below].look is REFERENCE:
            near = below - last == 1 or titled is not None
            like_title = (titled is not None and titled[0].sure) or is_title_like(text)
            fresh = self.digest or not self.opened
            titled_below = self.lines.titled(self.lines.next(below + 1)) is not None
            if near and like_title and fresh and not titled_below:
                title, authors = (
                    (titled[0].title, titled[0].authors) if titled else (plain_title(text), ())
                )
                self.open(
                    at, PaperForm.TITLE_URL_LINES, self.units[below].reference, title, authors
                )
                for line in range(at, last + 1):
                    self.mark(line, Role.TITLE)
                self.mark(below, Role.REFERENCE)
                return below + 1
        if titled is not None and titled[0].sure and self.digest and not has_cjk(titled[0].title):
            self.open(at, PaperForm.NO_URL, None, titled[0].title, titled[0].authors)
            for line in range(at, last + 1):
                self.mark(line, Role.TITLE)
            return last + 1
        return None

    def _one_line(self, at: int) -> int | None:
        """The first line of a note: `URL text` or `Title (URL) text`."""
        unit = self.units[at]
        found = url_and_text(unit.text)
        if found is not None:
            reference, length = found
            middle = self.text.index(unit.text, unit.start) + length
            rest = Unit(middle, unit.end, unit.text[length:].strip(), TEXT)
            self.units[at] = Unit(unit.start, middle, unit.text[:length], REFERENCE, reference)
            self.units.insert(at + 1, rest)
            self.roles.insert(at + 1, Role.BLANK)
            self.owners.insert(at + 1, None)
            titled = read_titled(rest.text)
            if titled is None and is_title_like(rest.text) and rest.text.startswith(self.name[:20]):
                titled = Titled(plain_title(rest.text), (), sure=False)
            self.open(at, PaperForm.URL_TEXT, reference)
            self.mark(at, Role.REFERENCE)
            if titled:
                self.entitle(titled)
                self.mark(at + 1, Role.TITLE)
                return at + 2
            return at + 1
        running = title_and_rest(unit.text) if not self.digest else None
        if running is not None and is_title_like(running[0]):
            self.open(at, PaperForm.RUNNING, running[1], running[0])
            self.mark(at, Role.TAKE)
            self.opened[-1].said.append(at)
            return at + 1
        return None

    def below_head(self, at: int) -> int:
        """Title, second title, repeated id and abstract right below a paper's reference."""
        entry = self.opened[-1]
        while (here := self.lines.next(at)) is not None and here - at <= 3 and not entry.said:
            unit = self.units[here]
            if unit.look is REFERENCE and unit.reference == entry.reference:
                self.mark(here, Role.REFERENCE)
                at = here + 1
                continue
            if unit.look is QUOTE and not entry.abstract:
                at = self._abstract(here)
                continue
            found = self.lines.titled(here)
            if found is None and not entry.title and self.lines.is_own_name(here):
                found = Titled(plain_title(unit.text), (), sure=False), here
            if found is None or (entry.title and not self._same_authors(entry, found[0])):
                break
            if self._another(found[1]):
                break
            self.entitle(found[0])
            for line in range(here, found[1] + 1):
                self.mark(line, Role.TITLE)
            at = found[1] + 1
        return at

    def _another(self, last: int) -> bool:
        """Whether the title that ends here has a URL of its own below it."""
        below = self.lines.next(last + 1)
        if below is None or below - last > 1 or self.opened[-1].title == "":
            return False
        return self.units[below].look is REFERENCE

    @staticmethod
    def _same_authors(entry: Open, titled: Titled) -> bool:
        return not entry.authors or entry.authors == titled.authors

    def _abstract(self, at: int) -> int:
        lines: list[str] = []
        while at < len(self.units) and self.units[at].look is QUOTE:
            lines.append(self.units[at].text.lstrip(">").strip())
            self.mark(at, Role.ABSTRACT)
            at += 1
        self.opened[-1].abstract = " ".join(" ".join(lines).split())
        return at
