"""What a plain scan finds in an archive's files, and what the search finds of the same."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from bot.archive.parser.body import load
from bot.archive.parser.prose import papers_of
from bot.archive.parser.reader import parse
from bot.model.channel import Channel
from bot.model.search_parse import parse_search
from bot.store import Transaction
from bot.store.fulltext.pages import paper_text
from bot.store.fulltext.search import anywhere
from bot.store.schema import DocumentRow
from bot.text.stems import stem

ARCHIVE = Path(__file__).parent / "data" / "ml-papers"
_WORD = re.compile(r"[가-힣]{2,}|[^\W_가-힣]+")
_URL = re.compile(r"https?://[^\s)>\]]+")


def plain(text: str) -> str:
    """A text without case and accents."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("ł", "l").replace("ø", "o"))
    return unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f]", "", bare))


def without_addresses(text: str) -> str:
    """The same without addresses, which are written in many forms."""
    return _URL.sub(" ", text)


def words_of(text: str) -> set[str]:
    """The words of a text that is `plain`; of long Korean ones also what is within them."""
    words = set(_WORD.findall(text))
    return words | {word[1:] for word in words if word[0] >= "가" and len(word) > 2}


def has(text: str, word: str) -> bool:
    """Whether a text that is `plain` has a word: of Korean anywhere, of others on its own, also in
    another number."""
    return word in text if word >= "가" else stem(word) in _forms(text)


@lru_cache(maxsize=4096)
def _forms(text: str) -> set[str]:
    return set(map(stem, re.findall(r"[^\W_가-힣]+", text)))


@dataclass(frozen=True, slots=True)
class Hits:
    """The files of which something was found, and the plain texts of what was found."""

    paths: set[str]
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Scanned:
    """An archive that was imported: its files' plain texts, and which file holds what."""

    channel: Channel
    files: dict[str, str]
    """Without addresses."""
    words: set[str]
    of_take: dict[int, set[str]]
    of_paper: dict[str, set[str]]

    async def found(self, tx: Transaction, word: str) -> Hits:
        search, hits = parse_search(word), Hits(set(), [])
        ids = await tx.searches.page_ids(self.channel.id, search, anywhere(search), 100_000)
        for page in (await tx.searches.pages(ids, search)).values():
            paper = page.entry.paper
            parts = [(paper_text(paper.url, paper.data), self.of_paper[paper.url])]
            parts += [(take.text, self.of_take[take.id]) for take in page.takes]
            parts += [(file.prose, {file.path}) for file in page.notes]
            texts = [plain(text) for text, _ in parts]
            hits.texts.append("\n".join([*texts, *map(plain, page.names)]))
            for text, (_, paths) in zip(texts, parts, strict=True):
                hits.paths.update(paths if has(text, word) else ())
        for file in await tx.searches.documents(self.channel.id, search, 100_000):
            hits.paths.add(file.path)
            hits.texts.append(plain(f"{file.title}\n{file.prose}"))
        return hits


async def scanned(tx: Transaction, channel: Channel, root: Path = ARCHIVE) -> Scanned:
    """The archive at `root`, which was imported into `channel`."""
    files: dict[str, str] = {}
    of_take: dict[int, set[str]] = defaultdict(set)
    of_paper: dict[str, set[str]] = defaultdict(set)
    rows = await tx.session.execute(select(DocumentRow.path, DocumentRow.body))
    for path, body in rows:
        data = (root / path).read_bytes()
        files[path] = without_addresses(plain(data.decode("utf-8", "replace")))
        for number in load(body).marks:
            of_take[number].add(path)
        for url in papers_of(parse(path, data)):
            of_paper[url].add(path)
    # The end of a possessive is no word.
    words = set().union(*map(words_of, files.values())) - {"s"}
    return Scanned(channel, files, words, of_take, of_paper)
