"""A query's text into tokens, each with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from bot.errors import (
    QueryAddress,
    QueryFuzzy,
    QueryPattern,
    QueryQuoteOpen,
    QueryUnknownField,
    QueryUnknownFieldMeant,
)
from bot.model import taxonomy
from bot.model.query.foreign import (
    ADDRESSES,
    ALIASES,
    FIELDS,
    OURS,
    field_within,
    refused_field,
    refused_word,
)
from bot.model.query.foreign import OPERATORS as LOOSE
from bot.model.query.place import LONGEST_SHOWN, place
from bot.model.query.tree import OPERATORS, QueryField
from bot.model.reference import ArxivReference, parse_references
from bot.model.signs import PLAIN_SIGNS
from bot.text.graphemes import shorten

_FIELD: Final = re.compile(r"([^\W\d_][\w-]*)(?::|=(?!=))")
_FUNCTION: Final = re.compile(r"([A-Z][A-Z-]+)(?=\()")
"""TITLE(diffusion), as Scopus has it."""
_CLOSED: Final = re.compile(r"[\]}>]+(?=[\s)\]}>]|$)")
_WORD: Final = re.compile(r'(?:[^\s()"|,;&]|(?<=[\w*+.])(?:[,;&]|\|\|?)(?=\w)(?![^\W\d_][\w-]*:))+')
"""Also several with signs between them (see `_parts`), but not what has a field of its own."""
_SIGNS: Final = re.compile(r"&&|\|\||&|\||!|∧|∨|¬")
_MINUS: Final = re.compile(r'[-−–—](?=[\w("#])')
_BANG: Final = re.compile(r'!(?=[\w("#])')
_PLUS: Final = re.compile(r'\+(?=[\w("])')
_EQUALS: Final = re.compile(r'=(?=[\w"])')
_QUOTED: Final = re.compile(r"'([^'\"]+(?:'\w[^'\"]*)*)'(?!\w)")
_AFTER_PHRASE: Final = re.compile(r"\^\d+(?:\.\d+)?")
_TAG: Final = re.compile(r"\[[A-Za-z][^\[\]\"]*\]")
"""[Title/Abstract], as PubMed has it."""
_FUZZY: Final = re.compile(r"~\d*")
_URL: Final = re.compile(
    r"(?:https?://|www\.|(?:[a-z]+\.)?arxiv\.org/|10\.\d{4,9}/\w)\S+", re.IGNORECASE
)
_BOOST: Final = re.compile(r"(?<=\w{3})\^\d+(?:\.\d+)?$")
_LISTED: Final = re.compile(r"(?<=[\w*])\+(?=[^\W\d])|(\|{1,2}|[;,])")
"""Between two words, as in an address; not the end of C++."""
_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_BETWEEN_CATEGORIES: Final = re.compile(r"[+/&·]")
_OPENING, _CLOSING = "#[{<'`", "]}>'`.:!?…"


class TokenKind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    FIELD = auto()
    OPERATOR = auto()
    COMMA = auto()
    WORD = auto()
    PHRASE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` as typed (a phrase without its quotes); `at` its first character's offset."""

    kind: TokenKind
    text: str
    at: int
    field: QueryField = QueryField.PLAIN
    exact: bool = False
    """Behind a `=`."""
    loose: bool = False
    """An operator in small letters or another language."""


def tokens(typed: str) -> list[Token]:
    """The tokens of a query, END the last.

    Raises QueryQuoteOpen, QueryUnknownField, and what `bot.model.query.foreign` refuses.
    """
    lexer = _Lexer(typed)
    return [*lexer.tokens(), Token(TokenKind.END, "", len(typed))]


