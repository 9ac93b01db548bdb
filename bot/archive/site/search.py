"""The index that the site's search page loads piece by piece, as scripts.

Scripts rather than JSON, because a page opened from a disk may load the former only. The terms are
those of `bot.text.bigrams`, words as they are and in their usual form, sorted (by UTF-16, as
JavaScript compares) and cut into shards, so that a word, or all words that begin so, lie in one
shard or a few. A line is a term and the numbers of its documents, as differences in base 36; `!`
behind one: in its title. The page knows no English: a word that has a usual form other than itself
names it (`models>model 3 1!`), also where the archive has another number of it alone (`model`), and
a usual form names the words that have it (`model<models 2 1 1!`). The documents' texts, in shards
of their own, confirm what was found and show where.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bot.isolation import RecordKind, either
from bot.text.bigrams import pieces
from bot.text.names import coined, initials, key, pairs
from bot.text.stems import forms, stem, uncased
from bot.text.tags import tag_key

SHARD = 24_000
"""Characters of terms in a shard, about."""
DOCS = 32
"""Documents in a shard."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Doc:
    """A page to be found: its address from the root, title, day, and what else it says."""

    address: str
    title: str
    day: str
    text: str
    labels: tuple[str, ...] = ()
    """Terms that no text has, see `found_by`."""


def found_by(
    title: str, abstract: str, tags: Iterable[str], writers: Iterable[str]
) -> tuple[str, ...]:
    """What else a page is found by: `=mamba` for what it is called, `#review` for its tags, `@ada`
    for a word of a writer's name."""
    words = pieces(title)
    called = [key(pieces(name)) for name in coined(title, abstract)]
    found = [f"={one}" for one in (*called, *initials(title), *pairs(words)) if one]
    found += [f"#{tag_key(tag)}" for tag in tags]
    found += [f"@{piece}" for name in writers for piece in pieces(name)]
    return tuple(dict.fromkeys(one for one in found if " " not in one))


def search_files(docs: Sequence[Doc]) -> Iterator[tuple[str, bytes]]:
    """The files of the index, below `search/`."""
    first: list[str] = []
    for number, (term, lines) in enumerate(_shards(docs)):
        first.append(term)
        yield f"search/terms-{number}.js", _call("terms", number, lines)
    for number, at in enumerate(range(0, len(docs), DOCS)):
        rows = [[doc.address, doc.title, doc.day, doc.text] for doc in docs[at : at + DOCS]]
        yield f"search/docs-{number}.js", _call("docs", number, rows)
    about = {"first": first, "docs": DOCS, "count": len(docs)}
    yield "search/index.js", _call("index", 0, about)


def _shards(docs: Sequence[Doc]) -> Iterator[tuple[str, str]]:
    postings, words = _postings(docs)
    heads = _heads(words)
    lines: list[str] = []
    size, begins = 0, ""
    for term in sorted({*postings, *heads}, key=lambda term: term.encode("utf-16-be")):
        if not lines:
            begins = term
        lines.append(" ".join([heads.get(term, term), *postings.get(term, ())]))
        size += len(lines[-1]) + 1
        if size >= SHARD:
            yield begins, "\n".join(lines)
            lines, size = [], 0
    if lines:
        yield begins, "\n".join(lines)


def _heads(words: Iterable[str]) -> dict[str, str]:
    """What a line begins with where that is not only its term."""
    found: dict[str, str] = {}
    having: dict[str, list[str]] = {}
    for word in sorted(words):
        usual = stem(word)
        if word != usual:
            having.setdefault(usual, []).append(word)
        for form in forms(word):
            if form != usual:
                found[form] = f"{form}>{usual}"
    return found | {usual: f"{usual}<{','.join(several)}" for usual, several in having.items()}


def _postings(docs: Sequence[Doc]) -> tuple[dict[str, list[str]], set[str]]:
    """The documents by their terms, and all words that have a usual form."""
    found: dict[str, list[str]] = {}
    all_words: set[str] = set()
    last: dict[str, int] = {}
    for number, doc in enumerate(docs):
        # A page whose words cannot be told is shown, but not found by them.
        title, terms, words = either(
            RecordKind.EXPORTED, doc.address, partial(_words, doc), lambda: (set(), set(), set())
        )
        all_words |= words
        for piece in title | terms:
            step = _base36(number - last.get(piece, 0))
            found.setdefault(piece, []).append(step + "!" * (piece in title))
            last[piece] = number
    return found, all_words


def _words(doc: Doc) -> tuple[set[str], set[str], set[str]]:
    """The terms of a page's title, its others, and the words whose usual forms are among them."""
    title, text = (pieces(uncased(one)) for one in (doc.title, doc.text))
    return (
        {*pieces(doc.title), *map(stem, title)},
        {*pieces(doc.text), *map(stem, text), *doc.labels},
        {*title, *text},
    )


def _base36(number: int) -> str:
    digits = _DIGITS[number % 36]
    while number := number // 36:
        digits = _DIGITS[number % 36] + digits
    return digits


def _call(name: str, number: int, value: object) -> bytes:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Line separators end a string in old JavaScript.
    data = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"papertakes.loaded({json.dumps(name)},{number},{data})\n".encode("utf-8", "replace")
