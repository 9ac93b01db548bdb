"""How anything is shown where its own drawing failed: its signs, and nothing that they could do.

These are total, and use nothing of the rooms that may have failed.
"""

import re
from collections.abc import Sequence
from string import punctuation
from typing import Final

_SIGNS: Final = frozenset(punctuation)
_WEB: Final = re.compile(r"https?://[!-;=?-~]{1,2000}", re.IGNORECASE)


def plain_line(text: object, limit: int = 300) -> str:
    """`text` on one line of at most `limit` characters, every sign of Markdown escaped."""
    return _fitted(" ".join(_visible(str(text)).split()), limit)


def plain_text(text: object, limit: int = 4000) -> str:
    """The same with its lines kept."""
    lines = (" ".join(_visible(line).split()) for line in str(text).split("\n"))
    return _fitted("\n".join(lines).strip(), limit)


def plain_link(url: object) -> str:
    """`<url>`, a link without a preview; nothing if it is no web address."""
    return f"<{url}>" if _WEB.fullmatch(str(url)) else ""


def plain_pieces(text: str, limit: int) -> Sequence[str]:
    """`text` in pieces of at most `limit` characters, cut at a line's or a word's end if possible.

    No piece is blank.
    """
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        cut = max(rest.rfind("\n", 0, limit + 1), rest.rfind(" ", 0, limit + 1))
        cut = cut if cut > 0 else limit
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _visible(text: str) -> str:
    """Without controls, marks of direction, lone surrogates and whatever else is not printed."""
    return "".join(char if char.isprintable() else " " for char in text)


def _fitted(text: str, limit: int) -> str:
    made = [f"\\{char}" if char in _SIGNS else char for char in text[: limit + 1]]
    if len(text) <= limit and sum(map(len, made)) <= limit:
        return "".join(made)
    while made and sum(map(len, made)) >= limit:
        made.pop()
    return "".join(made).rstrip() + "…" if limit > 0 else ""
