"""A place among the tokens of a query."""

from __future__ import annotations

from typing import TypeVar

from bot.errors import QueryError
from bot.model.query.lex import Token, TokenKind, tokens
from bot.model.query.place import place

_Error = TypeVar("_Error", bound=QueryError)


class Cursor:
    """The tokens of a query, and the one that comes next."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.tokens = tokens(typed)
        self.place = 0

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.place]

    def take(self) -> Token:
        """The next token; the cursor moves past it."""
        token = self.next
        self.place += 1
        return token

    def operator(self, *names: str) -> str | None:
        """The operator that comes next, taken, if it is one of `names`."""
        token = self.next
        if token.kind is not TokenKind.OPERATOR or token.text not in names:
            return None
        return self.take().text

    def error(self, kind: type[_Error], token: Token | None = None, **params: object) -> _Error:
        """An error of this class that points at a token, or at the next one."""
        token = token or self.next
        return kind(**place(self.typed, token.text, token.at), **params)
