"""Rows as JSON has them, the same in a backup and in an archive's JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]


def as_json(row: Mapping[Any, Any]) -> Row:
    """A row's values in JSON's types: moments and days are written as ISO 8601 has them."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def json_line(record: Mapping[str, Any]) -> str:
    """A line of a file. Raises TypeError for a value that JSON has no form for.

    Escaped is only what UTF-8 cannot write: a file's bytes that were not UTF-8.
    """
    text = json.dumps(record, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"
