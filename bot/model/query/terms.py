"""The terms of a query: words, categories, ids and authors, each with what can be wrong with it."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Final

import regex

from bot.errors import (
    QueryBadId,
    QueryBadIdMeant,
    QueryBadWildcard,
    QueryNameOpen,
    QueryNameScript,
    QueryNothingInTerm,
    QueryTooManyTerms,
    QueryUnknownCategory,
    QueryUnknownCategoryMeant,
)
from bot.model import taxonomy
from bot.model.arxiv_id import MalformedId, parse_arxiv_id
from bot.model.meanings import categories_meant, meant_by
from bot.model.query.cursor import Cursor
from bot.model.query.lex import Token, TokenKind
from bot.model.query.names import names
from bot.model.query.text import words
from bot.model.query.tree import (
    ByAuthor,
    Everything,
    HasId,
    InCategory,
    Or,
    Query,
    QueryField,
    joined,
    terms,
)

MOST_TERMS: Final = 50

_CATEGORY_WORDS: Final = ("cat", "category", "categories")
_ARCHIVES: Final = ("cs", "eess", "nlin")
"""Archives whose names are no words."""
_SUBJECT: Final = re.compile(r"[A-Za-z][A-Za-z-]{1,30}")
_SUBJECT_ALONE: Final = re.compile(r"[A-Z]{2}")
_GLOB: Final = re.compile(r"[a-z-]+[-.][A-Za-z-]*\*")
_ID: Final = re.compile(
    r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?", re.IGNORECASE
)
_PARTICLES: Final = frozenset(
    """
    al bin da das de del dela della den der di dos du el ibn la le las los san st ten ter van von zu
    """.split()  # noqa: SIM905
)
NAME: Final = re.compile(
    rf"[A-Z][^\W\d_]*[a-z][^\W\d_]*(?:['-][^\W\d_]+)*|(?:[A-Z]\.?-?)+|{'|'.join(_PARTICLES)}"
)
"""What may belong to the name before it; LLM does not, nor does diffusion."""
_INITIAL: Final = re.compile(r"[A-Z]\.?|(?:[A-Z]\.-?){2,}")
_NOT_LATIN: Final = regex.compile(r"[\p{Hangul}\p{Han}\p{Hiragana}\p{Katakana}]")
# The fields that no paper is without.
_ALWAYS: Final = {
    QueryField.PLAIN, QueryField.TITLE, QueryField.ABSTRACT, QueryField.AUTHOR,
    QueryField.CATEGORY, QueryField.ID, QueryField.ALL,
}  # fmt: skip


class Terms:
    """Reads the terms that stand at a cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.count = 0
        self.only_categories = all(
            token.kind is not TokenKind.WORD or taxonomy.expand(token.text)
            for token in cursor.tokens
        ) and not any(token.kind in (TokenKind.FIELD, TokenKind.PHRASE) for token in cursor.tokens)
        """Then `math physics` are archives, not words."""

    def read(self, field: QueryField, token: Token) -> Query:
        """The term that a word or phrase is, in a field."""
        following = self.cursor.next
        both = f"{token.text}.{following.text}"
        if (
            field is QueryField.PLAIN
            and token.kind is following.kind is TokenKind.WORD
            and _SUBJECT_ALONE.fullmatch(following.text)
            and taxonomy.category(both)
        ):
            token = replace(token, text=both)  # `cs CL`
            self.cursor.take()
        elif (
            token.text.lower() in _CATEGORY_WORDS
            and following.kind is TokenKind.WORD
            and taxonomy.category(following.text)
        ):
            token = self.cursor.take()  # `cat cs.CL`
        query = self._read(field, token)
        self.count += len(list(terms(query)))  # `hep-*` is four
        if self.count > MOST_TERMS:
            raise self.cursor.error(QueryTooManyTerms, token, limit=MOST_TERMS)
        return query

    def _read(self, field: QueryField, token: Token) -> Query:
        text = " ".join(token.text.split())
        if not text:
            raise self.cursor.error(QueryNothingInTerm, replace(token, text='""'))
        if text == "*" and field in _ALWAYS:
            return Everything()
        if field is QueryField.CATEGORY:
            return self.category(text, token)
        if field is QueryField.ID:
            return self.identifier(text, token)
        if field is QueryField.PLAIN and token.kind is TokenKind.WORD and not token.exact:
            if self.is_category(text):
                return self.category(text, token)
            if _ID.fullmatch(text):
                return self.identifier(text, token)
        if field is QueryField.AUTHOR:
            text, token = self.author(text, token)
        begins = text.endswith("*")
        text = text.removesuffix("*").rstrip()
        if "*" in text or (begins and not text):
            raise self.cursor.error(QueryBadWildcard, token)
        if field is QueryField.AUTHOR and (read := names(text, begins=begins)):
            return ByAuthor(text, begins, read)
        term = words(field, text, begins=begins, exact=token.exact)
        if term is None or field is QueryField.AUTHOR:
            raise self.cursor.error(QueryNothingInTerm, token)
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
        """A category, an archive or a pattern such as `cs.*`. Raises QueryUnknownCategory."""
        if (known := taxonomy.category(text)) or (known := taxonomy.respelt(text)):
            return InCategory(known.id)
        if archive := taxonomy.archive(text):
            only = len(archive.categories) == 1  # hep-th.* is hep-th
            return InCategory(archive.categories[0].id if only else f"{archive.id}.*")
        if "*" in text and (several := taxonomy.matching(text)):
            return joined(Or, [InCategory(one) for one in several])
        if meant := self.meant(text):
            raise self.cursor.error(QueryUnknownCategoryMeant, token, suggestion=meant)
        raise self.cursor.error(QueryUnknownCategory, token)

    def meant(self, text: str) -> str | None:
        """The categories that were probably meant, told by the words that follow if need be."""
        following = itertools.takewhile(
            lambda one: one.kind is TokenKind.WORD, self.cursor.tokens[self.cursor.place :]
        )
        words = [text, *(one.text for one in itertools.islice(following, 2))]
        for size in range(len(words), 0, -1):
            if called := meant_by(" ".join(words[:size])):
                return ", ".join(called)
        return categories_meant(text)

    def identifier(self, text: str, token: Token) -> Query:
        """An arXiv id, or a category where people write `arXiv:cs.CL`. Raises QueryBadId."""
        if known := taxonomy.category(text):  # arXiv:cs.CL
            return InCategory(known.id)
        try:
            found, _ = parse_arxiv_id(text)
        except MalformedId as error:
            if error.suggestion:
                raise self.cursor.error(
                    QueryBadIdMeant, token, suggestion=error.suggestion
                ) from None
            raise self.cursor.error(QueryBadId, token) from None
        return HasId(str(found))

    # -- authors -----------------------------------------------------------------------------------

    def author(self, text: str, token: Token) -> tuple[str, Token]:
        """A name with what belongs to it. Raises QueryNameOpen where that cannot be told."""
        if _NOT_LATIN.search(text):
            raise self.cursor.error(QueryNameScript, token)
        if token.kind is TokenKind.PHRASE:
            return text, token
        following: list[Token] = []
        at = self.cursor.place
        comma = self.cursor.tokens[at].kind is TokenKind.COMMA
        at += comma
        while self.cursor.tokens[at].kind is TokenKind.WORD and NAME.fullmatch(
            self.cursor.tokens[at].text
        ):
            following.append(self.cursor.tokens[at])
            at += 1
        if not following and (comma or text.lower() not in _PARTICLES):
            return text, token
        rest = " ".join(one.text for one in following)
        whole = f"{text}, {rest}" if comma else f"{text} {rest}"
        if following and all(_INITIAL.fullmatch(one.text) for one in following):
            self.cursor.place += comma + len(following)
            return whole, replace(token, text=whole)
        if not following:
            return text, token
        apart = " ".join([f"au:{text}", "OR" if comma else "AND", rest])
        raise self.cursor.error(QueryNameOpen, token, suggestion=f'au:"{whole}"', apart=apart)
