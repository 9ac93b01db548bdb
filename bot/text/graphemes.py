"""Grapheme clusters: what a reader takes for one character (Unicode UAX #29, by `regex`'s \\X)."""

from collections.abc import Iterator
from typing import Final

import regex

# \X looks back over a whole run of regional indicators to pair it, which is quadratic in a long
# row of flags; taking the pairs by themselves first keeps the walk linear.
_CLUSTER: Final = regex.compile(
    r"[\U0001F1E6-\U0001F1FF]{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\u200d]*|\X"
)
_ZWJ: Final = "\u200d"
_WORD_END_WITHIN: Final = 0.6  # a word end is preferred if at least this part of the room is used


def ends(text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """The offsets at which the clusters of `text[start:end]` end, ascending.

    `start` is taken for a boundary. The last offset is `end` itself, be it a boundary or not.
    """
    stop = len(text) if end is None else end
    for match in _CLUSTER.finditer(text, start, stop):
        yield match.end()


def count(text: str) -> int:
    """The number of grapheme clusters."""
    return sum(1 for _ in ends(text))


def shorten(text: str, limit: int, ellipsis: str = "…") -> str:
    """`text` in at most `limit` code points, the ellipsis included; whole where it fits.

    Cut at a word's end if that leaves most of the room used, else between graphemes; blanks,
    commas and joiners are not left hanging before the ellipsis. A `limit` too small for the
    ellipsis gives what fits of the text without it.
    """
    if len(text) <= limit:
        return text
    mark = ellipsis if len(ellipsis) <= limit else ""
    room = max(limit - len(mark), 0)
    cut = _last_end(text, room)
    if cut < len(text) and not text[cut].isspace():
        word = _last_word_end(text, cut)
        if word >= room * _WORD_END_WITHIN and word > 0:
            cut = word
    return text[:cut].rstrip().rstrip(_ZWJ + ",;:·、，").rstrip() + mark


def _last_end(text: str, room: int) -> int:
    last = 0
    # One code point more than fits, so that the last end in the room is known for a true one.
    for end in ends(text, 0, room + 1):
        if end > room:
            break
        last = end
    return last


def _last_word_end(text: str, cut: int) -> int:
    for offset in range(cut - 1, 0, -1):
        if text[offset].isspace():
            return offset
    return 0
