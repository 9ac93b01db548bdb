"""All that is derived, in the order in which it is made anew.

Count a version up when what its making gives has changed; `bot.store.derived` does the rest.
"""

from __future__ import annotations

from typing import Final

from bot.archive.parser.reread import reread_documents
from bot.store.accents import decode_papers
from bot.store.derived import Derived
from bot.store.fulltext import index, pages
from bot.store.queries.addresses import remake_addresses
from bot.subscriptions.rewritten import rewrite_queries

DERIVED: Final = (
    # Before the words of papers are made: who counts this one up counts those up too.
    Derived("papers", 2, decode_papers),
    Derived("addresses", 1, remake_addresses),
    Derived("queries", 1, rewrite_queries),
    Derived("prose", 4, reread_documents),
    Derived("documents", 6, index.remake_documents, index.begin_documents),
    # The tags and links of takes.
    Derived("takes", 4, index.remake_takes, index.begin_takes),
    Derived("pages", 2, pages.remake_pages, pages.begin_pages),
    # Of all that was ever announced. It completes what somebody types and finds what is on no
    # list: for some seconds after an update it does so for the older papers alone.
    Derived("titles", 5, index.remake_titles, index.begin_titles, awaited=False),
)
AWAITED: Final = tuple(one for one in DERIVED if one.awaited)
LATER: Final = tuple(one for one in DERIVED if not one.awaited)
