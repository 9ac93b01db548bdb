"""A loopback arXiv: the query API, the daily feeds and OAI-PMH on 127.0.0.1, for the demo and for
tests.

It imports nothing of the rest of `bot`, so that it is a fair judge; tests hold it to recorded
answers.

    async with LoopbackArxiv(load_papers(path), clock=clock) as arxiv:
        arxiv.api_base, arxiv.feed_base, arxiv.oai_base     # where the client is to look
        arxiv.announce(Announcement(date(2026, 11, 24), "new", paper))
        arxiv.misbehave("503", route="oai", times=2, retry_after=5)
        arxiv.requests, arxiv.most_together, arxiv.intervals  # what the client did

`simulate(seed, days, rate)` makes announcements for years of a made-up arXiv.
"""

from .calendar import EASTERN, HOLIDAYS, Calendar, announced_at, in_oai_at
from .collection import Collection, announced
from .faults import MISBEHAVIOURS, Fault, Misbehaviour, Request, Route
from .papers import Announcement, Author, Kind, Paper, Version, load_papers
from .server import LoopbackArxiv
from .simulate import Rates, simulate

__all__ = [
    "EASTERN",
    "HOLIDAYS",
    "MISBEHAVIOURS",
    "Announcement",
    "Author",
    "Calendar",
    "Collection",
    "Fault",
    "Kind",
    "LoopbackArxiv",
    "Misbehaviour",
    "Paper",
    "Rates",
    "Request",
    "Route",
    "Version",
    "announced",
    "announced_at",
    "in_oai_at",
    "load_papers",
    "simulate",
]
