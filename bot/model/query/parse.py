"""A query's text into a query, or the exact place where it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.errors import (
    QueryComma,
    QueryEmpty,
    QueryError,
    QueryParenthesisOpen,
    QueryTermMissing,
    QueryTooDeep,
    QueryTooLong,
)
from bot.model import taxonomy
from bot.model.query.cursor import Cursor
from bot.model.query.lex import Token, TokenKind
from bot.model.query.paste import unpacked
from bot.model.query.place import place
from bot.model.query.spoken import refuse_spoken
from bot.model.query.terms import MOST_TERMS, Terms
from bot.model.query.tree import (
    And,
    HasId,
    InCategory,
    Or,
    Query,
    QueryField,
    Words,
    depth,
    joined,
    negated,
    terms,
)
from bot.model.query.written import understood
from bot.text.graphemes import shorten
from bot.text.markdown import strip_controls

__all__ = ["DEEPEST", "LONGEST", "MOST_TERMS", "parse", "parse_saved"]

LONGEST: Final = 1000
"""Characters, as typed and as written out by `understood`."""
DEEPEST: Final = 20
"""Operators and parentheses inside one another."""
LONGEST_OFFERED: Final = 200
"""Characters of a query that is offered instead."""

_COMMAS: Final = re.compile(r"[,;、，；](?!\d{3})")


def parse(typed: str) -> Query:
    """The query that `typed` spells; bot.model.query.tree tells the language.

    Raises a QueryError that says what stands where, and what was expected.
    """
    if len(typed) > LONGEST:
        raise QueryTooLong(length=len(typed), limit=LONGEST, **place(typed, "", LONGEST))
    typed = unpacked(strip_controls(typed))
    if not typed:
        raise QueryEmpty(**place(typed, "", 0))
    refuse_spoken(Cursor(typed))
    return _read(typed)


def parse_saved(written: str) -> Query:
    """The query that `understood` wrote: of what it says nothing is decoded or put right once more.

    Raises a QueryError where the language has changed so that it cannot be read any more.
    """
    return _read(written)


def _read(typed: str) -> Query:
    query = _Parser(typed).whole()
    if depth(query) > DEEPEST:
        raise QueryTooDeep(limit=DEEPEST, **place(typed, "", 0))
    if (length := len(understood(query))) > LONGEST:
        raise QueryTooLong(length=length, limit=LONGEST, **place(typed, "", len(typed)))
    return query


class _Parser:
    def __init__(self, typed: str) -> None:
        self.cursor = Cursor(typed)
        self.terms = Terms(self.cursor)
        self.depth = 0
        self.last_operator: str | None = None
        """The last AND or OR that was written between the terms read last."""

    def whole(self) -> Query:
        query = self.listed(QueryField.PLAIN)
        if self.cursor.next.kind is TokenKind.CLOSE:
            raise self.cursor.error(QueryError)
        return query

    def listed(self, field: QueryField) -> Query:
        """Terms with commas between them: categories, of which any will do, or a list that says by
        its last `and` or `or` how it is meant."""
        parts, said, first = [self.either(field)], set[str | None](), self.cursor.next
        while self.cursor.next.kind is TokenKind.COMMA:
            while self.cursor.next.kind is TokenKind.COMMA:
                self.cursor.take()
            if self.cursor.next.kind in (TokenKind.CLOSE, TokenKind.END):
                break
            said.add(self.cursor.operator("AND", "OR"))
            parts.append(self.either(field))
        if len(parts) == 1:
            return parts[0]
        said.discard(None)
        last = self.last_operator
        parts = list(map(_named, parts)) if all(map(_is_name, parts)) else parts
        if all(isinstance(term, InCategory | HasId) for part in parts for term in terms(part)):
            return joined(Or, [part for one in parts for part in _opened(one)])
        if said == {"OR"} or (not said and last == "OR"):
            return joined(Or, parts)
        if said == {"AND"} or (not said and last == "AND"):
            return joined(And, parts)
        words = [word.strip() for word in _COMMAS.split(self.cursor.typed) if word.strip()]
        raise self.cursor.error(
            QueryComma, first, any=_shown(" OR ".join(words)), every=_shown(" AND ".join(words))
        )

    def either(self, field: QueryField) -> Query:
        parts = [self.both(field)]
        while self.cursor.operator("OR"):
            parts.append(self.both(field))
            self.last_operator = "OR"
        return joined(Or, parts)

    def both(self, field: QueryField) -> Query:
        self.last_operator = None
        parts = [self.part(field)]
        beside = [False]  # whether a part stands next to the one before without an operator
        while True:
            if self.cursor.operator("ANDNOT"):
                parts.append(negated(self.part(field)))
                beside.append(False)
            elif self.cursor.operator("AND"):
                parts.append(self.part(field))
                self.last_operator = "AND"
                beside.append(False)
            elif not self.ended():
                parts.append(self.part(field))
                beside.append(True)
            else:
                return joined(And, _alternatives(parts, beside))

    def ended(self) -> bool:
        return self.cursor.next.kind in (TokenKind.CLOSE, TokenKind.COMMA, TokenKind.END) or (
            self.cursor.next.kind is TokenKind.OPERATOR and self.cursor.next.text == "OR"
        )

    def part(self, field: QueryField) -> Query:
        token = self.cursor.next
        if self.cursor.operator("NOT"):
            return negated(self.inside(token, lambda: self.part(field)))
        if token.kind is TokenKind.FIELD:
            self.cursor.take()
            if self.cursor.next.kind not in (TokenKind.WORD, TokenKind.PHRASE, TokenKind.OPEN):
                raise self.cursor.error(QueryTermMissing)
            return self.part(token.field)
        if token.kind is TokenKind.OPEN:
            self.cursor.take()
            query = self.inside(token, lambda: self.listed(field))
            if self.cursor.next.kind is not TokenKind.CLOSE:
                raise self.cursor.error(QueryParenthesisOpen, token)
            self.cursor.take()
            return query
        if token.kind in (TokenKind.WORD, TokenKind.PHRASE):
            return self.terms.read(field, self.cursor.take())
        raise self.cursor.error(QueryTermMissing)

    def inside(self, token: Token, read: Callable[[], Query]) -> Query:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.cursor.error(QueryTooDeep, token, limit=DEEPEST)
        query = read()
        self.depth -= 1
        return query


def _is_one_of(part: Query) -> bool:
    """Whether it is a category or an id, or any of several: no paper need be all of them."""
    if isinstance(part, Or):
        return all(map(_is_one_of, part.parts))
    return isinstance(part, InCategory | HasId)


def _is_name(part: Query) -> bool:
    """Whether it is a category, or the whole name of one in quotes: `["cs.CL", "cs.LG"]`."""
    return isinstance(part, InCategory) or (
        isinstance(part, Words)
        and part.field is QueryField.PLAIN
        and bool(taxonomy.category(part.text))
    )


def _named(part: Query) -> Query:
    known = taxonomy.category(part.text) if isinstance(part, Words) else None
    return InCategory(known.id) if known else part


def _opened(part: Query) -> tuple[Query, ...]:
    """`cs.CL and cs.LG`, at the end of a list."""
    return part.parts if isinstance(part, And) else (part,)


def _alternatives(parts: list[Query], beside: list[bool]) -> list[Query]:
    """Categories that stand side by side made one part: any of them will do."""
    found: list[Query] = []
    for part, is_beside in zip(parts, beside, strict=True):
        if is_beside and found and _is_one_of(found[-1]) and _is_one_of(part):
            found[-1] = joined(Or, [found[-1], part])
        else:
            found.append(part)
    return found


def _shown(query: str) -> str:
    return shorten(query.replace("`", "'"), LONGEST_OFFERED)
