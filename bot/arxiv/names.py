"""Author lists written as one string, taken apart by guess.

Only where nothing better is at hand: the query API and OAI-PMH's format `arXiv` give authors one
by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.arxiv import clean
from bot.model.authors import tidy


def split_authors(text: str) -> tuple[str, ...]:
    """The names in `forenames keyname suffix (affiliation), ...`, without affiliations.

    Commas and *and* inside of brackets and TeX groups separate nothing; `, Jr.` belongs to the
    name before. `X Collaboration: A, B` gives the collaboration as the first name.
    """
    text = clean.line(text)
    if "(" in text or "{" in text or "\\" in text or ":" in text or "and " in text:
        found = [name for part in _parts(text) for name in _names(part)]
    else:
        found = [name for part in text.split(",") if (name := part.strip())]
    return tidy(found)


def _parts(text: str) -> Iterator[str]:
    """The pieces between top-level commas, affiliations cut out."""
    depth = {"(": 0, "{": 0}
    piece: list[str] = []
    before = ""
    for char in text:
        escaped = before == "\\"
        before = "" if escaped else char
        if not escaped and char in "({":
            depth[char] += 1
        in_affiliation = depth["("] > 0
        if not escaped and char in ")}":
            opening = "(" if char == ")" else "{"
            depth[opening] = max(0, depth[opening] - 1)
        if in_affiliation:
            continue
        if char == "," and not escaped and not depth["{"]:
            yield "".join(piece)
            piece = []
        else:
            piece.append(char)
    yield "".join(piece)


def _names(part: str) -> Iterator[str]:
    if ":" not in part and "and " not in part:
        if name := clean.line(part):
            yield name
        return
    head, colon, rest = part.partition(":")
    if colon and "ollaboration" in head:
        yield clean.line(head)
        part = rest
    for name in f" {clean.line(part)} ".split(" and "):
        name = clean.line(name).removeprefix("and ")
        if name and name != "and":
            yield name
