"""The daily feeds: which papers of a mailing a request gets, with which announce type, in which
order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from . import taxonomy
from .collection import Collection
from .papers import Announcement, Paper

AnnounceType = Literal["new", "cross", "replace", "replace-cross"]
ORDER: Final[tuple[AnnounceType, ...]] = ("new", "cross", "replace", "replace-cross")
ITEM_LIMIT: Final = 2_000
LAST_REPLACEMENT: Final = 5
"""Replacements from the version after this one on are never in the feeds."""


class BadFeed(ValueError):
    """Names that the service answers with status 400."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The archives and categories of a request, in their proper case, archives first."""

    names: tuple[str, ...]

    @property
    def path(self) -> str:
        return "+".join(self.names)

    def covers(self, category: str) -> bool:
        """Whether a category, by this name or its other one, was asked for."""
        names = {category, taxonomy.twin(category) or category}
        return any(name in self.names or taxonomy.archive_of(name) in self.names for name in names)


LieKind = Literal["previous mailing", "next mailing", "yesterday's date"]


@dataclass(frozen=True, slots=True)
class Lie:
    """What arXiv's feeds were seen to say in August 2026.

    Of the papers of a primary category (of all if None) those of the previous mailing, or of the
    next one as soon as that is out, stand under the day's date; or the whole feed has the date of
    the day before.
    """

    kind: LieKind
    category: str | None = None

    def hides(self, item: Item) -> bool:
        """Whether an item of the day is not shown."""
        return self.category is None or item.paper.categories[0] == self.category


@dataclass(frozen=True, slots=True)
class Item:
    """One paper in a feed, with the mailing that it is in."""

    announce_type: AnnounceType
    paper: Paper
    mailing: date


def read_names(text: str) -> Asked:
    """Read `cs.LG+stat.ML`. Raises BadFeed with the service's message: one bad name fails all."""
    parts = text.split("+")
    if not all(parts):
        raise BadFeed(
            f"Invalid archive specification '{text}'. Correct format is one or more archive names "
            "delimited by '+'. Each name can be either of the form 'archive' or "
            "'archive.category'. For example: 'math+cs.CG' (all from math and only computational "
            "geometry from computer science)."
        )
    names = [_name(part) for part in parts]
    return Asked(tuple(sorted(names, key=lambda name: "." in name)))


def select(
    collection: Collection, asked: Asked, day: date, *, at: datetime, days: int = 1
) -> list[Item]:
    """The items for a day (US Eastern) as they stand at a moment, at most ITEM_LIMIT."""
    found: dict[str, Item] = {}
    for back in range(days):
        for line in collection.mailing(day - timedelta(days=back), at):
            announce_type = _type(line, asked)
            current = collection.current(line.paper.id, at)
            if not announce_type or not current:
                continue
            earlier = found.get(current.id)
            if not earlier or ORDER.index(announce_type) < ORDER.index(earlier.announce_type):
                found[current.id] = Item(announce_type, current, day)
    items = sorted(
        found.values(), key=lambda item: (ORDER.index(item.announce_type), item.paper.id)
    )
    # the first of the list go first: new papers with the lowest ids
    return items[max(0, len(items) - ITEM_LIMIT) :]


def told(
    collection: Collection, asked: Asked, day: date, lies: Sequence[Lie], *, at: datetime
) -> list[Item]:
    """The items that a feed shows which lies."""
    shown = select(collection, asked, day, at=at)
    for lie in lies:
        if lie.kind == "yesterday's date":
            continue
        step = -1 if lie.kind == "previous mailing" else 1
        others: list[Item] = []
        for distance in range(1, 6):
            others = select(collection, asked, day + step * distance * timedelta(days=1), at=at)
            if others:
                break
        if not others:
            continue
        shown = [item for item in shown if not lie.hides(item)]
        shown += [item for item in others if lie.hides(item)]
    return shown


def _type(line: Announcement, asked: Asked) -> AnnounceType | None:
    if line.kind == "touch":
        return None
    if line.kind == "cross":
        return "cross" if line.category and asked.covers(line.category) else None
    if line.kind == "replace" and line.paper.version > LAST_REPLACEMENT:
        return None
    if asked.covers(line.paper.categories[0]):
        return "new" if line.kind == "new" else "replace"
    if any(asked.covers(category) for category in line.paper.categories):
        return "cross" if line.kind == "new" else "replace-cross"
    return None


def _name(text: str) -> str:
    archive, dot, subject = text.partition(".")
    if "." in subject or (dot and not subject) or not re.fullmatch(r"[\w-]+(\.[\w-]+)?", text):
        raise BadFeed(
            f"Bad archive/subject class structure '{text}'. Valid names include an archive, "
            "possibly followed by a single period and subject class."
        )
    archive = archive.lower()
    if archive not in taxonomy.ARCHIVES and archive not in taxonomy.SUBSUMED:
        valid = ", ".join(sorted(taxonomy.ARCHIVES))
        raise BadFeed(f"Bad archive '{archive}'. Valid archive names are: {valid}.")
    if not subject:
        return archive
    known = {name.lower(): name for name in [*taxonomy.CATEGORIES, *taxonomy.ALIASES]}
    if name := known.get(text.lower()):
        return name
    valid = ", ".join(sorted(n for n in known.values() if n.startswith(f"{archive}.")))
    raise BadFeed(
        f"Bad subject class '{subject}'. Valid subject classes for the archive '{archive}' "
        f"are: {valid}."
    )
