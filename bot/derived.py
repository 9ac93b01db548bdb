"""All that is derived, in the order in which it is made anew.

Count a version up when what its making gives has changed; `bot.store.derived` does the rest.
"""

from __future__ import annotations

from typing import Final

from bot.archive.parser.reread import reread_documents
from bot.store.accents import decode_papers
from bot.store.derived import Derived
from bot.store.fulltext import remaking
from bot.store.queries.addresses import remake_addresses
from bot.subscriptions.rewritten import rewrite_queries

DERIVED: Final = (
    # Before the words of papers are made: who counts this one up counts those up too.
    Derived("papers", 2, decode_papers),
    Derived("addresses", 1, remake_addresses),
    Derived("queries", 1, rewrite_queries),
    Derived("prose", 4, reread_documents),
    Derived("documents", 6, remaking.remake_documents, remaking.begin_documents),
    # The tags and links of takes.
    Derived("takes", 4, remaking.remake_takes, remaking.begin_takes),
    Derived("pages", 2, remaking.remake_pages, remaking.begin_pages),
    # Of all that was ever announced. It completes what somebody types and finds what is on no
    # list: for some seconds after an update it does so for the older papers alone.
    Derived("titles", 5, remaking.remake_titles, remaking.begin_titles, awaited=False),
)
AWAITED: Final = tuple(one for one in DERIVED if one.awaited)
LATER: Final = tuple(one for one in DERIVED if not one.awaited)
