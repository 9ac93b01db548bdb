"""Front matter: the properties that stand above a note, in YAML (`---`) or TOML (`+++`).

Read as text alone: `arxiv: 2405.10930` is no number, and no date is made of anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

Values = tuple[str, ...]
FrontMatter = Mapping[str, Values]
"""By its key in small letters what a property has: a list's items, or one value."""

_END: Final = r"(?:\r\n|\n|\r)"
_YAML: Final = re.compile(
    rf"\ufeff?---[ \t]*{_END}((?:[^\r\n]*{_END})*?)(?:---|\.\.\.)[ \t]*(?:{_END}|\Z)"
)
_TOML: Final = re.compile(
    rf"\ufeff?\+\+\+[ \t]*{_END}((?:[^\r\n]*{_END})*?)\+\+\+[ \t]*(?:{_END}|\Z)"
)
_LIMIT: Final = 20_000
"""Characters of front matter."""
_MOST_LISTS: Final = 500
_MOST: Final = 2_000
"""Values of it."""
_LINE: Final = re.compile(r"([^\W\d][\w .-]{0,60}?)[ \t]*:(?:[ \t]+(.*?)|)[ \t]*")
_ITEM: Final = re.compile(r"[ \t]*-[ \t]+(.*?)[ \t]*")


def read_front_matter(text: str) -> tuple[FrontMatter, int]:
    """The properties above a note, and where its body begins."""
    if match := _YAML.match(text, 0, _LIMIT):
        return _yaml(match[1]), match.end()
    if match := _TOML.match(text, 0, _LIMIT):
        return _toml(match[1]), match.end()
    return {}, 0


def _yaml(written: str) -> FrontMatter:
    try:
        if written.count("[") + written.count("{") > _MOST_LISTS:
            return _lines(written)
        # An alias names what stands elsewhere: a few of them would unfold to any length.
        if not any(isinstance(token, yaml.AliasToken) for token in yaml.scan(written)):
            # The base loader makes text of everything.
            return _plain(yaml.load(written, yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        pass
    return _lines(written)


def _toml(written: str) -> FrontMatter:
    try:
        return _plain(tomllib.loads(written.replace("\r\n", "\n"), parse_float=str))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}


def _plain(data: Any) -> FrontMatter:
    if not isinstance(data, dict):
        return {}
    found: dict[str, Values] = {}
    for key, value in data.items():
        items = tuple(item for item in _items(value) if item)[:_MOST]
        if isinstance(value, dict):
            # Hugo keeps tags below `taxonomies`, others a paper's data below `paper`.
            found |= {name: its for name, its in _plain(value).items() if name not in found}
        found[str(key).strip().casefold()] = items
    return found


def _items(value: Any) -> Iterator[str]:
    """The texts of a value. `[[Ada Lovelace]]` is a list in a list to YAML, and meant as a link."""
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    elif isinstance(value, dict):
        name = value.get("name") or value.get("title")
        yield from _items(name) if name else ()
    elif value is not None:
        yield str(value).strip()


def _lines(written: str) -> FrontMatter:
    """The plain lines of what is no YAML, as people write it by hand."""
    pairs: dict[str, list[str]] = {}
    key = ""
    for line in written.splitlines():
        if pair := _LINE.fullmatch(line):
            key = pair[1].casefold()
            pairs[key] = _listed(pair[2] or "")
        elif key and (item := _ITEM.fullmatch(line)):
            pairs[key] += _listed(item[1])
    return {key: tuple(values) for key, values in pairs.items()}


def _listed(value: str) -> list[str]:
    inside = re.fullmatch(r"\[(?!\[)(.*)\]", value)
    parts = inside[1].split(",") if inside else [value]
    return [part for one in parts if (part := one.strip().strip("\"'"))]
