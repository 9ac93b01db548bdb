"""A query in words: what will be searched for, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import regex

from bot.errors import PersonError
from bot.locale import Texts
from bot.model import taxonomy
from bot.model.meanings import meant_by
from bot.model.query.parse import parse_saved
from bot.model.query.tree import (
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
    terms,
)
from bot.model.query.written import understood
from bot.text.graphemes import shorten
from bot.text.markdown import escape

LONGEST: Final = 700
"""Characters of a description."""
_LATIN: Final = re.compile(r"[A-Za-z]{2}")
_NOT_ENGLISH: Final = regex.compile(r"[\p{Hangul}\p{Han}\p{Hiragana}\p{Katakana}]")
_FILLERS: Final = frozenset(
    """
    about arxiv articles but by contains containing either find in latest new newest paper papers
    recent related research since subscribe where without works
    알려줘 논문 논문들 관련 관련된 최신 최근 새로운 대한 에 좀
    """.split()  # noqa: SIM905
)
"""What is said around a topic, and seldom in a paper."""
_OF_NAME: Final = re.compile(r"[A-Z][\w'’]*[a-z][\w'’]*(?:-[\w'’]+)*|[A-Z]")
_WITHOUT_FORMS: Final = (QueryField.JOURNAL, QueryField.REPORT)


@dataclass(frozen=True, slots=True)
class _Clause:
    """Terms of one kind that are told together: *in cs.CL or cs.LG*, *without a or b in the title*.

    `any_of` them, or all.
    """

    kind: str
    terms: tuple[Term, ...]
    any_of: bool = True
    negative: bool = False


def described(query: Query, texts: Texts) -> str:
    """What a query asks for, in one sentence."""
    return shorten(texts("query.papers", what=_said(query, texts)), LONGEST)


def in_words(written: str, texts: Texts) -> str:
    """The same of a saved query; that it cannot be read any more, if so."""
    try:
        return described(parse_saved(written), texts)
    except PersonError:
        return texts("query.unreadable")


def notes(query: Query, texts: Texts) -> list[str]:
    """What somebody may not expect of it: each a short line."""
    found = list(terms(query))
    words = [one for one in found if isinstance(one, Words)]
    said: list[str] = []
    usual = [
        one
        for one in words
        if not (one.exact or one.begins or one.field in _WITHOUT_FORMS) and _LATIN.search(one.text)
    ]
    if usual:
        exact = understood(replace(usual[0], exact=True)).replace("`", "'")
        said.append(texts("query.note.forms", exact=shorten(exact, 80)))
    if not any(isinstance(one, InCategory) for one in found):
        said += [
            texts("query.note.category", word=escape(one.text), category=_categories(meant))
            for one in words
            if one.field is QueryField.PLAIN and not one.exact and (meant := _meant(one.text))
        ][:2]
    if len(found) > 1 and (idle := _fillers(words)):
        said.append(texts("query.note.filler", words=", ".join(f"*{escape(one)}*" for one in idle)))
    if name := _as_name(query):
        said.append(texts("query.note.person", name=name))
    if any(_NOT_ENGLISH.search(one.text) for one in words):
        said.append(texts("query.note.english"))
    said += [
        texts("query.note.author", name=escape(one.text))
        for one in found
        if isinstance(one, ByAuthor) and len({name.family for name in one.names if name.given}) > 1
    ][:1]
    return [f"-# {line}" for line in said]


def _fillers(words: Sequence[Words]) -> list[str]:
    plain = (one.text for one in words if one.field is QueryField.PLAIN and not one.exact)
    return [text for text in dict.fromkeys(plain) if text.casefold() in _FILLERS][:5]


def _as_name(query: Query) -> str | None:
    """The words of a query that is nothing but two or three with capitals: *Kaiming He*. No title
    or abstract has the names of its authors."""
    if not isinstance(query, And) or len(query.parts) > 3:
        return None
    found = [one.text for one in query.parts if isinstance(one, Words)]
    plain = all(isinstance(one, Words) and one.field is QueryField.PLAIN for one in query.parts)
    name = " ".join(found)
    return name if plain and all(map(_OF_NAME.fullmatch, found)) and not _meant(name) else None


def _meant(text: str) -> tuple[str, ...]:
    known = taxonomy.category(text)
    return (known.id,) if known else meant_by(text)


def _categories(meant: Sequence[str]) -> str:
    return ", ".join(f"`cat:{one}`" for one in meant)


# -- the sentence ----------------------------------------------------------------------------------


def _said(query: Query, texts: Texts) -> str:
    if isinstance(query, And | Or) and _clause(query) is None:
        every = isinstance(query, And)
        told = [_inner(part, texts) for part in _gathered(query.parts, every=every)]
        return texts("query.join.and" if every else "query.join.or").join(told)
    clause = _clause(query)
    if clause is not None:
        return _told(clause, texts)
    assert isinstance(query, Not)
    return texts("query.not", what=_said(query.part, texts))


def _inner(part: _Clause | Query, texts: Texts) -> str:
    if isinstance(part, _Clause):
        return _told(part, texts)
    said = _said(part, texts)
    return f"({said})" if isinstance(part, And | Or) else said


def _clause(query: Query) -> _Clause | None:
    """What can be told as one clause: a term or alternatives of one kind, with or without NOT."""
    match query:
        case Not(part):
            inner = _clause(part)
            if inner is None or inner.negative:
                return None
            return replace(inner, negative=True)
        case Or(parts):
            clauses = [_clause(part) for part in parts]
            kinds = {one and (one.kind, one.negative, len(one.terms)) for one in clauses}
            if len(kinds) != 1 or (first := clauses[0]) is None or first.negative:
                return None
            return _Clause(first.kind, tuple(one.terms[0] for one in clauses if one))
        case And():
            return None
        case _:
            return _Clause(_kind(query), (query,))


def _gathered(parts: Sequence[Query], *, every: bool) -> list[_Clause | Query]:
    """The parts of an And (`every`) or an Or, neighbours of one kind in one clause."""
    found: list[_Clause | Query] = []
    for part in parts:
        clause, last = _clause(part), found[-1] if found else None
        if clause is None:
            found.append(part)
        elif isinstance(last, _Clause) and _go_together(last, clause, every=every):
            terms = (*last.terms, *clause.terms)
            found[-1] = _Clause(clause.kind, terms, not every or clause.negative, clause.negative)
        else:
            found.append(clause)
    return found


def _go_together(one: _Clause, other: _Clause, *, every: bool) -> bool:
    if (one.kind, one.negative) != (other.kind, other.negative):
        return False
    if one.negative:  # neither of them; but "without a, or without b" is said in full
        return every
    return not every or not (
        (one.any_of and len(one.terms) > 1) or (other.any_of and len(other.terms) > 1)
    )


def _told(clause: _Clause, texts: Texts) -> str:
    key = f"query.{'without' if clause.negative else 'with'}.{clause.kind}"
    names = [_name(term, texts) for term in clause.terms]
    listed = texts("query.list.or" if clause.any_of else "query.list.and").join(names)
    return texts(key, what=listed)


def _kind(term: Term) -> str:
    match term:
        case Words(field):
            return field.value or "plain"
        case ByAuthor(names=names):
            return (
                "anyone"
                if all(len(name.family) == 1 and not name.given for name in names)
                else "au"
            )
        case InCategory():
            return "cat"
        case HasId():
            return "id"
        case Everything():
            return "everything"


def _name(term: Term, texts: Texts) -> str:
    match term:
        case Words(text=text, begins=begins, exact=exact):
            shown = f"*{escape(text)}*"
            if begins:
                return texts("query.begins", what=shown)
            return texts("query.exactly", what=shown) if exact else shown
        case ByAuthor(text=text, begins=begins):
            return f"*{escape(text)}{'…' if begins else ''}*"
        case InCategory(name):
            return f"**{escape(name)}**"
        case HasId(value):
            return f"**{escape(value)}**"
        case Everything():
            return ""
