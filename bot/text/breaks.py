"""Where Discord-Markdown text may be cut, and what has to be closed and reopened there."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from bot.text.scan import MarkupSpan, SpanKind, fence_language, scan
from bot.text.sentences import boundaries

PARAGRAPH, LINE, SENTENCE, WORD = range(4)

# Blanks, and places without one where Chinese, Japanese and Korean sentences and clauses end.
_BLANKS: Final = re.compile(r"\s+|(?<=[、，；：。！？．｡.!?」』）】》〉”’])(?=[^\s\x00-\x7f])")
_CODE_BLANKS: Final = re.compile(r"\n|[^\S\n]+")
_QUOTE: Final = re.compile(r"[ ]*(>>> |> )")
_HEADING: Final = re.compile(r"#{1,3} \s*\S")
_BLOCK: Final = re.compile(r"(?:>>> |> )?(?:[-*+] |\d{1,9}[.)] |#{1,3} |-# )?")


class Break(NamedTuple):
    """A cut: the text before `end` and from `start` on stays; between is whitespace or nothing."""

    end: int
    start: int


class Marks(NamedTuple):
    """What closes the formatting open at an offset and reopens it after.

    `indent` characters of the next text (a list's or quote's sign) stand before what reopens.
    """

    closing: str
    opening: str
    indent: int


class _Line(NamedTuple):
    start: int
    end: int
    sign: str


_NONE: Final = Marks("", "", 0)


class Map:
    """The places of one text, for messages of `limit` code points. Made in linear time.

    `breaks[level]` holds the cuts of that level and those above it, ascending.
    """

    def __init__(self, text: str, limit: int) -> None:
        self.text = text
        self.limit = limit
        self._quotes: list[_Line] = []
        self._headings: list[_Line] = []
        # Code and emphasis longer than a message, by marker; those of one marker never overlap.
        self._reopened: dict[str, list[MarkupSpan]] = {}
        spans = scan(text).spans
        self._fences = [span for span in spans if span.kind is SpanKind.FENCE]
        self._read_lines()
        self._solids = _merge(self._solid_spans(spans))
        self.breaks = self._levels()

    def torn(self, end: int, start: int) -> bool:
        """Whether a cut that leaves out `text[end:start]` would tear something solid."""
        index = bisect_left(self._solids, (start, -1)) - 1
        return index >= 0 and end < self._solids[index][1]

    def in_code(self, offset: int) -> bool:
        """Whether a cut before `offset` reopens code, where every blank counts."""
        return self._code_at(offset) and self.marks(offset) is not _NONE

    def marks(self, offset: int) -> Marks:
        """What a cut before `offset` needs; nothing at all where it would fill the message."""
        line_start = self._begins_line(offset)
        quote = self._quote_at(offset)
        open_spans = self._open_at(offset)
        opening, closing = "", ""
        for span in open_spans:
            if span.kind is SpanKind.FENCE:
                sign = self._quote_at(span.start + 1) if not quote.startswith(">>>") else ""
                language = fence_language(self.text, span)
                first, then = (sign, "") if line_start else ("", sign)
                opening += f"{first}```{language}\n{then}"
                closing = f"\n{sign}```" + closing
            else:
                opening += span.marker
                closing = span.marker + closing
        opening = quote + opening
        if max(len(opening), len(closing)) > self.limit // 3:
            return _NONE
        indent = 0
        if line_start and open_spans and not quote and not self._code_at(offset):
            block = _BLOCK.match(self.text, offset)
            indent = block.end() - offset if block else 0
        return Marks(closing, opening, indent)

    def _code_at(self, offset: int) -> bool:
        return any(span.kind is not SpanKind.EMPHASIS for span in self._open_at(offset))

    def _begins_line(self, offset: int) -> bool:
        start = offset
        while start > 0 and self.text[start - 1] in " \t":
            start -= 1
        return start == 0 or self.text[start - 1] == "\n"

    def _open_at(self, offset: int) -> list[MarkupSpan]:
        """The reopened spans around `offset`, outermost first."""
        found = []
        for spans in self._reopened.values():
            index = bisect_left(spans, offset, key=lambda span: span.start) - 1
            if index >= 0 and offset < spans[index].end:
                found.append(spans[index])
        return sorted(found, key=lambda span: span.start)

    def _quote_at(self, offset: int) -> str:
        """The sign that a piece beginning at `offset` lacks to stay in its quote."""
        index = bisect_left(self._quotes, offset, key=lambda quote: quote.start) - 1
        if index >= 0 and offset < self._quotes[index].end:
            return self._quotes[index].sign
        return ""

    def _read_lines(self) -> None:
        """Finds quotes and headings, outside of fences."""
        position, fence = 0, 0
        while position < len(self.text):
            end = self.text.find("\n", position)
            end = len(self.text) if end < 0 else end
            while fence < len(self._fences) and self._fences[fence].end <= position:
                fence += 1
            in_fence = fence < len(self._fences) and self._fences[fence].start < position
            if not in_fence and (quote := _QUOTE.match(self.text, position)):
                if quote[1] == ">>> ":
                    self._quotes.append(_Line(position, len(self.text), quote[1]))
                    return
                self._quotes.append(_Line(position, end, quote[1]))
            elif in_fence and self._quotes and self.text.startswith("> ", position):
                self._quotes.append(_Line(position, end, "> "))
            elif not in_fence and _HEADING.match(self.text, position, end):
                self._headings.append(_Line(position, end, "#"))
            position = end + 1

    def _solid_spans(self, spans: Sequence[MarkupSpan]) -> Iterator[tuple[int, int]]:
        """What is never torn: whole spans where they fit, else the ends of reopened ones."""
        for heading in self._headings:
            if heading.end - heading.start <= self.limit:
                yield heading.start, heading.end
        outer: list[MarkupSpan] = []
        for span in spans:
            outer = [other for other in outer if span.start < other.end]
            around = sum(2 * len(other.marker) + 24 for other in outer)
            around += len(self._quote_at(span.start + 1))
            if span.end - span.start + around <= self.limit:
                yield span.start, span.end
            elif span.marker:
                outer.append(span)
                self._reopened.setdefault(span.marker, []).append(span)
                yield from self._rims(span)

    def _rims(self, span: MarkupSpan) -> Iterator[tuple[int, int]]:
        opener = len(span.marker)
        if span.kind is SpanKind.FENCE and (language := fence_language(self.text, span)):
            opener += len(language) + 1
        first, last = span.start + opener, span.end - len(span.marker)
        while first < last and self.text[first].isspace():
            first += 1
        while last > first and self.text[last - 1].isspace():
            last -= 1
        yield span.start, first + 1
        yield last - 1, span.end

    def _levels(self) -> tuple[list[Break], ...]:
        levels: tuple[list[Break], ...] = ([], [], [], [])
        sentences = {start for _, start in boundaries(self.text)}
        headings = iter(self._headings)
        heading = next(headings, None)
        for level, cut in self._candidates(sentences):
            while heading and heading.end < cut.end:
                heading = next(headings, None)
            if heading and heading.end == cut.end:
                continue  # a heading stays with what it heads
            if self.torn(*cut):
                continue
            if level >= SENTENCE and (block := _BLOCK.match(self.text, cut.start)) and block[0]:
                continue  # a sign in running text would become a list, quote or heading
            for finer in range(level, WORD + 1):
                levels[finer].append(cut)
        return levels

    def _candidates(self, sentences: set[int]) -> Iterator[tuple[int, Break]]:
        """All cuts with their levels, ascending."""
        position = 0
        code = sorted(
            (span.start, span.end)
            for spans in self._reopened.values()
            for span in spans
            if span.kind is not SpanKind.EMPHASIS
        )
        for start, end in [*code, (len(self.text), len(self.text))]:
            yield from self._prose(position, start, sentences)
            yield from self._code(start, end)
            position = end

    def _prose(self, start: int, end: int, sentences: set[int]) -> Iterator[tuple[int, Break]]:
        for match in _BLANKS.finditer(self.text, start, end):
            cut = Break(*match.span())
            lines = match[0].count("\n")
            if lines:
                yield (PARAGRAPH if lines > 1 else LINE), cut
            else:
                yield (SENTENCE if cut.start in sentences else WORD), cut

    def _code(self, start: int, end: int) -> Iterator[tuple[int, Break]]:
        for match in _CODE_BLANKS.finditer(self.text, start, end):
            if match[0] == "\n":
                yield LINE, Break(match.start(), match.end())
            else:
                yield WORD, Break(match.end(), match.end())


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of the spans, disjoint and ascending; those that only touch stay apart."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
