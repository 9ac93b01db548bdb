"""arXiv's groups, archives, categories and aliases, as the three services use them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

_DATA: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "taxonomy.json").read_text(encoding="utf-8")
)
GROUPS: Final[dict[str, str]] = {
    key.removeprefix("grp_"): name for key, name in _DATA["groups"].items()
}
ARCHIVES: Final[dict[str, dict[str, Any]]] = _DATA["archives"]
CATEGORIES: Final[dict[str, dict[str, Any]]] = _DATA["categories"]
ALIASES: Final[dict[str, str]] = _DATA["aliases"]
"""Non-canonical name to canonical name, such as `math.IT` to `cs.IT`."""
SUBSUMED: Final[dict[str, str]] = _DATA["subsumed_archives"]
_TWINS: Final = {**{there: here for here, there in ALIASES.items()}, **ALIASES}


@cache
def twin(category: str) -> str | None:
    """The other name of a category that has two, else None."""
    return _TWINS.get(category)


def canonical(categories: Iterable[str]) -> list[str]:
    """The categories by their canonical names, each once, in order: what the query API shows."""
    return list(dict.fromkeys(ALIASES.get(name, name) for name in categories))


def archive_of(category: str) -> str:
    """The archive of a category by its own name: `math.MP` is in `math`, `hep-th` in `hep-th`."""
    return category.partition(".")[0]


@cache
def set_spec(category: str) -> str:
    """The OAI-PMH set of a category: `cs:cs:LG`, `physics:cond-mat:supr-con`, `physics:hep-th`."""
    archive, _, subject = category.partition(".")
    return ":".join(part for part in (_group(archive), archive, subject) if part)


@cache
def sets() -> dict[str, str]:
    """All sets of OAI-PMH with their names: groups, archives, categories."""
    live = {name for name in ARCHIVES if name != "test"}
    found = dict(GROUPS)
    for name in sorted(live):
        found[set_spec(name) if name in CATEGORIES else f"{_group(name)}:{name}"] = ARCHIVES[name][
            "name"
        ]
    for name, entry in CATEGORIES.items():
        if archive_of(name) in live and entry["active"]:
            found[set_spec(name)] = entry["name"]
    return found


def _group(archive: str) -> str:
    entry = ARCHIVES.get(archive)
    group: str = entry["group"] if entry else "grp_physics"
    return group.removeprefix("grp_")
