"""The pieces by which text is found, whatever its script: one function for storing and asking.

Words of scripts that part them with blanks are pieces as they are. A run of Hangul, Kana, Han,
Thai, Lao, Khmer or Burmese is cut into its overlapping pairs, and closed by its last character
alone: 메타러닝 is 메타 타러 러닝 닝. The closing piece keeps two runs apart (메타 타러 does not
hold 메타러) and lets a single syllable, asked for as a prefix, be found anywhere. The signs of C++,
C# and A+ are a piece of their own behind the word's, and an emoji is one. A piece holds letters,
digits and marks only, so that neither FTS5's `unicode61` (with `remove_diacritics 0`) nor
PostgreSQL's `simple` parser takes it apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add
from typing import Final

import regex

from bot.text.stems import stem, told_by_case, uncased

LONGEST: Final = 500
"""Characters of a piece in an index; PostgreSQL takes 2,046 bytes."""
_CJK: Final = r"[[\p{Hangul}\p{Hiragana}\p{Katakana}\p{Han}ー]&&[\p{L}\p{N}]]"
_SOUTHEAST: Final = r"[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&[\p{L}\p{N}]]"
_NO_WORD: Final = rf"[{_CJK}{_SOUTHEAST}]"
_RUN: Final = regex.compile(
    rf"(?P<run>(?:{_CJK}|{_SOUTHEAST}\p{{M}}*+)++)"
    r"|(?P<id>\d{4,7}(?=v\d))"  # an arXiv id before its version
    rf"|(?P<word>[[\p{{L}}\p{{N}}]--{_NO_WORD}][[\p{{L}}\p{{N}}\p{{M}}]--{_NO_WORD}]*+)"
    r"(?P<signs>(?:\+{1,2}|#)(?![\p{Latin}\p{N}+#]))?"
    r"|(?P<emoji>\p{Regional_Indicator}{2}"
    r"|[\p{Extended_Pictographic}&&[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]])",
    regex.V1,
)
_CLUSTER: Final = regex.compile(r"\P{M}\p{M}*+")
_IGNORABLE: Final = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
# Compatibility jamo (ㅋㅋ) would become conjoining ones and melt into syllables.
_BUT_JAMO: Final = regex.compile(r"[^\u3130-\u318f]+")
# In Cyrillic and Arabic some marks make another letter: й, ў and ї are none of и, у and і.
_FOLDED: Final = regex.compile(
    r"(?<=[\p{Latin}\p{Greek}\p{Hebrew}\p{Arabic}]\p{M}*)\p{Mn}"
    r"|(?<=\p{Cyrillic}\p{M}*)[\p{Mn}--[\u0306\u0308]]|(?<=[еэ])\u0308|\u0640",
    regex.V1,
)
_UNFOLDED: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_SIGNS: Final = {"+": "signplus", "++": "signplusplus", "#": "signsharp"}  # no word is so
_MOST_PHRASES: Final = 64  # FTS5 refuses trees of more than 256 levels; nobody types so many
_WORD: Final = regex.compile(r"(?:[^\s\p{P}]|[#＃﹟])+")
_ASKED: Final = regex.compile(r'(=?)(?:"([^"]*)"(\*?)|(\S+))')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to one another, as `pieces`.

    They are looked for in their usual form (`stems`), unless they were asked for exactly as they
    are (`exact`). With `prefix` the last piece is only a beginning. `others` will do as well.
    """

    pieces: tuple[str, ...]
    prefix: bool = False
    exact: bool = False
    stems: tuple[str, ...] = field(default=(), compare=False)
    others: tuple[Phrase, ...] = ()

    def __post_init__(self) -> None:
        if not self.stems:
            *words, last = self.pieces
            usual = (*map(stem, words), last if self.prefix else stem(last))
            object.__setattr__(self, "stems", usual)

    @property
    def cased(self) -> bool:
        """Whether its letters alone may tell more than its usual form: typed `gps`, *GPs* is meant
        as well as *GPS*."""
        return not self.exact and any(map(told_by_case, self.pieces))


def pieces(text: str) -> list[str]:
    """The pieces of `text` in order.

    Case is folded, and accents of Latin, Greek and Cyrillic letters, Arabic and Hebrew vowels; not
    the marks that make another letter (й, が, हि). Composed and decomposed text (as macOS names
    files) give the same.
    """
    found: list[str] = []
    for run, number, word, signs, emoji in _RUN.findall(_normal(text)):
        if run:
            found += _cut(_clusters(run))
        elif emoji:
            found.append(_emoji_word(emoji))
        else:
            found.append(_fold(word) if word else number)
            if signs:
                found.append(_SIGNS[signs])
    return found


def stems(text: str) -> list[str]:
    """The pieces of `text`, each word in its usual form (`bot.text.stems`)."""
    return [stem(piece) for piece in pieces(uncased(text))]


def spaced(text: str) -> str:
    """The pieces of `text` for an index: blanks between, and none longer than an index takes."""
    return _joined(pieces(text))


def stemmed(text: str) -> str:
    """The same with each word in its usual form."""
    return _joined(stems(text))


def _joined(found: list[str]) -> str:
    return " ".join(piece[:LONGEST] for piece in found)


