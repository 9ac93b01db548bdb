"""Papers that are like another one: by the words of their titles, abstracts, takes and notes.

The words that a paper has and few others have (TF-IDF) are asked of the index; those papers that
have the most of them are read, and put in order by the cosine of their words to this one's.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Final

from bot.model.search import SEARCHED, SearchedPaper, SearchQuery
from bot.model.take import Entry
from bot.store import Transaction
from bot.store.fulltext.match_queries import ANYWHERE, Asked
from bot.text.bigrams import Phrase, stems

_ASKED: Final = 80
"""Words of a paper that are asked for."""
_COMMON: Final = 300
"""A word on so many pages tells nothing."""
_READ: Final = 60
"""Papers that are read to put them in order."""
_TITLE: Final = 3
"""What a word of the title counts to one elsewhere."""
_SHORTEST: Final = 3
"""Letters of a Latin word that tells something."""
_LINK: Final = re.compile(r"https?://\S+|\[\[[^\]\n]*\]\]|\b\d{4}\.\d{4,5}\b")


async def like(tx: Transaction, channel_id: int, entry: Entry, count: int) -> list[int]:
    """The numbers of the entries whose pages are most like this one's, the likest first."""
    page = (await tx.searches.pages([entry.id], SearchQuery())).get(entry.id)
    if page is None:
        return []
    mine = await asyncio.to_thread(_words, page)
    having: dict[str, Sequence[int]] = {}
    for word, _ in mine.most_common(_ASKED):
        asked = [Asked(Phrase((word,), stems=(word,)), ANYWHERE)]
        found = await tx.searches.page_ids(channel_id, SearchQuery(), asked, _COMMON)
        if 1 < len(found) < _COMMON:
            having[word] = found
    rarity = {word: log(_COMMON / len(found)) for word, found in having.items()}
    scores: Counter[int] = Counter()
    for word, found in having.items():
        for number in found:
            scores[number] += rarity[word] * (1 + log(mine[word]))  # type: ignore[assignment]
    del scores[entry.id]
    candidates = [number for number, _ in scores.most_common(_READ)]
    pages = await tx.searches.pages(candidates, SearchQuery())
    return (await asyncio.to_thread(_ordered, mine, list(pages.values()), rarity))[:count]


def _ordered(
    mine: Counter[str], pages: Iterable[SearchedPaper], rarity: Mapping[str, float]
) -> list[int]:
    own = _weighted(mine, rarity)
    scores = {page.entry.id: _cosine(own, _words(page), rarity) for page in pages}
    return sorted(scores, key=lambda number: (-scores[number], -number))


def _cosine(own: Mapping[str, float], words: Counter[str], rarity: Mapping[str, float]) -> float:
    theirs = _weighted(words, rarity)
    shared = sum(own[word] * weight for word, weight in theirs.items())
    # Words that this paper does not have count as one that is not rare.
    length = sqrt(sum(words.values()))
    return shared / length if length else 0.0


def _weighted(words: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    return {word: (1 + log(words[word])) * rare for word, rare in rarity.items() if words[word]}


def _words(page: SearchedPaper) -> Counter[str]:
    """The words of a page that may tell something, and how often they stand there; of Hangul, Kana
    and Han the pairs. Addresses are links, not words."""
    paper = page.entry.paper
    counts: Counter[str] = Counter()
    for text, count in (
        (paper.shown_title if paper.data.title else "", _TITLE),
        (" ".join(page.names), _TITLE),
        (paper.shown_abstract, 1),
        *((take.text[:SEARCHED], 1) for take in page.takes),
        *((file.prose, 1) for file in page.notes),
    ):
        for word in stems(_LINK.sub(" ", text)):
            if len(word) >= _SHORTEST or (len(word) > 1 and not word.isascii()):
                counts[word] += count
    return counts
