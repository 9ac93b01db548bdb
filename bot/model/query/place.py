"""The place in a query that an error points at."""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.text.graphemes import shorten

LONGEST_SHOWN: Final = 60
"""Characters of what stands there."""
_SHOWN: Final = 32
"""Characters on each side of it."""


def place(typed: str, text: str, at: int) -> dict[str, object]:
    """What every QueryError tells: `text`, which stands at the offset `at` of `typed`."""
    return {
        "typed": shorten(text.replace("`", "'"), LONGEST_SHOWN),
        "at": at + 1,
        "pointed": pointed(typed, at),
    }


def pointed(typed: str, at: int) -> str:
    """Two lines for a fixed-width block: the text around the offset `at`, and a `^` below it."""
    start = max(0, at - _SHOWN)
    before, after = typed[start:at], typed[at : at + _SHOWN]
    shown = "".join(
        "'" if sign == "`" else sign if sign.isprintable() else " " for sign in before + after
    )
    left = "…" if start else ""
    right = "…" if at + _SHOWN < len(typed) else ""
    columns = sum(_columns(sign) for sign in left + before)
    return f"{left}{shown}{right}\n{' ' * columns}^"


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
