"""What is meant by a word that stands nowhere: a word that does, but for a letter.

For a Latin word all that it is with one letter wrong is asked of the index at once, and the pages
found tell which of it there is; so nothing is offered that is not in this channel. For a Korean
one what is left of it without one syllable is asked. Of longer words two letters may be wrong: then
the titles and names of the list are gone through.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Final

from bot.model.search import SEARCHED, SearchedPaper, SearchQuery
from bot.model.search_parse import parse_search
from bot.store import Transaction
from bot.store.fulltext.match_queries import ANYWHERE, Asked
from bot.text.bigrams import Phrase, pieces, query
from bot.text.near import is_near, is_near_syllable

_PAGES: Final = 30
"""Pages that are looked at for what a word may be."""
_TITLE: Final = 5
"""What a word in a title or a name counts to one elsewhere."""
_LONGEST: Final = 30
"""Letters of a word that may be misspelt."""
_NEWEST: Final = 2_000
"""Papers whose names are gone through for a word with two letters wrong."""
_HANGUL: Final = re.compile(r"[가-힣]{2,15}")
_LATIN: Final = re.compile(r"[a-z]{4,}")


async def corrected(
    tx: Transaction, channel_id: int | None, search: SearchQuery
) -> tuple[SearchQuery, str] | None:
    """The search with what may be meant by the words that stand nowhere, and its words as a person
    would type them; None if there is nothing to correct."""
    words = search.typed.split()
    meant = [await _meant(tx, channel_id, word) for word in words]
    if not any(meant):
        return None
    typed = " ".join(better or word for better, word in zip(meant, words, strict=True))
    return replace(search, phrases=parse_search(typed).phrases, typed=typed), typed


async def _meant(tx: Transaction, channel_id: int | None, word: str) -> str | None:
    """The word that is meant by one that stands nowhere."""
    phrases = query(word)
    if len(phrases) != 1 or phrases[0].exact or len(word) > _LONGEST:
        return None
    if await tx.searches.count(channel_id, [Asked(phrases[0], ANYWHERE)], 1):
        return None
    if _HANGUL.fullmatch(word):
        return await _korean(tx, channel_id, word)
    lower = word.lower()
    if not _LATIN.fullmatch(lower):
        return None
    near = edits(lower)
    first, *others = (Phrase((one,)) for one in sorted(near))
    pages = await _pages(tx, channel_id, [Asked(replace(first, others=tuple(others)), ANYWHERE)])
    found = await asyncio.to_thread(_likest, pages, lambda one: one in near)
    return found or await _named(tx, channel_id, lower)


def edits(word: str) -> set[str]:
    """All words of small letters that `word` is with one letter wrong, left out, added, or changed
    places with the next one."""
    cut = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cut if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cut if len(tail) > 1}
    found |= {head + one + tail[1:] for head, tail in cut if tail for one in ascii_lowercase}
    found |= {head + one + tail for head, tail in cut for one in ascii_lowercase}
    return found - {word, ""}


async def _korean(tx: Transaction, channel_id: int | None, word: str) -> str | None:
    """The word with one syllable otherwise: what stands before and behind it is looked for."""
    found: Counter[str] = Counter()
    for at in range(len(word)):
        least = min(2, len(word) - 1)  # a single syllable is in too many words
        parts = [part for part in (word[:at], word[at + 1 :]) if len(part) >= least]
        asked = [Asked(phrase, ANYWHERE) for part in parts for phrase in query(part)]
        near = re.compile(f"{word[:at]}([가-힣]){word[at + 1 :]}")
        for page in await _pages(tx, channel_id, asked):
            for text, count in _texts(page):
                found.update(
                    {
                        match[0]: count
                        for match in near.finditer(text)
                        if is_near_syllable(match[1], word[at])
                    }
                )
    return found.most_common(1)[0][0] if found else None


async def _named(tx: Transaction, channel_id: int | None, word: str) -> str | None:
    """The word of a title or a name on the list that is like this one but for two letters."""
    search = SearchQuery()
    newest = await tx.searches.page_ids(channel_id, search, [], _NEWEST)
    pages = [SearchedPaper(entry) for entry in (await tx.searches.entries_with(newest)).values()]
    return await asyncio.to_thread(_likest, pages, lambda one: is_near(word, one))


async def _pages(
    tx: Transaction, channel_id: int | None, asked: Sequence[Asked]
) -> Sequence[SearchedPaper]:
    if not asked:
        return []
    search = SearchQuery()
    ids = await tx.searches.page_ids(channel_id, search, asked, _PAGES)
    return list((await tx.searches.pages(ids, search)).values())


def _likest(pages: Sequence[SearchedPaper], is_like: Callable[[str], bool]) -> str | None:
    """The word on these pages that is like the one typed and stands there most often."""
    found: Counter[str] = Counter()
    for page in pages:
        for text, count in _texts(page):
            for word in filter(is_like, set(pieces(text))):
                found[word] += count
    return found.most_common(1)[0][0] if found else None


def _texts(page: SearchedPaper) -> Iterator[tuple[str, int]]:
    """The texts of a page, and what a word in them counts."""
    paper = page.entry.paper
    for name in (paper.shown_title, *paper.data.authors, *page.names):
        yield name, _TITLE
    yield paper.shown_abstract, 1
    for take in page.takes:
        yield take.text[:SEARCHED], 1
    for file in page.notes:
        yield file.prose, 1