class _Lexer:
    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.text = typed.translate(PLAIN_SIGNS)
        self.at = 0
        self.field: QueryField | None = None
        """Right behind a field, where any word is its value."""

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
                self.field = None
                continue
            field = self.field
            self.field = None
            yield from self._next(field)

    def _next(self, field: QueryField | None) -> Iterator[Token]:
        at, sign = self.at, self.text[self.at]
        if sign in "()":
            self.at += 1
            yield Token(TokenKind.OPEN if sign == "(" else TokenKind.CLOSE, sign, at)
        elif sign == '"':
            yield from self._phrase(field)
        elif sign in ",;":
            self.at += 1
            yield Token(TokenKind.COMMA, sign, at)
        elif self._matches(_EQUALS):
            self.at += 1
            for token in self._next(field or QueryField.PLAIN):
                yield replace(token, exact=True)
        elif field is None and (self._matches(_MINUS) or self._matches(_BANG)):
            self.at += 1
            yield Token(TokenKind.OPERATOR, "NOT", at)
        elif signs := self._matches(_SIGNS):
            self.at = signs.end()
            yield Token(TokenKind.OPERATOR, LOOSE[signs[0]], at)
        elif self._matches(_PLUS):
            self.at += 1
            self.field = field
        elif quoted := self._matches(_QUOTED):
            self.at = quoted.end()
            yield from _quoted(quoted[1], at + 1, field, "")
        elif sign in _OPENING and self._opens():
            self.at += 1
            self.field = field
        elif closing := self._matches(_CLOSED):
            self.at = closing.end()
        elif field is None and (address := self._matches(_URL)):
            yield from self._address(address)
        elif field is None and (ours := self._matches(OURS)):
            self.at = ours.end()
        elif field is None and (found := self._named()):
            yield from self._field(found)
        else:
            yield from self._words(field)

    def _matches(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.at)

    def _opens(self) -> bool:
        """Whether a bracket or the like stands here only around words: `[ti:diffusion]`."""
        raw = _WORD.match(self.text, self.at)
        if raw is None or (len(raw[0]) == 1 and self.text.startswith('"', raw.end())):
            return True  # ["cs.CL"]
        return len(raw[0]) > 1 and refused_word(raw[0], None) is None

    # -- fields ------------------------------------------------------------------------------------

    def _named(self) -> re.Match[str] | None:
        """A field that begins here: `ti:`, `ti=`, `TITLE(`."""
        found = self._matches(_FIELD) or self._matches(_FUNCTION)
        return found if found and self._is_field(found) else None

    def _is_field(self, match: re.Match[str]) -> bool:
        """A name with a colon; with another sign only if there is such a field."""
        name = match[1].lower()
        return match[0].endswith(":") or name in {**FIELDS, **ALIASES} or bool(refused_field(name))

    def _field(self, match: re.Match[str]) -> Iterator[Token]:
        name, at = match[1].lower(), self.at
        field = FIELDS.get(name, ALIASES.get(name))
        if field is None and name in ADDRESSES and (value := _WORD.match(self.text, match.end())):
            yield from self._address(value)
            return
        value = _WORD.match(self.text, match.end())
        if field is None and value and (category := taxonomy.category(f"{name}.{value[0]}")):
            self.at = value.end()  # cs:LG
            yield Token(TokenKind.WORD, category.id, at)
            return
        if field is None:
            raise self._unknown(match[1], match.end())
        self.at, self.field = match.end(), field
        yield Token(TokenKind.FIELD, match[0], at, field)

    def _unknown(self, name: str, end: int) -> Exception:
        where = place(self.typed, name, self.at)
        if refused := refused_field(name.lower()):
            value = _WORD.match(self.text, end)
            return refused(**where, value=shorten(value[0], LONGEST_SHOWN) if value else "")
        known = [*FIELDS, *ALIASES]
        if close := difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.75):
            meant = FIELDS.get(close[0], ALIASES.get(close[0]))
            return QueryUnknownFieldMeant(**where, suggestion=str(meant or close[0]))
        return QueryUnknownField(**where)

    def _address(self, match: re.Match[str]) -> Iterator[Token]:
        """The id of the paper whose address stands here. Raises QueryAddress."""
        found = parse_references(match[0]).references
        if len(found) != 1 or not isinstance(found[0], ArxivReference):
            raise QueryAddress(**place(self.typed, match[0], match.start()))
        self.at = match.end()
        yield Token(TokenKind.FIELD, "id:", match.start(), QueryField.ID)
        yield Token(TokenKind.WORD, str(found[0].id), match.start())

    # -- words -------------------------------------------------------------------------------------

    def _phrase(self, field: QueryField | None) -> Iterator[Token]:
        at = self.at
        close = self.text.find('"', at + 1)
        if close < 0:
            raise QueryQuoteOpen(**place(self.typed, self.text[at:], at))
        end = close + 1
        star = self.text.startswith("*", end)
        self.at = end + star
        if fuzzy := self._matches(_FUZZY):
            raise QueryFuzzy(**place(self.typed, self.text[at : fuzzy.end()], at))
        if tag := self._matches(_TAG):
            raise QueryPattern(**place(self.typed, self.text[at : tag.end()], at))
        if boost := self._matches(_AFTER_PHRASE):
            self.at = boost.end()
        yield from _quoted(self.text[at + 1 : close], at + 1, field, "*" if star else "")

    def _words(self, field: QueryField | None) -> Iterator[Token]:
        match = self._matches(_WORD)
        if match is None:  # a single sign that stands for nothing
            self.at += 1
            yield Token(TokenKind.WORD, self.text[self.at - 1], self.at - 1)
            return
        at, raw = self.at, match[0]
        self.at = match.end()
        if why := refused_word(raw, field):
            raise why(**place(self.typed, raw, at))
        word, start = _trimmed(raw)
        start += at
        loose = LOOSE.get(word.casefold())
        if field is None and (word in OPERATORS or loose):
            kept = word if word in OPERATORS else str(loose)
            yield Token(TokenKind.OPERATOR, kept, start, loose=word not in OPERATORS)
            return
        yield from _grouped(_parts(word, field), start)


