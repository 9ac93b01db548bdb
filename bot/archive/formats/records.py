"""The records of JSON Lines, read as what they are: written by anybody.

A record has the fields that its kind has here, each of its type and within its bounds, and refers
to records before it. Whatever else a file holds is passed over; what is odd is refused, with the
number of its line.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.archive.formats import fields
from bot.archive.formats.fields import Check, Odd, optional
from bot.archive.importing.sources import FILE_LIMIT, SUFFIXES, BadArchive
from bot.archive.parser.body import Body, TakePart
from bot.archive.parser.encodings import NAMES
from bot.archive.parser.escapes import escapes
from bot.archive.parser.model import FileKind
from bot.archive.parser.roundtrip import Patch
from bot.archive.paths import refusal
from bot.digest.settings import stored_settings
from bot.model.arxiv_id import ArxivId, MalformedId, parse_arxiv_id
from bot.model.channel import write_settings
from bot.model.digest import DigestState
from bot.model.paper import Metadata
from bot.model.reference import ArxivReference, parse_references
from bot.model.take import How
from bot.model.weburl import RefusedUrl, normalise_url

FORMAT: Final = "papertakes-archive"
VERSION: Final = 1
ARRANGEMENT: Final = "arrangement"
"""The type of a record that tells in which order a manager put a digest's entries."""
LINE_LIMIT: Final = 8_000_000
"""Bytes of a line: those of a file that is as long as may be, escaped here and there."""
_NESTED_LIMIT: Final = 300_000
"""Lists and objects in a line; each takes fifty bytes of memory and more, however empty."""
LINKS: Final[Mapping[str, Mapping[str, str]]] = {
    "member": {},
    "paper": {},
    "digest": {},
    "entry": {"paper_id": "paper", "member_id": "member", "digest_id": "digest"},
    "take": {"entry_id": "entry", "member_id": "member", "digest_id": "digest"},
    "document": {"digest_id": "digest"},
}
"""The kinds in their order, each with its columns that hold another record's number."""
_MOST: Final = 1_000_000
"""Of records of one kind, and of a digest's number."""
_WRITTEN: Final = 20_000
"""Characters of a title; the reader of Markdown takes no longer line for one."""
_MARK: Final = fields.matching(r"[0-9a-f]{18}", "mark of a text")
_NO_BYTES: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")

Number = int
"""A record's `n`."""


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """A record that may be put. `values` are its columns; those in LINKS hold records' numbers."""

    line: int
    kind: str
    number: Number
    values: Mapping[str, Any]
    size: int = 0
    """Bytes of its line."""


def records(file: Iterable[bytes]) -> Iterator[JsonRecord]:
    """The records of an archive's lines. Raises BadArchive where one is odd."""
    reader = _Reader()
    for number, line in enumerate(file, start=1):
        if line.strip():
            record = reader.read(number, line)
            if record is not None:
                yield record


def channel_of(file: Iterable[bytes]) -> tuple[int, Mapping[str, Any]]:
    """The record of the channel that an archive was made from, unchecked, and its line: the second,
    as a rule."""
    for number, line in enumerate(itertools.islice(file, 3), start=1):
        record = _parsed(number, line) if line.strip() else {}
        if record.get("type") == "channel":
            return number, record
    return 0, {}


def is_archive(first: bytes) -> bool:
    """Whether a file that begins so is JSON Lines of this program."""
    return first.startswith(b"{") and FORMAT.encode() in first


