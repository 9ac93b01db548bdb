"""Which papers or takes a person means who types words of a title, an author's name, a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.text.bigrams import pieces, stems
from bot.text.near import is_near

_MOST_WORDS = 16
_SHORTEST_BEGINNING = 2
"""Letters of a word's beginning that stand for the word."""
_SHORTEST_ALMOST = 4
"""Letters of a word that is only offered for another one."""
_IDLE = frozenset(
    ("a", "an", "and", "at", "al", "by", "et", "for", "from", "in", "of", "on", "paper", "the",
     "to", "with", "논문")
)  # fmt: skip
"""What people write around a name, and what tells no name from another."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """By what one thing is called; `words` is all text that may be quoted of it."""

    number: int
    title: str
    words: str = ""
    names: tuple[str, ...] = ()
    """What it is called beside its title."""

    @property
    def known(self) -> frozenset[str]:
        """All words of it, as they stand and in their usual form."""
        return _known(f"{self.title} {self.words}")


def words_of(typed: str) -> list[str]:
    """The words by which something is meant; those around them only where there are no others."""
    found = [one for one in pieces(typed) if len(one) > 1 or one.isascii()]
    telling = [one for one in found if one not in _IDLE]
    return list(dict.fromkeys(telling or found))[:_MOST_WORDS]


def named(typed: str, names: Sequence[KnownName], *, typos: bool = True) -> list[int]:
    """The numbers of what is meant, in the order given: what is called exactly so, else all that
    have the words, else all that have them but for a letter. *Flash attention* and *FlashAttention*
    are the same."""
    wanted, whole = words_of(typed), pieces(typed)
    if not wanted:
        return []
    same = [one.number for one in names if _is_called(one, "".join(whole))]
    found = same or _having(wanted, names, _has)
    return found or (_having(wanted, names, _almost_has) if typos else [])


def almost(typed: str, names: Sequence[KnownName], most: int = 3) -> list[int]:
    """The numbers of what is likest where nothing is meant: with some of the words."""
    wanted = words_of(typed)

    def alike(word: str, known: Iterable[str]) -> bool:
        return _has(word, known) or any(is_near(word, one, _SHORTEST_ALMOST) for one in known)

    scores = [
        (sum(alike(word, known) for word in wanted), one.number)
        for one in names
        for known in (one.known,)
    ]
    best = sorted((one for one in scores if one[0]), key=lambda one: -one[0])
    return [number for _, number in best[:most]]


def covers(typed: str, title: str) -> bool:
    """Whether the words are all of a title, or stand in it one after another."""
    whole, there = f" {' '.join(pieces(typed))} ", f" {' '.join(pieces(title))} "
    return whole in there or set(words_of(title)) <= set(words_of(typed))


def _is_called(one: KnownName, typed: str) -> bool:
    return any("".join(pieces(name)) == typed for name in (one.title, *one.names))


def _having(
    wanted: Sequence[str], names: Sequence[KnownName], has: Callable[[str, Iterable[str]], bool]
) -> list[int]:
    """Which names have all the words. Each word of all names is looked at once."""
    left = [(one.number, one.known) for one in names]
    for word in wanted:
        vocabulary = frozenset().union(*(known for _, known in left))
        fitting = {known for known in vocabulary if has(word, (known,))}
        left = [(number, known) for number, known in left if known & fitting]
    return [number for number, _ in left]


def _has(word: str, known: Iterable[str]) -> bool:
    usual = _stem(word)
    begins = len(word) >= _SHORTEST_BEGINNING and word.isalpha() and word.isascii()
    return any(one in (word, usual) or (begins and one.startswith(word)) for one in known)


def _almost_has(word: str, known: Iterable[str]) -> bool:
    return _has(word, known) or any(is_near(word, one) for one in known)


@lru_cache(maxsize=1024)
def _stem(word: str) -> str:
    found = stems(word)
    return found[0] if len(found) == 1 else word


@lru_cache(maxsize=8192)
def _known(text: str) -> frozenset[str]:
    return frozenset((*pieces(text), *stems(text)))