def _quoted(text: str, start: int, field: QueryField | None, star: str) -> Iterator[Token]:
    """The tokens of what stands within quotation marks from the offset `start` on: a phrase, or one
    with its field, `"ti:diffusion model"`."""
    if field is None and (within := field_within(text)):
        named, length = within
        yield Token(TokenKind.FIELD, text[:length], start, named)
        text, start = text[length:], start + length
    yield Token(TokenKind.PHRASE, text + star, start)


def _parts(word: str, field: QueryField | None) -> list[str]:
    """The words in a word, and what stands between them: `cs.AI+cs.CV`, `ti:GAN|VAE`, `ti:a,b`."""
    if _NUMBER.fullmatch(word):
        return [word]
    if field is QueryField.AUTHOR and word.count(",") == 1 and "|" not in word:
        return [word]  # He,K
    several = [one for one in _BETWEEN_CATEGORIES.split(word) if one]
    known = taxonomy.expand if field is QueryField.CATEGORY else taxonomy.category
    if len(several) > 1 and all(map(known, several)):
        return several
    return [one for one in _LISTED.split(word) if one]


def _grouped(parts: list[str], start: int) -> Iterator[Token]:
    """The tokens of such parts, in parentheses where there are several."""
    if len(parts) > 1:
        yield Token(TokenKind.OPEN, "(", start)
    for part in parts:
        if part[0] in ",;":
            yield Token(TokenKind.COMMA, part, start)
        elif part[0] == "|":
            yield Token(TokenKind.OPERATOR, "OR", start)
        else:
            yield Token(TokenKind.WORD, part, start)
    if len(parts) > 1:
        yield Token(TokenKind.CLOSE, ")", start)


def _trimmed(raw: str) -> tuple[str, int]:
    """A word without signs around it, and where it begins in what was typed."""
    word = _BOOST.sub("", raw)
    word = word.lstrip(_OPENING).rstrip(_CLOSING)
    return (word, raw.index(word)) if word else (raw, 0)