def located(text: str) -> Iterator[tuple[str, int, int]]:
    """The pieces of `text` in order, each with where it begins and ends in `text`.

    Where normalising changes a word's length, its pieces have the place of the whole word.
    """
    for base, stop, normal in _words(text):
        exact = len(normal) == stop - base
        for piece, run, at, end in _placed(normal):
            if not exact:
                spots = [(base, stop)] * max(len(run), 1)
            elif run:
                ends = list(accumulate(map(len, run), initial=base + at))
                spots = [(ends[i], ends[min(i + 2, len(run))]) for i in range(len(run))]
            else:
                spots = [(base + at, base + end)]
            here = _cut(run) if run else [piece]
            yield from ((one, *spot) for one, spot in zip(here, spots, strict=True))


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Stretches of `text` with what is normal for each: one where only the case was folded."""
    normal, folded = _normal(text), text.casefold()
    if normal == folded and len(folded) == len(text):  # folding makes nothing shorter
        yield 0, len(text), normal
        return
    for match in _WORD.finditer(text):
        yield *match.span(), _normal(match[0])


def query(text: str, *, unfinished: bool = False) -> list[Phrase]:
    """What to ask for `text`: all of the phrases, in any order.

    What stands together or in double quotes is one phrase (`GPT-4`, `"few shot"`, `CNN을`). With
    `=` before it, it must stand there exactly so, not in another number. A final `*` asks for words
    that begin with just these letters; `unfinished` means about the same for the last word, which
    is still being typed. A phrase that ends in a single syllable of Hangul, Kana or Han is a
    prefix: with two or more it is found exactly where it is a substring. No phrase: nothing to look
    for. Words after the first 64 are not asked for.
    """
    phrases: list[Phrase] = []
    asked = list(_ASKED.finditer(text))
    for index, match in enumerate(asked[:_MOST_PHRASES]):
        equals, quoted, star, bare = match.groups()
        words = quoted if quoted is not None else bare
        typed_star = bool(star) or words.endswith("*")
        begins = typed_star or (unfinished and index == len(asked) - 1)
        if phrase := _phrase(words, begins, exact=typed_star or bool(equals)):
            phrases.append(phrase)
    return phrases


def fts5(phrases: list[Phrase]) -> str:
    """The phrases as an FTS5 query; empty where there are none."""
    return " AND ".join(f'"{" ".join(p.pieces)}"{" *" if p.prefix else ""}' for p in phrases)


def tsquery(phrases: list[Phrase]) -> str:
    """The phrases as a text for PostgreSQL's `to_tsquery('simple', …)`; empty without any."""
    return " & ".join(
        " <-> ".join(f"'{piece}'" for piece in p.pieces) + (":*" if p.prefix else "")
        for p in phrases
    )


def _phrase(words: str, begins: bool, *, exact: bool) -> Phrase | None:
    found, prefix = _asked_pieces(words, begins)
    if not found:
        return None
    usual, _ = _asked_pieces(uncased(words), begins)
    last = len(usual) - 1 if prefix else len(usual)
    stemmed = [*map(stem, usual[:last]), *usual[last:]]
    return Phrase(tuple(found), prefix, exact, tuple(stemmed))


def _asked_pieces(words: str, begins: bool) -> tuple[list[str], bool]:
    """The pieces to look for, and whether the last is only a beginning."""
    runs = list(_runs(words))
    found: list[str] = []
    for index, (piece, run) in enumerate(runs):
        if not run:
            found.append(piece)
        elif index < len(runs) - 1:
            found += _cut(run)
        else:
            found += _cut(run)[:-1] or run
            begins = len(run) == 1
    return found, begins


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """(word, []) or ("", run of characters without blanks between), in order."""
    for piece, run, *_ in _placed(_normal(text)):
        yield piece, run


def _placed(normal: str) -> Iterator[tuple[str, list[str], int, int]]:
    """As `_runs`, of a text that is normalised, with where each begins and ends."""
    for match in _RUN.finditer(normal):
        if match["run"]:
            yield "", _clusters(match["run"]), *match.span()
        elif match["id"]:
            yield match["id"], [], *match.span()
        elif match["emoji"]:
            yield _emoji_word(match["emoji"]), [], *match.span()
        else:
            yield _fold(match["word"]), [], *match.span("word")
            if signs := match["signs"]:
                yield _SIGNS[signs], [], *match.span("signs")


def _clusters(run: str) -> list[str]:
    """The characters of a run, each with its marks: vowels and tones stand over and under."""
    return _CLUSTER.findall(run)


def _cut(run: Sequence[str]) -> list[str]:
    """The overlapping pairs of a run, and its last character."""
    return [*map(add, run, run[1:]), run[-1]]


def _emoji_word(emoji: str) -> str:
    """A word for an emoji: the indexes take signs for blanks."""
    return "emoji" + "".join(f"{ord(sign):x}" for sign in emoji)


def _normal(text: str) -> str:
    """`text` composed, in lower case, full and half widths made one, invisible signs left out."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", _IGNORABLE.sub("", text))
    text = _BUT_JAMO.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return unicodedata.normalize("NFC", text.casefold())


def _fold(word: str) -> str:
    """A word without the marks that make no other letter."""
    if word.isascii():
        return word
    bare = _FOLDED.sub("", unicodedata.normalize("NFD", word.casefold()))
    return unicodedata.normalize("NFC", bare).translate(_UNFOLDED)
