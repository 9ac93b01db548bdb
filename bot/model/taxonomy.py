"""arXiv's categories: their names, aliases, archives, and where OAI-PMH keeps them.

The data is arXiv's own (`taxonomy.json`, see `taxonomy.LICENSE`). A category that has two names
(`cs.NA` = `math.NA`) is one Category here; archives that were subsumed (`chao-dyn`) are further
names of the category that took them in.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import resources

_MOST_MATCHING = 30


@dataclass(frozen=True, slots=True)
class Category:
    """One category.

    `id` is the canonical name; `names` all names in use, the canonical one first.
    `oai_set` is the name of its set in OAI-PMH (case-sensitive).
    """

    id: str
    name: str
    archive: str
    group: str
    description: str
    names: tuple[str, ...]

    @property
    def oai_set(self) -> str:
        """Its set in arXiv's OAI-PMH."""
        _, dot, subject = self.id.partition(".")
        return f"{self.group}:{self.archive}:{subject}" if dot else f"{self.group}:{self.id}"


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive and its categories, those included that have their main name elsewhere."""

    id: str
    name: str
    group: str
    categories: tuple[Category, ...]

    @property
    def oai_set(self) -> str:
        """Its set in arXiv's OAI-PMH."""
        return f"{self.group}:{self.id}"


@dataclass(frozen=True, slots=True)
class _Taxonomy:
    categories: dict[str, Category]
    by_name: dict[str, Category]
    archives: dict[str, Archive]


def categories() -> Sequence[Category]:
    """All categories, each once, by canonical name."""
    return tuple(_taxonomy().categories.values())


def archives() -> Sequence[Archive]:
    """All archives of today, by name."""
    return tuple(_taxonomy().archives.values())


def category(name: str) -> Category | None:
    """The category of this name, whatever its case and whichever of its names it is."""
    return _taxonomy().by_name.get(name.strip().lower())


def archive(name: str) -> Archive | None:
    """The archive of this name; `cs.*` is taken as `cs`."""
    return _taxonomy().archives.get(name.strip().lower().removesuffix(".*"))


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """The canonical name of a category; an unknown one is given back as it is."""
    known = category(name)
    return known.id if known else name


def expand(name: str) -> tuple[Category, ...]:
    """The categories that `name` stands for: a category itself, all those of an archive.

    `cs.*` and `cs` are the archive; empty if there is neither.
    """
    if (known := category(name)) is not None:
        return (known,)
    whole = archive(name)
    return whole.categories if whole else ()


def respelt(name: str) -> Category | None:
    """The category whose name this is with another sign in it: `cs_CV`, `cs-CV`, `cs/CV`."""
    typed = name.strip().lower()
    for sign in "_-/:":
        before, found, after = typed.partition(sign)
        if found and (known := category(f"{before}.{after}")):
            return known
    return None


def matching(pattern: str) -> list[str]:
    """The categories whose names a pattern with `*` covers; empty where it covers too many."""
    wanted = pattern.strip().lower()
    found = [
        one.id
        for one in categories()
        if any(fnmatchcase(name.lower(), wanted) for name in one.names)
    ]
    return found if len(found) <= _MOST_MATCHING else []


def nearest(name: str) -> str | None:
    """The category or archive whose name is most like `name`, if any is like it at all."""
    typed = name.strip().lower()
    taxonomy = _taxonomy()
    known = {key: found.id for key, found in taxonomy.by_name.items()}
    known |= {key: f"{found.id}.*" for key, found in taxonomy.archives.items() if key not in known}
    # Of two categories with one name (Machine Learning) the first by id is meant.
    known |= {found.name.lower(): found.id for found in reversed(taxonomy.categories.values())}
    swapped = typed.replace("_", "-").replace("/", ".").replace(":", ".").replace(" ", ".")
    for spelling in (swapped, swapped.replace("-", ".", 1), typed):
        if match := known.get(spelling):
            return match
    close = difflib.get_close_matches(swapped, known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


def complete(typed: str, limit: int = 25) -> list[Category]:
    """Categories to offer while somebody types: by id first, then by the words of the name."""
    wanted = typed.strip().lower()

    def rank(found: Category) -> int | None:
        if any(name.lower().startswith(wanted) for name in found.names):
            return 0
        if found.name.lower().startswith(wanted):
            return 1
        if any(word.startswith(wanted) for word in found.name.lower().split()):
            return 2
        return 3 if wanted in found.name.lower() else None

    ranked = [
        (place, found.id, found) for found in categories() if (place := rank(found)) is not None
    ]
    return [found for _, _, found in sorted(ranked, key=lambda item: item[:2])[:limit]]


@cache
def _taxonomy() -> _Taxonomy:
    data = json.loads((resources.files("bot.model") / "taxonomy.json").read_text("utf-8"))
    names: dict[str, list[str]] = {}
    for other, main in [*data["aliases"].items(), *data["subsumed_archives"].items()]:
        names.setdefault(data["aliases"].get(main, main), []).append(other)
    groups = {key: entry["group"].removeprefix("grp_") for key, entry in data["archives"].items()}
    found = {
        key: Category(
            key,
            entry["name"],
            entry["archive"],
            groups[entry["archive"]],
            entry.get("description", ""),
            (key, *sorted(names.get(key, ()))),
        )
        for key, entry in sorted(data["categories"].items())
        if key not in data["aliases"]
    }
    by_name = {name.lower(): entry for entry in found.values() for name in entry.names}
    members: dict[str, list[Category]] = {key: [] for key in data["archives"]}
    for key, entry in sorted(data["categories"].items()):
        members[entry["archive"]].append(by_name[key.lower()])
    whole = {
        key: Archive(key, entry["name"], groups[key], tuple(members[key]))
        for key, entry in sorted(data["archives"].items())
        if members[key]
    }
    return _Taxonomy(found, by_name, whole)
