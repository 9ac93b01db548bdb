"""A query's text into tokens, each with its place."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from bot.errors import QueryQuoteOpen, QueryUnknownField, QueryUnknownFieldMeant
from bot.model.query import OPERATORS, Field
from bot.text.graphemes import shorten

_FIELDS: Final = {str(field): field for field in Field if field}
# The words of arXiv's search form, and what stands before an id.
_ALIASES: Final = {
    "title": Field.TITLE, "abstract": Field.ABSTRACT, "author": Field.AUTHOR,
    "authors": Field.AUTHOR, "comment": Field.COMMENT, "comments": Field.COMMENT,
    "journal": Field.JOURNAL, "report": Field.REPORT, "category": Field.CATEGORY,
    "categories": Field.CATEGORY, "arxiv": Field.ID,
}  # fmt: skip
# What keyboards of phones and of East Asia put in place of the plain signs; one for one, so that
# places in the text stay.
_PLAIN: Final = str.maketrans("“”„‟＂（）：＊＝", '"""""():*=')
_FIELD: Final = re.compile(r"([^\W\d_]+):")
_WORD: Final = re.compile(r'[^\s()"]+')
_EQUALS: Final = re.compile(r'=(?=[\w"])')
_MINUS: Final = re.compile(r'-(?=[\w("])')
_SHOWN: Final = 32
_LONGEST_SHOWN: Final = 60


class Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    FIELD = auto()
    OPERATOR = auto()
    WORD = auto()
    PHRASE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` as typed (a phrase without its quotes); `at` its first character's offset."""

    kind: Kind
    text: str
    at: int
    field: Field = Field.PLAIN
    exact: bool = False
    """Behind a `=`."""


def tokens(typed: str) -> Iterator[Token]:
    """The tokens of a query, END the last. Raises QueryQuoteOpen, QueryUnknownField."""
    text = typed.translate(_PLAIN)
    at = 0
    bound = False  # right after a field, where any word is its value
    while at < len(text):
        if text[at].isspace():
            at, bound = at + 1, False
            continue
        token, at = _token(typed, text, at, bound)
        bound = token.kind is Kind.FIELD
        yield token
    yield Token(Kind.END, "", len(text))


def _token(typed: str, text: str, at: int, bound: bool) -> tuple[Token, int]:
    if text[at] in "()":
        return Token(Kind.OPEN if text[at] == "(" else Kind.CLOSE, text[at], at), at + 1
    if _EQUALS.match(text, at):
        token, end = _token(typed, text, at + 1, bound=True)
        return replace(token, exact=True), end
    if text[at] == '"':
        return _phrase(typed, text, at)
    if not bound and _MINUS.match(text, at):
        return Token(Kind.OPERATOR, "NOT", at), at + 1
    if not bound and (match := _FIELD.match(text, at)):
        name = match[1].lower()
        field = _FIELDS.get(name) or _ALIASES.get(name)
        if field is None:
            raise _unknown(typed, match[1], at)
        return Token(Kind.FIELD, match[0], at, field), match.end()
    word = _WORD.match(text, at)
    assert word is not None  # neither blank, parenthesis nor quote stands here
    kind = Kind.OPERATOR if word[0] in OPERATORS and not bound else Kind.WORD
    return Token(kind, word[0], at), word.end()


def _unknown(typed: str, name: str, at: int) -> QueryUnknownField:
    known = _FIELDS | _ALIASES
    where = place(typed, name, at)
    if close := difflib.get_close_matches(name.lower(), known, n=1):
        return QueryUnknownFieldMeant(**where, suggestion=str(known[close[0]]))
    return QueryUnknownField(**where)


def _phrase(typed: str, text: str, at: int) -> tuple[Token, int]:
    close = text.find('"', at + 1)
    if close < 0:
        raise QueryQuoteOpen(**place(typed, text[at:], at))
    end = close + 1
    star = text.startswith("*", end)
    return Token(Kind.PHRASE, text[at + 1 : close] + ("*" if star else ""), at), end + star


def place(typed: str, text: str, at: int) -> dict[str, object]:
    """What every QueryError tells: `text`, which stands at the offset `at` of `typed`."""
    return {
        "typed": shorten(text.replace("`", "'"), _LONGEST_SHOWN),
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
