"""A query's text into a query, or the exact place where it cannot be one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from bot.errors import (
    QueryBadId,
    QueryBadIdMeant,
    QueryBadWildcard,
    QueryEmpty,
    QueryError,
    QueryNothingInTerm,
    QueryParenthesisOpen,
    QueryTermMissing,
    QueryTooDeep,
    QueryTooLong,
    QueryTooManyTerms,
    QueryUnknownCategory,
    QueryUnknownCategoryMeant,
)
from bot.model import taxonomy
from bot.model.arxiv_id import MalformedId, parse_arxiv_id
from bot.model.query import (
    And,
    ByAuthor,
    Everything,
    Field,
    HasId,
    InCategory,
    Or,
    Query,
    depth,
    joined,
    negated,
    understood,
)
from bot.model.query_lex import Kind, Token, place, tokens
from bot.model.query_text import names, words

LONGEST: Final = 1000
"""Characters, as typed and as written out by `understood`."""
DEEPEST: Final = 20
"""Operators and parentheses inside one another."""
MOST_TERMS: Final = 50

_Error = TypeVar("_Error", bound=QueryError)
# The fields that no paper is without.
_ALWAYS: Final = {
    Field.PLAIN, Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.CATEGORY, Field.ID, Field.ALL,
}  # fmt: skip


def parse(typed: str) -> Query:
    """The query that `typed` spells; bot.model.query tells the language.

    Raises a QueryError that says what stands where, and what was expected.
    """
    if len(typed) > LONGEST:
        raise QueryTooLong(length=len(typed), limit=LONGEST, **place(typed, "", LONGEST))
    if not typed.strip():
        raise QueryEmpty(**place(typed, "", 0))
    query = _Parser(typed).whole()
    if depth(query) > DEEPEST:
        raise QueryTooDeep(limit=DEEPEST, **place(typed, "", 0))
    if (length := len(understood(query))) > LONGEST:
        raise QueryTooLong(length=length, limit=LONGEST, **place(typed, "", len(typed)))
    return query


class _Parser:
    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.tokens = list(tokens(typed))
        self.place = 0
        self.depth = 0
        self.terms = 0

    def whole(self) -> Query:
        query = self.either(Field.PLAIN)
        if self.next.kind is Kind.CLOSE:
            raise self.error(QueryError)
        return query

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.next
        self.place += 1
        return token

    def operator(self, *names: str) -> str | None:
        """The operator that comes next, taken, if it is one of `names`."""
        token = self.next
        if token.kind is not Kind.OPERATOR or token.text not in names:
            return None
        return self.take().text

    def error(self, kind: type[_Error], token: Token | None = None, **params: object) -> _Error:
        token = token or self.next
        return kind(**place(self.typed, token.text, token.at), **params)

    def either(self, field: Field) -> Query:
        parts = [self.both(field)]
        while self.operator("OR"):
            parts.append(self.both(field))
        return joined(Or, parts)

    def both(self, field: Field) -> Query:
        parts = [self.part(field)]
        while True:
            if self.operator("ANDNOT"):
                parts.append(negated(self.part(field)))
            elif self.operator("AND") or not self.ended():
                parts.append(self.part(field))
            else:
                return joined(And, parts)

    def ended(self) -> bool:
        return self.next.kind in (Kind.CLOSE, Kind.END) or (
            self.next.kind is Kind.OPERATOR and self.next.text == "OR"
        )

    def part(self, field: Field) -> Query:
        token = self.next
        if self.operator("NOT"):
            return negated(self.inside(token, lambda: self.part(field)))
        if token.kind is Kind.FIELD:
            self.take()
            if self.next.kind not in (Kind.WORD, Kind.PHRASE, Kind.OPEN):
                raise self.error(QueryTermMissing)
            return self.part(token.field)
        if token.kind is Kind.OPEN:
            self.take()
            query = self.inside(token, lambda: self.either(field))
            if self.next.kind is not Kind.CLOSE:
                raise self.error(QueryParenthesisOpen, token)
            self.take()
            return query
        if token.kind in (Kind.WORD, Kind.PHRASE):
            return self.term(field, self.take())
        raise self.error(QueryTermMissing)

    def inside(self, token: Token, read: Callable[[], Query]) -> Query:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(QueryTooDeep, token, limit=DEEPEST)
        query = read()
        self.depth -= 1
        return query

    def term(self, field: Field, token: Token) -> Query:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise self.error(QueryTooManyTerms, token, limit=MOST_TERMS)
        text = " ".join(token.text.split())
        if not text:
            raise self.error(QueryNothingInTerm, replace(token, text='""'))
        if text == "*" and field in _ALWAYS:
            return Everything()
        if field is Field.CATEGORY:
            return self.category(text, token)
        if field is Field.ID:
            return self.identifier(text, token)
        if field is Field.PLAIN and token.kind is Kind.WORD and taxonomy.category(text):
            return self.category(text, token)
        begins = text.endswith("*")
        text = text.removesuffix("*").rstrip()
        if "*" in text or (begins and not text):
            raise self.error(QueryBadWildcard, token)
        if field is Field.AUTHOR and (read := names(text)):
            return ByAuthor(text, begins, read)
        term = words(field, text, begins=begins, exact=token.exact)
        if term is None or field is Field.AUTHOR:
            raise self.error(QueryNothingInTerm, token)
        return term

    def category(self, text: str, token: Token) -> InCategory:
        known = taxonomy.category(text)
        archive = None if known else taxonomy.archive(text)
        if archive and len(archive.categories) == 1:  # hep-th.* is hep-th
            known = archive.categories[0]
        if known:
            return InCategory(known.id)
        if archive:
            return InCategory(f"{archive.id}.*")
        if meant := _meant(text):
            raise self.error(QueryUnknownCategoryMeant, token, suggestion=meant)
        raise self.error(QueryUnknownCategory, token)

    def identifier(self, text: str, token: Token) -> HasId:
        try:
            found, _ = parse_arxiv_id(text)
        except MalformedId as error:
            if error.suggestion:
                raise self.error(QueryBadIdMeant, token, suggestion=error.suggestion) from None
            raise self.error(QueryBadId, token) from None
        return HasId(str(found))


def _meant(text: str) -> str | None:
    """The category that was probably meant: of the archive that was named, if one was."""
    meant = taxonomy.nearest(text)
    named = taxonomy.archive(text.partition(".")[0])
    if meant is None or named is None or "." not in text:
        return meant
    own = {one.id for one in named.categories if one.archive == named.id}
    return meant if meant in own else f"{named.id}.*"
