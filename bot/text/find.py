"""Where phrases stand in a text, and the part of the text that is worth showing for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from bot.text.bigrams import Phrase, located, pieces, stems
from bot.text.graphemes import ends, shorten
from bot.text.stems import stem, uncased

Spot = tuple[int, int]
"""Where something begins and ends."""

WIDTH = 240
"""Characters of a snippet."""
_BEFORE = 0.3  # of a snippet may stand before the first word that was asked for
_BLANKS = regex.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SnippetPart:
    """A piece of a snippet; `asked` if it is what was asked for."""

    text: str
    asked: bool = False


Snippet = tuple[SnippetPart, ...]


def holds(text: str, phrases: Sequence[Phrase], *, names: bool = False) -> list[bool]:
    """For each phrase whether it, or one that will do as well, stands in `text`; in `names` the
    words have no other forms.

    What an index finds by the same pieces, with nothing false: an index may have forgotten the
    places of the words of a very long text.
    """
    words = _Words(text)
    return [any(words.hold(one, names) for one in (phrase, *phrase.others)) for phrase in phrases]


class _Words:
    """A text's words between blanks, as they stand and in their usual form, made when asked for:
    as in a sentence without any sign, since a piece holds none."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def exact(self) -> str:
        return f" {' '.join(pieces(self.text))} "

    @cached_property
    def usual(self) -> str:
        return f" {' '.join(stems(self.text))} "

    def hold(self, phrase: Phrase, names: bool) -> bool:
        end = "" if phrase.prefix else " "
        if not (phrase.exact or names) and f" {' '.join(phrase.stems)}{end}" in self.usual:
            return True
        as_it_stands = phrase.exact or phrase.cased or names
        return as_it_stands and f" {' '.join(phrase.pieces)}{end}" in self.exact


def find(text: str, phrases: Sequence[Phrase], *, names: bool = False) -> list[list[Spot]]:
    """For each phrase the places at which it, or one that will do as well, stands in `text`, in
    order."""
    if not phrases:
        return []
    exact = list(located(text))
    usual = [(stem(piece), start, end) for piece, start, end in located(uncased(text))]
    found: list[list[Spot]] = []
    for phrase in phrases:
        spots: set[Spot] = set()
        for one in (phrase, *phrase.others):
            if not (one.exact or names):
                spots.update(_places(usual, one.stems, begins=one.prefix))
            if one.exact or one.cased or names:
                spots.update(_places(exact, one.pieces, begins=one.prefix))
        found.append(sorted(spots))
    return found


def _places(
    seen: Sequence[tuple[str, int, int]], asked: Sequence[str], *, begins: bool
) -> list[Spot]:
    *whole, last = asked
    found: list[Spot] = []
    for at in range(len(seen) - len(whole)):
        piece, _, end = seen[at + len(whole)]
        if not (piece.startswith(last) if begins else piece == last):
            continue
        if all(seen[at + index][0] == word for index, word in enumerate(whole)):
            found.append((seen[at][1], end))
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
    parts: list[SnippetPart] = [SnippetPart("…")] if start else []
    at = start
    for begin, end in marks:
        begin, end = max(begin, at), min(end, stop)
        if begin >= end:
            continue
        parts += [SnippetPart(text[at:begin]), SnippetPart(text[begin:end], asked=True)]
        at = end
    parts.append(SnippetPart(text[at:stop]))
    if stop < len(text.rstrip()):
        parts.append(SnippetPart("…"))
    tidy = (SnippetPart(_BLANKS.sub(" ", part.text), part.asked) for part in parts)
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
