"""What a channel says of a paper that arXiv has not told of: its own words, seen there alone.

The catalogue is shared by all guilds, so only arXiv writes titles into it. What a file or a member
says of a paper stands on the channel's entry, and is shown there as long as the catalogue has no
title. Of what several files say, the title from the best source stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, case, cast, func

from bot.model.paper import PaperData
from bot.store.schema import EntryRow, PaperRow

OwnWords = Mapping[str, Any]
"""Title, authors and abstract, and what else is said of PaperData's fields, as JSON has them."""

_NOTHING: Final = PaperData(None, "")
_SOURCE: Final = "source"
"""The key of a title's source; without it, it is a head."""
_ALWAYS: Final = {"title", "authors", "abstract"}
_LISTS: Final = {"authors", "categories"}
_MOMENTS: Final = {"published", "updated"}


class TitleSource(IntEnum):
    """Where a title comes from, the better the higher."""

    FILE_NAME = 1
    LINK = 2
    """The words of a link, which may be short for the title."""
    HEAD = 3
    """Somebody wrote it down as the title."""


def own_words(data: PaperData, source: TitleSource = TitleSource.HEAD) -> OwnWords | None:
    """What there is to keep of what is said of a paper; None if that is nothing."""
    if data._replace(arxiv_id=None) == _NOTHING:
        return None
    words = {
        name: _plain(value)
        for name, value in data._asdict().items()
        if name in _ALWAYS or (name != "arxiv_id" and value != getattr(_NOTHING, name))
    }
    return words if source is TitleSource.HEAD else {**words, _SOURCE: source.value}


def joined(old: OwnWords | None, new: OwnWords | None) -> OwnWords | None:
    """What two files say of one paper: the better title, and what goes with it."""
    if not old or not new:
        return old or new
    best, other = (new, old) if _is_better(new, old) else (old, new)
    words = {**other, **{name: value for name, value in best.items() if value}}
    if _SOURCE not in best:
        words.pop(_SOURCE, None)
    return words


def _is_better(new: OwnWords, old: OwnWords) -> bool:
    if not (new["title"] and old["title"]):
        return not old["title"]
    ranks = new.get(_SOURCE, TitleSource.HEAD), old.get(_SOURCE, TitleSource.HEAD)
    whole = new["title"].casefold().startswith(old["title"].casefold())
    longer = whole and len(new["title"]) > len(old["title"])
    return ranks[0] > ranks[1] or (ranks[0] == ranks[1] < TitleSource.HEAD and longer)


def as_shown(known: PaperData, said: OwnWords | None) -> PaperData:
    """A paper as a channel sees it: by the catalogue where that has a title, else in its words."""
    if known.title or not said:
        return known
    return known._replace(
        **{name: _typed(name, value) for name, value in said.items() if name in known._fields}
    )


def shown_title() -> ColumnElement[str]:
    """The same of the title alone, within a statement that has the entry and its paper."""
    said: ColumnElement[str] = EntryRow.own_words["title"].as_string()
    known: ColumnElement[str] = func.nullif(PaperRow.title, "", type_=Text)
    return func.coalesce(known, said, "", type_=Text)


def shown_categories() -> ColumnElement[str]:
    """The same of the categories, as JSON's text."""
    said = cast(EntryRow.own_words["categories"], Text)
    return case((PaperRow.title != "", cast(PaperRow.categories, Text)), else_=said)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _typed(name: str, value: Any) -> Any:
    if name in _LISTS:
        return tuple(value)
    return datetime.fromisoformat(value) if name in _MOMENTS else value