def is_utf8(line: bytes) -> bool:
    """Whether bytes are text."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Reader:
    def __init__(self) -> None:
        self.seen: dict[str, set[Number]] = {kind: set() for kind in LINKS}

    def read(self, line: int, written: bytes) -> JsonRecord | None:
        record = _parsed(line, written)
        kind = record.get("type")
        if kind == "archive" and record.get("version") != VERSION:
            raise BadArchive(f"line {line}: of another version: written by a newer Papertakes")
        if kind == ARRANGEMENT:
            values = self._checked(line, kind, record, self._arrangement)
            return JsonRecord(line, kind, 0, values, len(written))
        if not isinstance(kind, str) or kind not in LINKS:
            return None
        values = self._checked(line, kind, record, self._values)
        number: Number = self._checked(line, kind, record, self._number)
        self.seen[kind].add(number)
        return JsonRecord(line, kind, number, values, len(written))

    def _checked(self, line: int, kind: str, record: Mapping[str, Any], check: Any) -> Any:
        try:
            return check(kind, record)
        except Odd as odd:
            article = "an" if kind[0] in "ae" else "a"
            raise BadArchive(f"line {line}: not a record of {article} {kind}: {odd}") from None

    def _number(self, kind: str, record: Mapping[str, Any]) -> Number:
        number = _field("n", fields.whole(1, _MOST * 1_000), record)
        if number in self.seen[kind]:
            raise Odd(f"n is that of an earlier one, {number}")
        return int(number)

    def _values(self, kind: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
        values = {name: _field(name, check, record) for name, check in FIELDS[kind].items()}
        for column, other in LINKS[kind].items():
            values[column] = self._link(other, record.get(other), null=other == "digest")
        if kind == "paper":
            values["url"] = _address(values["arxiv_id"], values["url"])
        if kind == "digest" and values["period_end"] < values["period_start"]:
            raise Odd("period_end is before its period_start")
        if kind == "document":
            values["body"] = _body(record.get("body"), self.seen["take"])
        return values

    def _link(self, kind: str, number: Any, *, null: bool = False) -> Number | None:
        if number is None and null:
            return None
        if type(number) is not int or number not in self.seen[kind]:
            raise Odd(f"{kind} is none of the records before it")
        return number

    def _arrangement(self, _: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
        values: dict[str, Any] = {"digest": self._link("digest", record.get("digest"), null=True)}
        for name in ("entries", "left_out"):
            numbers = record.get(name, [] if name == "left_out" else None)
            if not isinstance(numbers, list):
                raise Odd(f"{name} is no list")
            values[name] = [self._link("entry", number) for number in numbers]
        return values


def _parsed(number: int, line: bytes) -> Mapping[str, Any]:
    """One line's object. Raises BadArchive for what is no plain JSON, whatever it is."""
    if len(line) > LINE_LIMIT:
        raise BadArchive(f"line {number}: longer than {LINE_LIMIT:,} bytes")
    if line.count(b"[") + line.count(b"{") > _NESTED_LIMIT:
        raise BadArchive(f"line {number}: not a record of an archive: too many lists in it")
    try:
        record = json.loads(
            line.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number
        )
    except UnicodeDecodeError:
        raise BadArchive(f"line {number}: cannot be read: not UTF-8") from None
    except RecursionError:
        raise BadArchive(f"line {number}: nested too deeply") from None
    except Odd as odd:
        raise BadArchive(f"line {number}: {odd}") from None
    except ValueError:
        raise BadArchive(f"line {number}: not a record of an archive") from None
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise BadArchive(f"line {number}: not a record of an archive")
    return record


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Odd("says one thing twice")
    return found


def _no_number(written: str) -> Any:
    raise Odd(f"{written} is no number")


def _field(name: str, check: Check, record: Mapping[str, Any]) -> Any:
    try:
        return check(record.get(name))
    except Odd as odd:
        raise Odd(f"{name} {odd}" if name in record else f"{name} is missing") from None


def _address(arxiv_id: str | None, url: str) -> str:
    """The address as it is kept: an arXiv paper stands at its own, and no other page at arXiv's."""
    if arxiv_id is not None:
        try:
            known = parse_arxiv_id(arxiv_id) == (ArxivId(arxiv_id), None)
        except MalformedId:
            known = False
        if not known:
            raise Odd("arxiv_id is none of arXiv's")
        if url != ArxivId(arxiv_id).url:
            raise Odd(f"url is not that of arXiv:{arxiv_id}")
        return url
    try:
        plain = "" if " " in url else normalise_url(url)
    except RefusedUrl:
        plain = ""
    if not plain:
        raise Odd("url is no plain http or https address")
    if any(isinstance(one, ArxivReference) for one in parse_references(url).references):
        raise Odd("url is arXiv's, without an arxiv_id")
    return plain


def _settings(value: Any) -> Mapping[str, Any]:
    try:
        return write_settings(stored_settings(value))
    except ValueError as error:
        raise Odd(f"cannot be used: {error}") from None


def _path(value: Any) -> str:
    path = fields.line(2_000)(value)
    if (why := refusal(path)) is not None:
        raise Odd(why)
    if not path.lower().endswith(SUFFIXES):
        raise Odd("is no path of Markdown")
    return str(path)


