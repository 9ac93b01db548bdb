"""A query written out, so that a person sees how it was read, and that can be read again."""

from __future__ import annotations

import re
from typing import Final

from bot.model import taxonomy
from bot.model.query.foreign import OPERATORS as LOOSE
from bot.model.query.foreign import field_within, refused_word
from bot.model.query.tree import (
    OPERATORS,
    And,
    ByAuthor,
    Everything,
    HasId,
    InCategory,
    Not,
    Or,
    Query,
    QueryField,
    Term,
    Words,
)

_BARE: Final = re.compile(r"[^\W\d_]\w*(?:-\w+)*(?:\+{1,2}|#)?")
"""What needs no quotes."""
EVERYTHING: Final = frozenset({"all", "anything", "everything", "모두", "전부", "전체"})
"""By themselves these are refused unless they are quoted."""


def understood(query: Query) -> str:
    """`query` in full: operators written out, all parentheses set, categories by their main name.

    Parsed again it gives the same query.
    """
    match query:
        case And(parts):
            first, *rest = parts
            return _inner(first) + "".join(
                f" ANDNOT {_inner(part.part)}" if isinstance(part, Not) else f" AND {_inner(part)}"
                for part in rest
            )
        case Or(parts):
            return " OR ".join(_inner(part) for part in parts)
        case Not(part):
            return f"NOT {_inner(part)}"
        case _:
            return _term(query)


def _inner(part: Query) -> str:
    return f"({understood(part)})" if isinstance(part, And | Or) else understood(part)


def _term(term: Term) -> str:
    match term:
        case Words(field, text, begins, exact):
            equals = "=" if exact and not begins else ""
            # A phrase that begins as a field does is no field's.
            plain = "kw:" if field_within(text) and not equals else ""
            return (f"{field}:" if field else plain) + equals + _quoted(text, begins)
        case ByAuthor(text, begins):
            return f"{QueryField.AUTHOR}:{_quoted(text, begins)}"
        case InCategory(name):
            return f"{QueryField.CATEGORY}:{name}"
        case HasId(value):
            return f"{QueryField.ID}:{value}"
        case Everything():
            return f"{QueryField.ALL}:*"


def _quoted(text: str, begins: bool) -> str:
    star = "*" if begins else ""
    bare = (
        _BARE.fullmatch(text)
        and text not in OPERATORS
        and text.casefold() not in LOOSE
        and text.casefold() not in EVERYTHING
        and not taxonomy.expand(text)
        and not taxonomy.respelt(text)
        and refused_word(text + star, None) is None
    )
    return f"{text}{star}" if bare else f'"{text}"{star}'
