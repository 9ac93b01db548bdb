"""A stored document: the file's own words between its takes, which live in the table of takes.

As long as no take was changed the file comes back to the byte; a take that was edited or
withdrawn changes its own place only, and its old words are kept nowhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias

from bot.archive.parser.escapes import escapes
from bot.archive.parser.model import ArchivedTake, ParsedFile
from bot.archive.parser.roundtrip import CleanedText, Patch, clean, restore

BETWEEN = "\n\n"
"""What joins the slices of a take."""


class TakePart(NamedTuple):
    """A slice of a take: `start` to `end` of its kept text; `form` tells how a new text has to be
    escaped in its place."""

    take: int
    start: int
    end: int
    crlf: bool = False
    patches: tuple[Patch, ...] = ()
    form: str = ""


Piece: TypeAlias = str | TakePart


@dataclass(frozen=True, slots=True)
class Body:
    """Pieces in the file's order; `marks` tell each take's text as it was when it was read,
    `encoding` how the file is written."""

    pieces: tuple[Piece, ...]
    marks: Mapping[int, str]
    encoding: str = ""


def mark(text: str) -> str:
    """A short digest of a take's text, to see whether it was changed."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def take_text(document: ParsedFile, take: ArchivedTake) -> str:
    """The text of a take as it is kept."""
    return BETWEEN.join(
        clean(document.text[one.start : one.end], take.form).text for one in take.slices
    )


def build(document: ParsedFile, numbers: Sequence[Sequence[int]]) -> Body:
    """The body of a document whose takes have these numbers, by entry and take."""
    parts: list[tuple[int, int, TakePart]] = []
    marks: dict[int, str] = {}
    for entry, its_numbers in zip(document.entries, numbers, strict=True):
        for take, number in zip(entry.takes, its_numbers, strict=True):
            texts: list[str] = []
            at = 0
            for one in take.slices:
                cleaned = clean(document.text[one.start : one.end], take.form)
                texts.append(cleaned.text)
                end = at + len(cleaned.text)
                part = TakePart(number, at, end, cleaned.crlf, cleaned.patches, take.form)
                parts.append((one.start, one.end, part))
                at = end + len(BETWEEN)
            marks[number] = mark(BETWEEN.join(texts))
    pieces: list[Piece] = []
    done = 0
    for start, end, part in sorted(parts, key=lambda found: found[0]):
        if start > done:
            pieces.append(document.text[done:start])
        pieces.append(part)
        done = end
    if done < len(document.text):
        pieces.append(document.text[done:])
    return Body(tuple(pieces), marks, document.encoding)


def assemble(body: Body, takes: Mapping[int, str]) -> str:
    """The file's text with the takes as they are now; a take that is missing was withdrawn."""
    return "".join(text for text, _ in chunks(body, takes))


def chunks(body: Body, takes: Mapping[int, str]) -> Sequence[tuple[str, bool]]:
    """The same piece by piece, each with whether it is the file's own, of no take."""
    out: list[tuple[str, bool]] = []
    changed = {
        number for number, as_read in body.marks.items() if mark(takes.get(number, "")) != as_read
    }
    shown: set[int] = set()
    gap = False
    for piece in body.pieces:
        if isinstance(piece, str):
            tight = gap and _ends_blank([text for text, _ in out])
            out.append((re.sub(r"\A\s+", "", piece) if tight else piece, True))
            gap = False
            continue
        text = takes.get(piece.take, "")
        if piece.take not in changed:
            part = CleanedText(text[piece.start : piece.end], piece.crlf, piece.patches)
            out.append((restore(part), False))
        elif piece.take in shown or not text:
            gap = True
        else:
            its = escapes(piece.form)
            text = its.write(text) if its else text
            out.append((text.replace("\n", "\r\n") if piece.crlf else text, False))
        shown.add(piece.take)
    return out


def dump(body: Body) -> str:
    """A body as ASCII text, for one column."""
    pieces: list[Any] = []
    for piece in body.pieces:
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece.form:
            pieces.append(list(piece))
        elif piece.crlf or piece.patches:
            pieces.append(list(piece[:5]))
        else:
            pieces.append([piece.take, piece.start, piece.end])
    told = {"e": body.encoding} if body.encoding else {}
    return json.dumps({"p": pieces, "m": body.marks, **told}, separators=(",", ":"))


def load(stored: str) -> Body:
    """What `dump` was given."""
    data = json.loads(stored)
    pieces: list[Piece] = []
    for piece in data["p"]:
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            take, start, end, *rest = piece
            crlf, patches, *form = rest or (False, ())
            own = tuple((a, b, c) for a, b, c in patches)
            pieces.append(TakePart(take, start, end, crlf, own, *form))
    marks = {int(number): as_read for number, as_read in data["m"].items()}
    return Body(tuple(pieces), marks, data.get("e", ""))


def _ends_blank(out: list[str]) -> bool:
    before = next((piece for piece in reversed(out) if piece), "\n\n")
    return re.search(r"\n[ \t\r]*\n[ \t\r]*\Z", before[-40:]) is not None
