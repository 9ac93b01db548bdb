"""Cuts text into Discord messages without tearing what belongs together."""

from bisect import bisect_right
from dataclasses import dataclass

from bot.text.breaks import WORD, Break, Map, Marks
from bot.text.graphemes import ends

LIMIT = 2000


def length(text: str) -> int:
    """The length of a message's content as Discord counts it: in Unicode code points.

    Discord's API measures Python strings (so its staff in discord-api-docs #1315), not UTF-16.
    """
    return len(text)


@dataclass(frozen=True, slots=True)
class Piece:
    """One message cut from a text.

    `body` is the text's own; `opening` (after `indent` characters of the body, a list's sign) and
    `closing` are formatting reopened and closed; `before` and `after` are whitespace of the text
    that the message leaves out, as Discord itself trims it (`after` only on the last piece).
    """

    body: str
    before: str = ""
    after: str = ""
    opening: str = ""
    closing: str = ""
    indent: int = 0

    @property
    def text(self) -> str:
        """The message's content."""
        return f"{self.body[: self.indent]}{self.opening}{self.body[self.indent :]}{self.closing}"


def split(text: str, limit: int = LIMIT, *, first_limit: int | None = None) -> list[str]:
    """The messages that hold `text`, each of at most `limit` code points (see `length`).

    Cut between paragraphs, else lines, sentences, words, graphemes: whatever fits a message by
    itself is not cut. Never inside a link, mention, escape, code span or emphasis; code and
    emphasis longer than a message are closed and reopened, a fence with its language; a quote
    goes on as a quote; a heading stays with what it heads. Only what cannot be kept whole in any
    message is cut all the same, between graphemes if possible.

    `first_limit` is the room in the first message, below something else; the first piece is
    empty where nothing can stand there. All other pieces are non-blank; a blank text has none.
    Linear time.
    """
    return [piece.text for piece in cut(text, limit, first_limit=first_limit)]


def cut(text: str, limit: int = LIMIT, *, first_limit: int | None = None) -> list[Piece]:
    """Like `split`, with what each piece left out and added, so that `join` is its inverse."""
    if limit < 1:
        raise ValueError("a message holds at least one character")
    body = text.strip()
    if not body:
        return []
    lead = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :]
    room = limit if first_limit is None else min(limit, first_limit)
    if length(body) <= room:
        return [Piece(body, before=lead, after=tail)]
    return _Packer(Map(body, limit), limit).pack(room, lead, tail)


def join(pieces: list[Piece]) -> str:
    """The text that `cut` was given."""
    return "".join(piece.before + piece.body + piece.after for piece in pieces)


class _Packer:
    """Fills messages greedily from left to right."""

    def __init__(self, places: Map, limit: int) -> None:
        self.places = places
        self.text = places.text
        self.limit = limit

    def pack(self, room: int, lead: str, tail: str) -> list[Piece]:
        pieces: list[Piece] = []
        position, before, marks = 0, lead, Marks("", "", 0)
        while position < len(self.text):
            found = self._next(position, room, marks, first=room < self.limit)
            room = self.limit
            if found is None:
                pieces.append(Piece(""))
                continue
            found = self._settled(found)
            after = self._marks(found.start)
            pieces.append(
                Piece(
                    self.text[position : found.end],
                    before=before,
                    after=tail if found.start >= len(self.text) else "",
                    opening=marks.opening,
                    closing=after.closing,
                    indent=marks.indent,
                )
            )
            before, position, marks = self.text[found.end : found.start], found.start, after
        return pieces

    def _marks(self, offset: int) -> Marks:
        return self.places.marks(offset) if offset < len(self.text) else Marks("", "", 0)

    def _next(self, position: int, limit: int, marks: Marks, *, first: bool) -> Break | None:
        """Where the piece from `position` ends and the next begins; None: nothing fits here."""
        room = limit - len(marks.opening)
        size = len(self.text)
        if size - position <= room:
            return Break(size, size)
        best: Break | None = None
        for level in range(WORD + 1):
            found = self._last(level, position if best is None else best.start, position, room)
            best = found or best
            if best is not None and self._fits(level, best.start):
                return best
        if first:
            return best
        return self._grapheme(position, room, best) or best or self._anywhere(position, room)

    def _last(self, level: int, after: int, position: int, room: int) -> Break | None:
        """The last cut of a level behind `after` that leaves the piece within its room."""
        breaks = self.places.breaks[level]
        index = bisect_right(breaks, Break(position + room, len(self.text) + 1)) - 1
        while index >= 0 and breaks[index].end > after:
            if self._cost(position, breaks[index]) <= room:
                return breaks[index]
            index -= 1
        return None

    def _cost(self, position: int, found: Break) -> int:
        return found.end - position + len(self._marks(found.start).closing)

    def _fits(self, level: int, start: int) -> bool:
        """Whether the unit of a level that begins at `start` fits a message of its own."""
        breaks = self.places.breaks[level]
        index = bisect_right(breaks, Break(start, len(self.text) + 1))
        end = breaks[index] if index < len(breaks) else Break(len(self.text), len(self.text))
        return len(self._marks(start).opening) + self._cost(start, end) <= self.limit

    def _grapheme(self, position: int, room: int, best: Break | None) -> Break | None:
        """The last end of a grapheme within the room, outside of what must not be torn."""
        stop = position + room
        origin = best.start if best else position
        # One code point more than fits, so that the last end in the room is known for a true one.
        found = list(ends(self.text, origin, min(stop + 1, len(self.text))))
        for end in reversed(found):
            candidate = self._trimmed(end)
            if candidate.end <= position:
                break
            if (
                end <= stop
                and not self.places.torn(*candidate)
                and self._cost(position, candidate) <= room
            ):
                return candidate
        return None

    def _anywhere(self, position: int, room: int) -> Break:
        """A cut inside what is too long for any message: at a grapheme's end, else anywhere."""
        end = position + room
        while end > position + 1 and (over := self._cost(position, self._trimmed(end)) - room) > 0:
            end = max(position + 1, end - over)
        last = 0
        for offset in ends(self.text, position, min(end + 1, len(self.text))):
            if offset <= end:
                last = offset
        if last > position and self._cost(position, self._trimmed(last)) <= room:
            end = last
        return self._trimmed(end)

    def _trimmed(self, offset: int) -> Break:
        return self._settled(Break(offset, offset))

    def _settled(self, found: Break) -> Break:
        """The cut with all blanks around it left out, except in code."""
        end, start = found
        if self.places.in_code(start):
            return found
        while end > 0 and self.text[end - 1].isspace():
            end -= 1
        while start < len(self.text) and self.text[start].isspace():
            start += 1
        return Break(end, start)
