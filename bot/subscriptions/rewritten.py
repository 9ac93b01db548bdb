"""Rewrites saved queries in the query language as it is today."""

from __future__ import annotations

import re
from typing import Final

from bot.errors import PersonError
from bot.model.query.parse import parse_saved
from bot.model.query.written import understood
from bot.store import Transaction

_AT_ONCE: Final = 200
_OPERATORS: Final = {" AND and AND ": " AND ", " AND or AND ": " OR ", " AND not AND ": " ANDNOT "}
_SMALL: Final = re.compile("|".join(_OPERATORS))
"""`and` was a word once when it was not in capitals."""


async def rewrite_queries(tx: Transaction, after: int) -> int | None:
    """Write the next queries after this number anew; the last one's number, None without any."""
    found = await tx.subscriptions.queries(after, _AT_ONCE)
    for number, query in found:
        if (now := rewritten(query)) != query:
            await tx.subscriptions.change(number, query=now)
    return found[-1][0] if found else None


def rewritten(query: str) -> str:
    """A saved query as it is written now; what cannot be read any more stays as it is."""
    try:
        return understood(parse_saved(_SMALL.sub(lambda match: _OPERATORS[match[0]], query)))
    except PersonError:
        return query