def _body(stored: Any, takes: Container[Number]) -> Body:
    """A file's pieces (`bot.archive.parser.body`); all of them are no longer than a file."""
    if not isinstance(stored, dict):
        raise Odd("body is no object")
    pieces, marks = stored.get("p"), stored.get("m")
    if not isinstance(pieces, list) or not isinstance(marks, dict):
        raise Odd("body is no list of pieces with marks")
    read = [_stray(piece) if isinstance(piece, str) else _part(piece) for piece in pieces]
    numbers = {one.take for one in read if isinstance(one, TakePart)}
    if len(read) > FILE_LIMIT or sum(map(_length, read)) > FILE_LIMIT:
        raise Odd("body is longer than a file may be")
    told: dict[Number, str] = {}
    for number, as_read in marks.items():
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            raise Odd("body has a mark of no take")
        told[int(number)] = _MARK(as_read)
    if any(number not in takes for number in numbers | told.keys() if number):
        raise Odd("body has a take that is none of the records before it")
    if not numbers <= told.keys():
        raise Odd("body has a take without its mark")
    encoding = stored.get("e", "")
    if encoding and encoding not in NAMES:
        raise Odd("body has an unknown encoding")
    return Body(tuple(read), told, encoding)


def _part(piece: Any) -> TakePart:
    if not isinstance(piece, list) or len(piece) not in {3, 5, 6}:
        raise Odd("body has a piece that is none")
    take, start, end = map(_place, piece[:3])
    crlf, patches = piece[3:5] or (False, [])
    form = piece[5] if len(piece) == 6 else ""
    if not isinstance(form, str) or (form and escapes(form) is None):
        raise Odd("body has a piece of an unknown form")
    if end < start or not isinstance(crlf, bool) or not isinstance(patches, list):
        raise Odd("body has a piece that is none")
    return TakePart(take, start, end, crlf, tuple(_patches(patches, end - start)), form)


def _patches(patches: Sequence[Any], length: int) -> Iterator[Patch]:
    """Each behind the one before it: going back, a few of them would unfold to any length."""
    done = 0
    for patch in patches:
        if not isinstance(patch, list) or len(patch) != 3:
            raise Odd("body has a piece that is none")
        place, its_length, odd = _place(patch[0]), _place(patch[1]), _stray(patch[2])
        if not done <= place <= place + its_length <= length:
            raise Odd("body has a piece that is none")
        done = place + its_length
        yield place, its_length, odd


def _length(piece: str | TakePart) -> int:
    if isinstance(piece, str):
        return len(piece)
    return piece.end - piece.start + sum(len(odd) for _, _, odd in piece.patches)


def _stray(value: Any) -> str:
    """A piece of a file: bytes that are not UTF-8 are lone surrogates (PEP 383), others none."""
    if not isinstance(value, str) or _NO_BYTES.search(value):
        raise Odd("body has a piece that no file has")
    return value


def _place(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST * 1_000:
        raise Odd("body has a place that is none")
    return value


_TITLE, _SHORT = fields.line(_WRITTEN), fields.line(1_000)
FIELDS: Final[Mapping[str, Mapping[str, Check]]] = {
    "member": {"discord_id": optional(fields.snowflake), "name": fields.line(200)},
    "paper": {
        "url": fields.line(2_000),
        "arxiv_id": optional(fields.line(32)),
        "title": _TITLE,
        "authors": fields.lines(10_000, 1_000),
        "abstract": fields.text(100_000),
        "categories": fields.lines(100, 32),
        "published": optional(fields.moment),
        "updated": optional(fields.moment),
        "version": optional(fields.whole(1, 10_000)),
        "comment": optional(fields.text(20_000)),
        "doi": optional(_SHORT),
        "journal_ref": optional(fields.line(5_000)),
        "withdrawn": fields.or_no(fields.yes_or_no),
        "report_number": optional(_SHORT),
        "metadata_state": fields.one_of(list(Metadata)),
    },
    "digest": {
        "period_start": fields.moment,
        "period_end": fields.moment,
        "number": fields.whole(0, _MOST),
        "state": fields.one_of(list(DigestState)),
        "title": _TITLE,
        "day": fields.day,
        "intro": fields.text(FILE_LIMIT),
        "planned_at": fields.moment,
        "posted_at": optional(fields.moment),
        "settings": optional(_settings),
    },
    "entry": {
        "how": fields.one_of(list(How)),
        "added_at": fields.moment,
        "removed_at": optional(fields.moment),
    },
    "take": {
        "text": fields.text(FILE_LIMIT),
        "created_at": fields.moment,
        "edited_at": optional(fields.moment),
    },
    "document": {
        "path": _path,
        "kind": fields.one_of(list(FileKind)),
        "checksum": fields.matching(r"[0-9a-f]{64}", "SHA-256"),
        "day": optional(fields.day),
        "title": _TITLE,
        "imported_at": fields.moment,
    },
}
"""What the columns of each kind may hold; links to other records are beside."""
