"""Where phrases stand in a text, and the part of the text that is worth showing for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from bot.text.bigrams import Phrase, located, pieces
from bot.text.graphemes import ends, shorten

Spot = tuple[int, int]
"""Where something begins and ends."""

WIDTH = 240
"""Characters of a snippet."""
_BEFORE = 0.3  # of a snippet may stand before the first word that was asked for
_BLANKS = regex.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a snippet; `asked` if it is what was asked for."""

    text: str
    asked: bool = False


Snippet = tuple[Part, ...]


def holds(text: str, phrases: Sequence[Phrase]) -> list[bool]:
    """For each phrase whether it stands in `text`.

    What an index finds by the same pieces, with nothing false: an index may have forgotten the
    places of the words of a very long text.
    """
    if not phrases:
        return []
    # Between blanks as in a sentence without any sign: a piece holds none.
    words = f" {' '.join(pieces(text))} "
    return [
        f" {' '.join(phrase.pieces)}{'' if phrase.prefix else ' '}" in words for phrase in phrases
    ]


def find(text: str, phrases: Sequence[Phrase]) -> list[list[Spot]]:
    """For each phrase the places at which it stands in `text`, in order."""
    if not phrases:
        return []
    seen: list[str] = []
    spots: list[Spot] = []
    places: dict[str, list[int]] = defaultdict(list)
    wanted = {phrase.pieces[0] for phrase in phrases if len(phrase.pieces) > 1 or not phrase.prefix}
    begins = tuple(phrase.pieces[0] for phrase in phrases if len(phrase.pieces) == 1)
    for piece, start, end in located(text):
        if piece in wanted or piece.startswith(begins):
            places[piece].append(len(seen))
        seen.append(piece)
        spots.append((start, end))
    return [_places(seen, spots, places, phrase) for phrase in phrases]


def _places(
    seen: list[str], spots: list[Spot], places: dict[str, list[int]], phrase: Phrase
) -> list[Spot]:
    first, size = phrase.pieces[0], len(phrase.pieces)
    if size == 1 and phrase.prefix:
        starts = sorted(
            at for piece, its in places.items() if piece.startswith(first) for at in its
        )
    else:
        starts = places.get(first, [])
    found: list[Spot] = []
    whole = list(phrase.pieces)
    for at in starts:
        here = seen[at : at + size]
        if here[:-1] == whole[:-1] and (
            here[-1:] == whole[-1:]
            or (phrase.prefix and len(here) == size and here[-1].startswith(whole[-1]))
        ):
            found.append((spots[at][0], spots[at + size - 1][1]))
    return found


def snippet(text: str, spots: Sequence[Spot], width: int = WIDTH) -> Snippet:
    """The part of `text` around the first of these places, on one line, what was asked marked.

    At most about `width` characters, cut between words where there are any, else between
    graphemes.
    """
    marks = _merged(spots)
    start = _start(text, marks[0][0] if marks else 0, width)
    stop = min(len(text), start + width)
    if stop < len(text):
        stop = start + len(shorten(text[start : stop + 1], width, ""))
    parts: list[Part] = [Part("…")] if start else []
    at = start
    for begin, end in marks:
        begin, end = max(begin, at), min(end, stop)
        if begin >= end:
            continue
        parts += [Part(text[at:begin]), Part(text[begin:end], asked=True)]
        at = end
    parts.append(Part(text[at:stop]))
    if stop < len(text.rstrip()):
        parts.append(Part("…"))
    tidy = (Part(_BLANKS.sub(" ", part.text), part.asked) for part in parts)
    return tuple(part for part in tidy if part.text)


def _merged(spots: Sequence[Spot]) -> list[Spot]:
    merged: list[Spot] = []
    for begin, end in sorted(spots):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _start(text: str, first: int, width: int) -> int:
    """Where a snippet begins: a bit before the first word asked for, at a word's beginning."""
    if first <= width * _BEFORE:
        return 0
    early = first - int(width * _BEFORE)
    if blank := _BLANKS.search(text, early, first):
        return blank.end()
    # No blank, as in Chinese: a grapheme's end. Clusters are counted from a little before.
    for end in ends(text, max(early - 40, 0), first):
        if end >= early:
            return end
    return first
