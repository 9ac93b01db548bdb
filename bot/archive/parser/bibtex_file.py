"""Reading BibTeX, as Zotero, Better BibTeX, Mendeley and JabRef write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.archive.parser.library import LibraryRecord, first
from bot.archive.parser.properties import people
from bot.text.tex import readable

_ENTRY: Final = re.compile(r"@\s*(?P<kind>[A-Za-z]+)\s*[{(]\s*(?P<key>[^,\s{}()=]*)\s*,")
_FIELD: Final = re.compile(r"\s*,?\s*(?P<name>[A-Za-z][\w:.-]*)\s*=\s*")
_NOTES: Final = ("annote", "annotation", "note", "comment", "notes", "review", "comments")
_SKIPPED: Final = {"comment", "preamble", "string"}

Span = tuple[int, int]


def bibtex_records(text: str) -> Iterator[LibraryRecord]:
    """The entries of a file; what cannot be read is passed over."""
    at = 0
    while (match := _ENTRY.search(text, at)) is not None:
        fields, end = _fields(text, match.end())
        at = max(end, match.end())
        if match["kind"].casefold() in _SKIPPED:
            continue
        values = {name: text[start:stop] for name, (start, stop) in fields.items()}
        yield LibraryRecord(
            match.start(),
            at,
            title=_plain(first(values, "title")),
            authors=people((_plain_names(first(values, "author", "editor")),)),
            abstract=_plain(first(values, "abstract")),
            references=_references(values),
            tags=re.split(r"[,;]", _plain(_joined(values))),
            days=[
                first(values, "date-added"),
                first(values, "timestamp"),
                first(values, "urldate"),
            ],
            notes=[fields[name] for name in _NOTES if name in fields],
        )


def _joined(values: dict[str, str]) -> str:
    return ",".join(
        first(values, key) for key in ("keywords", "keyword", "mendeley-tags", "groups")
    )


def _references(values: dict[str, str]) -> list[str]:
    eprint = first(values, "eprint", "arxivid")
    kind = first(values, "archiveprefix", "eprinttype", "archive").casefold()
    own = [eprint] if eprint and kind in ("", "arxiv") else []
    named = [first(values, "journal"), first(values, "howpublished"), first(values, "note")]
    arxiv = [one for one in named if "arxiv" in one.casefold() or "://" in one]
    pages = [first(values, "url"), first(values, "doi"), first(values, "bdsk-url-1")]
    return [one.replace("\\_", "_").replace("\\%", "%") for one in (*own, *pages, *arxiv) if one]


def _fields(text: str, at: int) -> tuple[dict[str, Span], int]:
    """Where the value of each field stands, and where the entry ends."""
    found: dict[str, Span] = {}
    while (match := _FIELD.match(text, at)) is not None:
        span = _value(text, match.end())
        if span is None:
            break
        found.setdefault(match["name"].casefold(), span)
        at = span[1] + (text[span[1] : span[1] + 1] in ('"', "}") and text[span[0] - 1] in '{"')
    closing = re.compile(r"[\s,]*[})]").match(text, at)
    return found, closing.end() if closing else at


def _value(text: str, at: int) -> Span | None:
    """A value without its braces or quotes."""
    opening = text[at : at + 1]
    if opening not in ("{", '"'):
        bare = re.compile(r"[^\s,{}]+").match(text, at)
        return bare.span() if bare else None
    depth = 0
    for match in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(text, at + 1):
        char = match[0]
        if char == "{":
            depth += 1
        elif char == "}" and depth:
            depth -= 1
        elif (char == "}" and opening == "{") or (char == '"' and opening == '"' and not depth):
            return at + 1, match.start()
    return None


def _plain(value: str) -> str:
    return re.sub(r"(?<!\\)[{}]", "", readable(value)).replace("\\&", "&").strip()


def _plain_names(value: str) -> str:
    """Names between semicolons."""
    names = re.split(r"\s+and\s+", readable(" ".join(value.split())))
    return ";".join(re.sub(r"[{}]", "", name) for name in names) + ";"
