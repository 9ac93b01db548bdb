"""A query's text into a query, or the exact place where it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

import regex

from bot.errors import (
    QueryBadId,
    QueryBadIdMeant,
    QueryBadWildcard,
    QueryComma,
    QueryEmpty,
    QueryError,
    QueryNameOpen,
    QueryNameScript,
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
from bot.model.meanings import categories_meant
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
    terms,
)
from bot.model.query_lex import Kind, Token, place, tokens
from bot.model.query_names import names
from bot.model.query_paste import unpacked
from bot.model.query_text import words
from bot.model.query_written import understood
from bot.text.graphemes import shorten

LONGEST: Final = 1000
"""Characters, as typed and as written out by `understood`."""
DEEPEST: Final = 20
"""Operators and parentheses inside one another."""
MOST_TERMS: Final = 50

LONGEST_SHOWN: Final = 200
"""Characters of a query that is offered instead."""

_Error = TypeVar("_Error", bound=QueryError)
_COMMAS: Final = re.compile(r"[,;、，；](?!\d{3})")
_ARCHIVES: Final = ("cs", "eess", "nlin")
"""Archives whose names are no words."""
_SUBJECT: Final = re.compile(r"[A-Za-z][A-Za-z-]{1,30}")
_GLOB: Final = re.compile(r"[a-z-]+[-.][A-Za-z-]*\*")
_ID: Final = re.compile(
    r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?", re.IGNORECASE
)
_PARTICLES: Final = frozenset(
    """
    al bin da das de del dela della den der di dos du el ibn la le las los san st ten ter van von zu
    """.split()  # noqa: SIM905
)
_NAME: Final = re.compile(
    rf"[A-Z][^\W\d_]*[a-z][^\W\d_]*(?:['-][^\W\d_]+)*|(?:[A-Z]\.?-?)+|{'|'.join(_PARTICLES)}"
)
"""What may belong to the name before it; LLM does not, nor does diffusion."""
_INITIAL: Final = re.compile(r"[A-Z]\.?|(?:[A-Z]\.-?){2,}")
_NOT_LATIN: Final = regex.compile(r"[\p{Hangul}\p{Han}\p{Hiragana}\p{Katakana}]")
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
    typed = unpacked(typed)
    if not typed:
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
        self.only_categories = all(
            token.kind is not Kind.WORD or taxonomy.expand(token.text) for token in self.tokens
        ) and not any(token.kind in (Kind.FIELD, Kind.PHRASE) for token in self.tokens)
        """Then `math physics` are archives, not words."""
        self.last_operator: str | None = None
        """The last AND or OR that was written between the terms read last."""

    def whole(self) -> Query:
        query = self.listed(Field.PLAIN)
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

    def listed(self, field: Field) -> Query:
        """Terms with commas between them: categories, of which any will do, or a list that says by
        its last `and` or `or` how it is meant."""
        parts, said, first = [self.either(field)], set[str | None](), self.next
        while self.next.kind is Kind.COMMA:
            while self.next.kind is Kind.COMMA:
                self.take()
            if self.next.kind in (Kind.CLOSE, Kind.END):
                break
            said.add(self.operator("AND", "OR"))
            parts.append(self.either(field))
        if len(parts) == 1:
            return parts[0]
        said.discard(None)
        last = self.last_operator
        if all(isinstance(term, InCategory | HasId) for part in parts for term in terms(part)):
            return joined(Or, [part for one in parts for part in _opened(one)])
        if said == {"OR"} or (not said and last == "OR"):
            return joined(Or, parts)
        if said == {"AND"} or (not said and last == "AND"):
            return joined(And, parts)
        words = [word.strip() for word in _COMMAS.split(self.typed) if word.strip()]
        raise self.error(
            QueryComma, first, any=_shown(" OR ".join(words)), every=_shown(" AND ".join(words))
        )

    def either(self, field: Field) -> Query:
        parts = [self.both(field)]
        while self.operator("OR"):
            parts.append(self.both(field))
            self.last_operator = "OR"
        return joined(Or, parts)

    def both(self, field: Field) -> Query:
        self.last_operator = None
        parts = [self.part(field)]
        beside = [False]  # whether a part stands next to the one before without an operator
        while True:
            if self.operator("ANDNOT"):
                parts.append(negated(self.part(field)))
                beside.append(False)
            elif self.operator("AND"):
                parts.append(self.part(field))
                self.last_operator = "AND"
                beside.append(False)
            elif not self.ended():
                parts.append(self.part(field))
                beside.append(True)
            else:
                return joined(And, _alternatives(parts, beside))

    def ended(self) -> bool:
        return self.next.kind in (Kind.CLOSE, Kind.COMMA, Kind.END) or (
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
            query = self.inside(token, lambda: self.listed(field))
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
        if field is Field.PLAIN and token.kind is Kind.WORD and not token.exact:
            if self.is_category(text):
                return self.category(text, token)
            if _ID.fullmatch(text):
                return self.identifier(text, token)
        if field is Field.AUTHOR:
            text, token = self.author(text, token)
        begins = text.endswith("*")
        text = text.removesuffix("*").rstrip()
        if "*" in text or (begins and not text):
            raise self.error(QueryBadWildcard, token)
        if field is Field.AUTHOR and (read := names(text, begins=begins)):
            return ByAuthor(text, begins, read)
        term = words(field, text, begins=begins, exact=token.exact)
        if term is None or field is Field.AUTHOR:
            raise self.error(QueryNothingInTerm, token)
        return term

    # -- categories and ids ------------------------------------------------------------------------

    def is_category(self, text: str) -> bool:
        """Whether a word by itself is a category or archive, or can only be meant for one."""
        if taxonomy.category(text) or taxonomy.respelt(text):
            return True
        if taxonomy.archive(text):
            return text.endswith(".*") or "-" in text or text in _ARCHIVES or self.only_categories
        if "*" in text:
            return _GLOB.fullmatch(text) is not None and bool(taxonomy.matching(text))
        archive, dot, subject = text.partition(".")
        return bool(dot and _SUBJECT.fullmatch(subject) and taxonomy.archive(archive))

    def category(self, text: str, token: Token) -> Query:
        if (known := taxonomy.category(text)) or (known := taxonomy.respelt(text)):
            return InCategory(known.id)
        if archive := taxonomy.archive(text):
            only = len(archive.categories) == 1  # hep-th.* is hep-th
            return InCategory(archive.categories[0].id if only else f"{archive.id}.*")
        if "*" in text and (several := taxonomy.matching(text)):
            return joined(Or, [InCategory(one) for one in several])
        if meant := categories_meant(text):
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

    # -- authors -----------------------------------------------------------------------------------

    def author(self, text: str, token: Token) -> tuple[str, Token]:
        """A name with what belongs to it. Raises QueryNameOpen where that cannot be told."""
        if _NOT_LATIN.search(text):
            raise self.error(QueryNameScript, token)
        if token.kind is Kind.PHRASE:
            return text, token
        following: list[Token] = []
        at = self.place
        comma = self.tokens[at].kind is Kind.COMMA
        at += comma
        while self.tokens[at].kind is Kind.WORD and _NAME.fullmatch(self.tokens[at].text):
            following.append(self.tokens[at])
            at += 1
        if not following and (comma or text.lower() not in _PARTICLES):
            return text, token
        rest = " ".join(one.text for one in following)
        whole = f"{text}, {rest}" if comma else f"{text} {rest}"
        if following and all(_INITIAL.fullmatch(one.text) for one in following):
            self.place = at
            return whole, replace(token, text=whole)
        if not following:
            return text, token
        apart = " ".join([f"au:{text}", "OR" if comma else "AND", rest])
        raise self.error(QueryNameOpen, token, suggestion=f'au:"{whole}"', apart=apart)


def _is_one_of(part: Query) -> bool:
    """Whether it is a category or an id, or any of several: no paper need be all of them."""
    if isinstance(part, Or):
        return all(map(_is_one_of, part.parts))
    return isinstance(part, InCategory | HasId)


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
    return shorten(query.replace("`", "'"), LONGEST_SHOWN)
