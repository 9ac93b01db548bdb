"""A loopback arXiv: the query API, the daily feeds and OAI-PMH on 127.0.0.1, for the demo and for
tests.

It imports nothing of the rest of `bot`, so that it is a fair judge; tests hold it to recorded
answers.
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
