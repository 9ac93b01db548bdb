"""What a paper is called for short, and the keys by which a name or a title is found whole.

A name is what stands before a title's colon (*Mamba: Linear-Time …*), what a title or an abstract
has in parentheses (*… Models (DDPM)*), what an abstract says it is called (*… called DINO*), and
the first letters of a title's words (*Denoising Diffusion Probabilistic Models*: ddpm).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.text.bigrams import pieces, stems

LONGEST_KEY: Final = 200
"""Characters of a key."""
_BEGINNINGS: Final = 12
"""Pieces of a title that may be its beginning as somebody types it."""
_NAME_WORDS: Final = 5
"""Words of what may be a name before a title's colon."""
_INITIALS: Final = range(3, 9)
_SMALL: Final = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to",
     "via", "with")
)  # fmt: skip
_SUFFIXES: Final = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_TEAMS: Final = frozenset(("team", "collaboration", "group"))
_PARTICLES: Final = frozenset(
    ("da", "de", "del", "den", "der", "di", "du", "el", "la", "le", "ten", "van", "von")
)
_HEAD: Final = re.compile(r"\A([^:\n]{2,60}?)\s*(?::\s|\s[-–—]\s)")
_IN_PARENTHESES: Final = re.compile(r"\((?:the )?([A-Z][\w-]{0,14}[A-Z0-9][\w-]{0,4})s?\)")
_CALLED: Final = re.compile(
    r"\b(?:called|named|dubbed|termed|coined|(?:we|to) call|call it|name it|"
    r"(?:introduce|present|propose)s?)\s+(?:the\s+)?[\"“']?"
    r"((?:[a-z]+-)?[A-Z][\w+-]{1,30}(?: [A-Z0-9][\w+.-]{0,20}){0,2})"
)
_SET_OFF: Final = re.compile(r"\b(?:model|method|system|framework|approach|architecture|dataset),"
                             r" ([A-Z][\w+-]{1,30}(?:-[0-9]\w*)?),")  # fmt: skip


def key(words: Iterable[str]) -> str:
    """One word made of all the stems of a name: *Flash Attention* and *FlashAttention* are one."""
    return "".join(words)[:LONGEST_KEY]


def coined(title: str, abstract: str) -> tuple[str, ...]:
    """What a paper is called by its own title and abstract, the title's names first."""
    found = [*_in_title(title)]
    found += [match[1] for match in _IN_PARENTHESES.finditer(abstract)]
    found += [match[1] for match in _CALLED.finditer(abstract)]
    found += [match[1] for match in _SET_OFF.finditer(abstract)]
    return tuple(dict.fromkeys(found))


def _in_title(title: str) -> Iterator[str]:
    if (head := _HEAD.match(title)) and len(head[1].split()) <= _NAME_WORDS:
        yield head[1]
    for match in _IN_PARENTHESES.finditer(title):
        yield match[1]


def initials(title: str) -> tuple[str, ...]:
    """The first letters of a title's words, of those before its colon too, with and without its
    small words."""
    parts = [title, title.partition(":")[0]]
    found: list[str] = []
    for part in parts:
        words = [word for word in pieces(part) if word.isascii() and word[0].isalpha()]
        telling = [word for word in words if word not in _SMALL]
        found += ["".join(word[0] for word in kept) for kept in (words, telling)]
    return tuple(dict.fromkeys(one for one in found if len(one) in _INITIALS))


def beginnings(words: Sequence[str]) -> list[str]:
    """The keys of all beginnings of a title, given its stems."""
    return [key(words[:end]) for end in range(1, min(len(words), _BEGINNINGS) + 1)]


def pairs(words: Sequence[str]) -> list[str]:
    """The keys of two words that stand together: *flash attention* is found as *flashattention*."""
    return [
        one + other
        for one, other in pairwise(words)
        if one.isascii() and other.isascii() and len(one) + len(other) <= LONGEST_KEY
    ]


def keys(title: str, names: Sequence[str], abstract: str) -> tuple[str, ...]:
    """All keys by which a paper is found as a whole: title, its beginnings, names, initials."""
    words = stems(title)
    found = [key(words), *beginnings(words), *pairs(words), *initials(title)]
    for name in (*names, *coined(title, abstract)):
        its = stems(name)
        found += [key(its), *pairs(its)]
    return tuple(dict.fromkeys(one for one in found if one))


def surname(author: str) -> str:
    """The family name of an author as arXiv writes names: *van der Maaten* of Laurens van der
    Maaten, *Chen* of Ricky T. Q. Chen; a team's whole name."""
    words = author.split()
    while len(words) > 1 and words[-1].lower() in _SUFFIXES:
        words.pop()
    if not words or words[-1].lower() in _TEAMS:
        return author
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return " ".join(words[at:])
