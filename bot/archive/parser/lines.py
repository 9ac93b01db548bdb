"""The lines of a file with what can be told of each by looking at its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bot.archive.parser.authors import names_line
from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.model import PaperReference
from bot.archive.parser.titles import (
    Titled,
    has_cjk,
    is_no_title,
    is_sentence,
    is_title_like,
    is_titled_case,
    plain_title,
    read_titled,
    unnumbered,
)

_WRAPPED = 4
"""Lines that a title with its authors may be broken into."""
_NEAR = 3
"""Lines from one line to the next that still belongs to it."""


@dataclass
class Lines:
    """Units with their text; `name` is the file's title, `digest` whether it is a weekly post."""

    text: str
    units: list[Unit]
    name: str
    digest: bool
    _read: dict[tuple[str, bool], Titled | None] = field(default_factory=dict)
    """What was told of texts: a line is looked at by each of the ways in which a paper begins."""

    def look(self, at: int | None) -> Look | None:
        """What a line looks like; None beyond the last."""
        return self.units[at].look if at is not None and at < len(self.units) else None

    def next(self, at: int) -> int | None:
        """The next line that is not blank."""
        units = self.units
        while at < len(units):
            if units[at].look is not Look.BLANK:
                return at
            at += 1
        return None

    def near(self, at: int) -> int | None:
        """The next line that is not blank, if it is near."""
        for line in range(at, min(at + _NEAR, len(self.units))):
            if self.units[line].look is not Look.BLANK:
                return line
        return None

    @cached_property
    def first(self) -> int | None:
        """The first line that is not blank."""
        return self.next(0)

    def begins_paragraph(self, at: int) -> bool:
        return at == 0 or self.units[at - 1].look in (Look.BLANK, Look.HEADING, Look.RULE)

    def ends_paragraph(self, at: int) -> bool:
        return at + 1 == len(self.units) or self.units[at + 1].look is not Look.TEXT

    def is_alone(self, at: int) -> bool:
        """Whether a line is a paragraph by itself: with an address or names right at it at most."""
        above = at == 0 or self.units[at - 1].look is not Look.TEXT
        return above and (self.ends_paragraph(at) or bool(names_line(self.units[at + 1].text)))

    def titled(self, at: int | None, *, placed: bool = False) -> tuple[Titled, int] | None:
        """A title with authors that begins here, and its last line; it may be wrapped.

        `placed`: a title is to be expected here, so that unusual authors are authors too.
        """
        if at is None or self.units[at].look is not Look.TEXT:
            return None
        if "(" not in self.units[at].text and not self._goes_on(at):
            return None
        joined = ""
        for line in range(at, min(at + _WRAPPED, len(self.units))):
            unit = self.units[line]
            if unit.look is not Look.TEXT:
                return None
            joined = f"{joined} {unit.text}" if joined else unnumbered(unit.text)
            if titled := self._titled(joined, placed=placed):
                if line == at and titled.authors and not titled.sure and "(" not in unit.text:
                    return None
                return titled, line
            unbalanced = joined.count("(") > joined.count(")")
            if not (self._goes_on(line) or unbalanced):
                return None
        return None

    def _goes_on(self, at: int) -> bool:
        """Whether the next line goes on with this one: it is indented, or begins with authors."""
        end = self.units[at].end
        return self.text[end : end + 2] == "  " or self.text[end : end + 1] == "("

    def _titled(self, text: str, *, placed: bool) -> Titled | None:
        key = text, placed
        if key not in self._read:
            self._read[key] = read_titled(text, placed=placed)
        return self._read[key]

    def title_alone(self, at: int | None) -> Titled | None:
        """A title without authors: a line by itself that is written as titles are."""
        if at is None or self.units[at].look is not Look.TEXT or not self.is_alone(at):
            return None
        text = unnumbered(self.units[at].text)
        title = plain_title(text)
        in_italics = title != text and len(title) <= 300 and not is_sentence(title)
        own = not self.digest and title.casefold() == self.name.casefold()
        if own or is_titled_case(text) or (in_italics and not is_no_title(title)):
            return Titled(title, (), sure=False)
        return None

    def title_below(self, at: int) -> Titled | None:
        """The same right below an address, where a line that changes to another script, or begins
        with the note's own name, is a title too."""
        if (titled := self.title_alone(at)) is not None:
            return titled
        text = unnumbered(self.units[at].text)
        if self.units[at].look is not Look.TEXT or not self.is_alone(at) or is_sentence(text):
            return None
        title = plain_title(text)
        own = not self.digest and len(self.name) > 2
        if own and len(title) <= 300 and title.casefold().startswith(self.name.casefold()):
            return Titled(title, (), sure=False)
        after = self.next(at + 1)
        changes = self.look(after) is Look.TEXT and has_cjk(self.units[after or 0].text)
        if changes and is_title_like(text) and len(text.split()) > 2 and not text.endswith(")"):
            return Titled(title, (), sure=False)
        return None

    @cached_property
    def titles_stand_above(self) -> bool:
        """Whether this file has its papers' titles above their addresses, as far as that shows."""
        above = below = 0
        for at, unit in enumerate(self.units):
            if unit.look is not Look.REFERENCE:
                continue
            before = at - 1
            while before > 0 and self.units[before].look is Look.BLANK:
                before -= 1
            above += before >= 0 and at - before <= _NEAR and self.title_alone(before) is not None
            after = self.near(at + 1)
            below += after is not None and self.title_alone(after) is not None
        return above >= below

    def split(self, at: int, length: int, reference: PaperReference) -> None:
        """Make two units of one of whose text the first `length` characters are a reference."""
        unit = self.units[at]
        middle = self.text.index(unit.text, unit.start) + length
        self.units[at : at + 1] = [
            Unit(unit.start, middle, unit.text[:length], Look.REFERENCE, reference),
            Unit(middle, unit.end, unit.text[length:].strip(), Look.TEXT),
        ]

    def slices(self, lines: list[int]) -> Iterator[tuple[int, int]]:
        """Runs of lines with nothing but blank ones between them, without blanks around."""
        start = lines[0]
        for place, at in enumerate(lines):
            after = lines[place + 1] if place + 1 < len(lines) else None
            if after is not None and self._only_blank(at + 1, after):
                continue
            low, high = self.units[start].start, self.units[at].end
            piece = self.text[low:high]
            low += len(piece) - len(piece.lstrip("\ufeff \t\r\n\f\v"))
            yield low, max(low, high - (len(piece) - len(piece.rstrip())))
            if after is not None:
                start = after

    def _only_blank(self, start: int, end: int) -> bool:
        return all(unit.look is Look.BLANK for unit in self.units[start:end])
