"""Queries in plain speech whose words no paper has: `papers by Kaiming He`, `all papers`."""

from __future__ import annotations

from typing import Final

from bot.errors import QueryByName, QueryNoTopic
from bot.model import taxonomy
from bot.model.query.cursor import Cursor
from bot.model.query.lex import Token, TokenKind
from bot.model.query.terms import NAME
from bot.model.query.written import EVERYTHING

_IDLE: Final = EVERYTHING | frozenset(
    """
    any arxiv article articles every for from in latest me new newest of on paper papers
    please preprint preprints recent the
    관련 논문 논문들 논문을 모든 새 새로운 신규 아카이브 최근 최신
    """.split()  # noqa: SIM905
)
_LONGEST_NAME: Final = 3
"""Words."""


def refuse_spoken(cursor: Cursor) -> None:
    """Raises QueryByName for `by` and a name, QueryNoTopic for words that name no topic."""
    _refuse_no_topic(cursor)
    for place, token in enumerate(cursor.tokens):
        if token.kind is TokenKind.WORD and token.text.lower() == "by":
            before, after = cursor.tokens[:place], cursor.tokens[place + 1 :]
            name = _name(after)
            only_papers = all(one.text.casefold() in _IDLE for one in before)
            # In a title that was pasted `by` is followed by no author.
            pasted = any(one.text.istitle() for one in before[1:])
            if name and (only_papers or (" " in name and not pasted)):
                raise cursor.error(QueryByName, token, name=name)


def _name(tokens: list[Token]) -> str:
    """The name that tokens begin with."""
    found: list[str] = []
    for token in tokens:
        if token.kind is not TokenKind.WORD or not NAME.fullmatch(token.text):
            break
        found.append(token.text)
    begins = bool(found) and found[0][0].isupper()
    return " ".join(found) if begins and len(found) <= _LONGEST_NAME else ""


def _refuse_no_topic(cursor: Cursor) -> None:
    words = cursor.tokens[:-1]
    if any(one.kind is not TokenKind.WORD or one.exact for one in words):
        return
    categories = [known.id for one in words if (known := taxonomy.category(one.text))]
    others = [one.text.casefold() for one in words if not taxonomy.category(one.text)]
    if not others or not set(others) <= _IDLE or (len(words) == 1 and others[0] not in EVERYTHING):
        return
    form = " OR ".join(f"cat:{one}" for one in categories[:5]) or "cat:cs.CV"
    raise cursor.error(QueryNoTopic, words[0], form=form)
