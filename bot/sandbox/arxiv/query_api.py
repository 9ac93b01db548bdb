"""The query API: parameters in, a status and an Atom document out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from . import atom
from .collection import Collection
from .papers import Paper
from .query import BadQuery, Search, parse

PAGE_LIMIT: Final = 2_000
TOTAL_LIMIT: Final = 30_000
_ID: Final = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}|(?P<archive>[a-z-]+)(?:\.[A-Z]{2})?/(?P<number>\d{7}))(?:v(?P<version>\d+))?"
)
_SORTS: Final = ("relevance", "lastUpdatedDate", "submittedDate")
Found = tuple[Paper, int]


class _Refused(Exception):
    """What the service answers 400 to, with its message."""


def answer(
    parameters: Mapping[str, str],
    collection: Collection,
    *,
    seen_at: datetime,
    now: datetime,
    page_empty: bool = False,
) -> tuple[int, bytes]:
    """Answer a query as the service would that has taken in what was public at `seen_at`.

    With `page_empty` the page has no entries though their number is told, as it happens on the live
    service.
    """
    try:
        search = _search(parameters.get("search_query", ""))
        start = _number(parameters, "start", 0)
        size = _number(parameters, "max_results", 10)
        if start + size > TOTAL_LIMIT:
            raise _Refused(f"start + max_results must not exceed {TOTAL_LIMIT}")
        id_list = parameters.get("id_list", "")
        found = _find(search, id_list, collection, seen_at) if search or id_list else []
        _sort(found, parameters, search)
    except _Refused as refusal:
        return 400, atom.error(str(refusal), now)
    asked = atom.Asked(search.text if search else "", id_list, start, size)
    page = found[start : start + min(size, PAGE_LIMIT)]
    return 200, atom.results([] if page_empty else page, len(found), asked, now)


def _search(text: str) -> Search | None:
    try:
        return parse(text) if text.strip() else None
    except BadQuery as error:
        raise _Refused(f"incorrect query: {error}") from error


def _find(
    search: Search | None, id_list: str, collection: Collection, seen_at: datetime
) -> list[Found]:
    if not id_list:
        papers = collection.papers(seen_at)
        return [(paper, paper.version) for paper in papers if search and search.matches(paper)]
    wanted = [_identifier(text.strip()) for text in id_list.split(",") if text.strip()]
    found: dict[str, Found] = {}
    for id_, version in wanted:
        paper = collection.current(id_, seen_at)
        if paper and (version or 1) <= paper.version and (not search or search.matches(paper)):
            found.setdefault(f"{id_}v{version}", (paper, version or paper.version))
    return list(found.values())


def _identifier(text: str) -> tuple[str, int]:
    match = _ID.fullmatch(text)
    if not match or match["version"] == "0":
        raise _Refused(f"incorrect id format for {text}")
    id_ = f"{match['archive']}/{match['number']}" if match["archive"] else match["id"]
    return id_, int(match["version"] or 0)


def _number(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name, "") or str(default)
    if not re.fullmatch(r"[+-]?\d+", text):
        raise _Refused(f"{name} must be an integer")
    if int(text) < 0:
        raise _Refused(f"{name} must be non-negative")
    return int(text)


def _sort(found: list[Found], parameters: Mapping[str, str], search: Search | None) -> None:
    by = parameters.get("sortBy") or "relevance"
    order = parameters.get("sortOrder") or "descending"
    if by not in _SORTS:
        raise _Refused(f"sortBy must be in: {', '.join(_SORTS)}")
    if order not in {"ascending", "descending"}:
        raise _Refused("sortOrder must be in: ascending, descending")
    down = order == "descending"
    if by == "submittedDate":
        found.sort(key=lambda pair: pair[0].versions[0].submitted, reverse=down)
    elif by == "lastUpdatedDate":
        found.sort(key=lambda pair: pair[0].versions[pair[1] - 1].submitted, reverse=down)
    elif search:
        found.sort(key=lambda pair: search.relevance(pair[0]), reverse=down)
