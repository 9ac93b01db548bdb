"""Authors' names: the ways to read a typed one, and whether an author bears it.

A name is told by its folded words: case, accents and signs do not count, *O'Brien* is one word,
*Jean-Baptiste* two. What people write in two ways is spelt in both: *Müller* is `muller` and
`mueller`, *Min-Ji* `min ji` and `minji`, *YW Teh* `y w teh`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.model.query.tree import NameReading
from bot.text import bigrams
from bot.text.tex import readable

_APOSTROPHE: Final = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
_ET_AL: Final = re.compile(r"[\s,]+(?:et\s+al|and\s+others|외)\b\.?\s*$", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?<=_[a-z])_\d+$", re.IGNORECASE)
"""he_k_1, as arXiv numbers its authors."""
_SPELT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)
_MARKED: Final = re.compile(r"[äöüåøÄÖÜÅØ]")
_HYPHENED: Final = re.compile(r"(?<=[^\W\d_]{2})[-‐‑](?=[^\W\d_]{2})")
_INITIALS: Final = re.compile(r"\b[A-Z]{2,3}\b(?=.*[a-z])|(?<=[a-z]\s)[A-Z]{2,3}$")
_CAPITALS: Final = re.compile(r"[A-Z]{2,3}")
_GROUP: Final = {"collab": "collaboration", "collabs": "collaborations"}
_EAST_ASIAN: Final = frozenset(
    """
    abe ahn an aoki bae bai bui cai cao chan chang chao chau che chen cheng cheung chiang chiu
    cho choe choi chou chow chu chua chung cui dai dang deng ding do doan dong du duan duong
    endo fan fang feng fu fujii fujita fujiwara fukuda gao ge geng gong goto gu guan guo gwak ha
    hahm ham han hao hasegawa hashimoto hayashi he heo ho hoang hong hou hsieh hsu hu hua huang
    hung huynh hwang ikeda im inoue ishii ishikawa ito jang jeon jeong ji jia jiang jiao jin
    jing jo joo ju jun jung kang kao kato ke kim kimura ko kobayashi kondo kong koo kuo kwak
    kwok kwon lai lam lan lau law le lee lei leung li lian liang liao lim lin ling liu lo long
    lu lui luo lyu ma mao matsumoto mei meng miao min miura mo moon mori murakami na nakamura
    nam ng ngo nguyen ni nie ning nishimura noh ogawa oh okada okamoto ong ota ou pan pang park
    pei peng pham phan phung qi qian qiao qin qiu qu rao ren rhee roh ryu saito sakamoto sasaki
    sato seo seok seong shao shen sheng shi shih shim shimizu shin sim so sohn son song su suh
    sun sung suzuki tai takahashi tan tanaka tang tao teng teo tian tong tran trinh truong tsai
    tsang tse tseng tu vo vu wan wang watanabe wei wen weng won woo wu xia xiang xiao xie xin
    xing xiong xu xue yamada yamaguchi yamamoto yamazaki yan yang yao ye yeh yen yeo yeung yi
    yim yin ying yoo yoon yoshida you yu yuan yue yun zeng zhan zhang zhao zheng zhong zhou zhu
    zhuang zou
    """.split()  # noqa: SIM905
)
"""Family names that stand first at home: *He Kaiming* is Kaiming He."""


def names(typed: str, *, begins: bool = False) -> tuple[NameReading, ...]:
    """The ways to read a typed name; none if it has no letter.

    `He, K` has the family name first. Else the last word is (of) the family name: `K. He`,
    `L. van der Maaten`; where all but the first are initials, or where the first is a family name
    of East Asia, it may be the first too: `He K`, `Kim Minji`; not where the last word is only the
    beginning of one (`begins`).
    """
    plain = _NUMBERED.sub("", _ET_AL.sub("", readable(typed)))
    family, comma, given = plain.partition(",")
    found: list[NameReading] = []
    if comma and name_words(family):
        before = spellings(given) or [()]
        if _CAPITALS.fullmatch(given.strip()):
            before.append(tuple(given.strip().lower()))
        for words in spellings(family):
            found += [NameReading(forenames, words) for forenames in before]
        return tuple(dict.fromkeys(found))
    for words in spellings(plain):
        found += [NameReading(words[:-1], words[-1:])] if begins else _readings(words)
    return tuple(dict.fromkeys(found))


def _readings(words: tuple[str, ...]) -> Iterator[NameReading]:
    yield NameReading(words[:-1], words[-1:])
    first, *others = words
    if not others:
        return
    if first in _EAST_ASIAN or (len(first) > 1 and all(len(word) == 1 for word in others)):
        yield NameReading(tuple(others), (first,))
    if words[-1] in _EAST_ASIAN:  # written with the family name first
        yield NameReading((), (words[-1], *words[:-1]))


def spellings(name: str) -> list[tuple[str, ...]]:
    """The words of a name in each way that people write it; the plain way first."""
    shown = unicodedata.normalize("NFC", readable(name))
    ways = [shown]
    if _MARKED.search(shown):
        ways.append(shown.translate(_SPELT))
    ways += [_HYPHENED.sub("", way) for way in ways if _HYPHENED.search(way)]
    if _INITIALS.search(shown):
        ways.append(_INITIALS.sub(lambda match: " ".join(match[0]), shown))
    return [words for words in dict.fromkeys(map(name_words, ways)) if words]


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name: O'Brien is one, Jean-Baptiste two, a final Jr. or III none, nor
    a team's *The*."""
    words = bigrams.pieces(_APOSTROPHE.sub("", readable(name)))
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return tuple(_GROUP.get(word, word) for word in words)


def bears(author: tuple[str, ...], name: NameReading, begins: bool) -> bool:
    """Whether an author's words can be those of `name`.

    The family name stands there in full, its words side by side (with `begins`, the last of them
    begins so); before it the forenames in order, any others left out. A forename and an initial
    of it are the same, on whichever side the initial stands; for the first forename typed only
    if the author's first is meant, so that `K. He` is Kaiming He and Kai He, but not Xin K. He.
    """
    size = len(name.family)
    *whole, last = name.family
    for start in range(len(author) - size + 1):
        *others, final = author[start : start + size]
        same = final == last or (begins and final.startswith(last))
        if same and others == whole and _forenames(name.given, author[:start]):
            return True
    return False


def _forenames(typed: tuple[str, ...], written: tuple[str, ...]) -> bool:
    place = 0
    for index, word in enumerate(typed):
        while place < len(written):
            if word == written[place] and (len(word) > 1 or index > 0 or place == 0):
                break
            if _initial(word, written[place]) and (index > 0 or place == 0):
                break
            place += 1
        else:
            return False
        place += 1
    return True


def _initial(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) == 1 and long.startswith(short)
