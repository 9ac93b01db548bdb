"""Whether a text is written in a language: by its script, and by its most frequent words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from bot.text.sentences import sentences

_SCRIPTS: Final = {
    "ko": ("HANGUL",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "zh": ("CJK",),
    "ru": ("CYRILLIC",),
    "uk": ("CYRILLIC",),
    "el": ("GREEK",),
}
"""Beginnings of the letters' names; a language that is not here is written in Latin ones."""
_OWN: Final = 0.2
"""Share of a sentence's letters: names and terms stay in Latin letters in every language."""
_ENDED: Final = 0.5
"""Share of a sentence's words that have a letter of the language's own."""
_FOREIGN: Final = 0.1
"""Share of letters that are neither the language's own, Latin, nor the Greek of formulas."""
_WORDS: Final = {
    "en": "the of and to in is are we that for with this by on an as from which it be can",
    "de": "der die das und ist ein eine den dem wir mit für auf nicht werden durch von zu im wird",
    "fr": "le la les des et est un une du nous que dans pour par sur avec cette ce sont qui au",
    "es": "el la los las y es un una de que en para por con se del este esta son como",
    "pt": "o a os as e é um uma de que em para por com se do da este esta são como não",
    "it": "il la i gli e è un una di che in per con si del della questo sono come non lo",
    "nl": "de het een en is van wij we dat voor met dit door op die zijn wordt te niet",
}
_COUNTED: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_FREQUENT: Final = 0.12
"""Share of frequent words in any running text of these languages."""


def is_in(text: str, language: str) -> bool:
    """Whether every sentence of `text` is written in `language` (`ko`, `en`, `pt_BR`).

    Languages with the same letters are told apart where their frequent words are known.
    """
    code = re.split("[-_]", language)[0]
    own = _SCRIPTS.get(code, ("LATIN",))
    found = [one for one in sentences(text) if any(map(str.isalpha, one))]
    if not found or not all(_written_in(one, own) for one in found):
        return False
    return code not in _COUNTED or _most_frequent(text, code)


def _letters(sentence: str) -> Counter[str]:
    """How many letters of each script, by the beginning of their names."""
    return Counter(
        unicodedata.name(char, "?").partition(" ")[0] for char in sentence if char.isalpha()
    )


def _written_in(sentence: str, own: tuple[str, ...]) -> bool:
    letters = _letters(sentence)
    count = letters.total()
    ours = sum(letters[script] for script in own)
    known = ours + sum(letters[one] for one in {"LATIN", "GREEK", "MATHEMATICAL"} - set(own))
    if count - known > _FOREIGN * count:
        return False
    if own == ("LATIN",):
        return ours >= (1 - 2 * _FOREIGN) * count
    # Korean puts its endings on words that stay in Latin letters.
    words = sentence.split()
    endings = sum(any(_letters(word)[script] for script in own) for word in words)
    return ours >= _OWN * count or endings >= _ENDED * len(words)


def _most_frequent(text: str, code: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {one: sum(word in known for word in words) for one, known in _COUNTED.items()}
    return counts[code] == max(counts.values()) and counts[code] >= _FREQUENT * len(words)
