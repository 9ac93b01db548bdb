"""The one gate to arXiv: pacing, query API, daily feeds, OAI-PMH.

The rest of the program uses `Arxiv` and what it answers; see `service.py`.
"""

from bot.arxiv.errors import ArxivError, ArxivRefused, ArxivUnavailable, GaveWay
from bot.arxiv.lookup import Lookup
from bot.arxiv.service import Arxiv, ArxivSettings

__all__ = [
    "Arxiv",
    "ArxivError",
    "ArxivRefused",
    "ArxivSettings",
    "ArxivUnavailable",
    "GaveWay",
    "Lookup",
]
