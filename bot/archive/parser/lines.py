"""The lines of a file with what can be told of each by looking at its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.archive.parser.lexer import BLANK, REFERENCE, TEXT, Unit, resolve
from bot.archive.parser.model import PaperReference
from bot.archive.parser.titles import Titled, plain_title, read_titled

_WRAPPED = 4
"""Lines that a title with its authors may be broken into."""
_LINK = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)
_SHOWN_URL = re.compile(r"\[(https?://[^\]\s]{1,500})\]\([^)\s]{1,2000}\)")
_SECTION_LIMIT = 40
_SENTENCE_END = re.compile(r"[.!?…。)~:;,]$|(?:다|요|음|듯|네|함|임|됨)$")


@dataclass(slots=True)
class Lines:
    """Units with their text; `name` is the file's title, `digest` whether it is a weekly post."""

    text: str
    units: list[Unit]
    name: str
    digest: bool
    _read: dict[str, Titled | None] = field(default_factory=dict)
    """What was told of texts: a line is looked at by each of the ways in which a paper begins."""

    def titled(self, at: int | None) -> tuple[Titled, int] | None:
        """A title with authors that begins here, and its last line; it may be wrapped."""
        if at is None or self.units[at].look is not TEXT:
            return None
        first = self.units[at]
        if "(" not in first.text and self.text[first.end : first.end + 2] != "  ":
            return None
        joined = ""
        for line in range(at, min(at + _WRAPPED, len(self.units))):
            unit = self.units[line]
            if unit.look is not TEXT:
                return None
            joined = f"{joined} {unit.text}" if joined else unit.text
            if titled := self._titled(joined):
                if line == at and titled.authors and not titled.sure and "(" not in unit.text:
                    return None
                return titled, line
            following = self.text[unit.end : unit.end + 2]
            unbalanced = joined.count("(") > joined.count(")")
            if not (following == "  " or unbalanced):
                return None
        return None

    def _titled(self, text: str) -> Titled | None:
        if text not in self._read:
            self._read[text] = read_titled(text)
        return self._read[text]

    def next(self, at: int) -> int | None:
        """The next unit that is not blank."""
        units = self.units
        while at < len(units):
            if units[at].look is not BLANK:
                return at
            at += 1
        return None

    def split(self, at: int, length: int, reference: PaperReference) -> None:
        """Make two units of one that begins with a URL of `length` characters."""
        unit = self.units[at]
        middle = self.text.index(unit.text, unit.start) + length
        self.units[at : at + 1] = [
            Unit(unit.start, middle, unit.text[:length], REFERENCE, reference),
            Unit(middle, unit.end, unit.text[length:].strip(), TEXT),
        ]

    def ends_paragraph(self, at: int) -> bool:
        return at + 1 == len(self.units) or self.units[at + 1].look is not TEXT

    def is_own_name(self, at: int) -> bool:
        """Whether a line under a URL is the title: in italics, or with the file's name first."""
        unit = self.units[at]
        if unit.look is not TEXT or len(unit.text) > 300 or self.digest:
            return False
        if not self.ends_paragraph(at):
            return False
        name = self.name.casefold()
        plain = plain_title(unit.text)
        return plain != unit.text or (len(name) > 2 and plain.casefold().startswith(name))

    def is_section(self, at: int) -> bool:
        text = self.units[at].text
        alone = self.units[at - 1].look is BLANK and self.ends_paragraph(at)
        if not alone or len(text) > _SECTION_LIMIT or self.units[at].look is not TEXT:
            return False
        return "://" not in text and not _SENTENCE_END.search(text)

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
        return all(unit.look is BLANK for unit in self.units[start:end])


def links_in(text: str) -> list[PaperReference]:
    """The papers and pages linked in a line; of `[URL](other URL)` only what it shows."""
    urls = _LINK.findall(_SHOWN_URL.sub(r"\1", text))
    found = (resolve(url.rstrip(".,;:!?")) for url in dict.fromkeys(urls))
    return list(dict.fromkeys(reference for reference in found if reference is not None))
