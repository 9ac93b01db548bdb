"""What speaks for and against a sentence of an abstract, as numbers by name."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from bot.text.summary.leaning import leans

_TOKEN: Final = re.compile(r"[^\W\d_][\w'-]*|\d+(?:[.,]\d+)*")
_ENDINGS: Final = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s")
_COMMON_WORDS: Final = """
    the a an of and to in for on with that is are we our this be by as from at it can which or has
    have not these their its also than such
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())
_LENGTHS: Final = (5, 8, 11, 14, 17, 20, 23, 26, 30, 35, 40, 50)
"""Words up to which a sentence belongs to one class of length."""

# What a paper says it brings.
_NEW: Final = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|letter|thesis|survey|review)|the paper"
    r"|the authors|i)\b"
    r"(?: \w+ly| (?:here|first|then|also|thus|therefore|further|can|will|instead))*"
    r" (?:propos|introduc|present|develop|describ|design|devis|suggest|construct|establish"
    r"|formulat|provid|offer|release|prove|derive|study|investigat|explor|analy[sz]|address"
    r"|tackle|examin|survey|review|consider|identif|extend|generali[sz]|unif|build"
    r"|perform|conduct|implement|report|evaluat|compar|show|demonstrat|argu|find|observ)"
    r"|\b(?:purpose|aim|goal|objective|intent) of (?:this|the|our)\b",
    re.I,
)
# What was shown.
_RESULT: Final = re.compile(
    r"\boutperform|\bsurpass|\bstate[- ]of[- ]the[- ]art\b|\bSOTA\b|\bexceed"
    r"|\bwe (?:\w+ )?(?:show|find|found|demonstrate|observe|report|achieve|obtain|prove)\b"
    r"|\b(?:results?|experiments?|evaluations?|findings?|analysis|simulations?)\b.{0,60}?"
    r"\b(?:show|demonstrate|indicate|reveal|suggest|confirm|prove|achieve)"
    r"|\d+(?:\.\d+)?\s*(?:%|×|x\b|times\b|points?\b|percent|-fold)|\bby \d|\b\d+\.\d+"
    r"|\b(?:achiev|improv|yield|attain)(?:es?|ed|ing)\b",
    re.I,
)
# What can be left out: background, and where the code is.
_BACKGROUND: Final = re.compile(
    r"^(?:recent(?:ly)?|in recent years|over the (?:past|last)|traditional(?:ly)?|despite|existing"
    r"|previous|prior|most|many|while|although)\b"
    r"|\b(?:have|has) (?:recently )?(?:been|become|shown|attracted|emerged|achieved|led)\b"
    r"|\bis (?:a|an|one of the) (?:\w+ly )?(?:critical|crucial|important|essential|key|major"
    r"|fundamental|challenging|established|popular|common|widely|powerful|promising)\b",
    re.I,
)
_ASIDE: Final = re.compile(
    r"https?://|www\.|\b(?:code|data|dataset|models?|source|page|video|demo|project)\b.{0,60}?"
    r"\b(?:available|released|found at|open[- ]sourced)\b|\bfuture (?:work|research)\b",
    re.I,
)


def tells_a_result(sentence: str) -> bool:
    """Whether a sentence tells what was shown, or a figure."""
    return _RESULT.search(sentence) is not None


def features(sentences: list[str], title: str) -> list[dict[str, float]]:
    """For each sentence of one abstract its features, n-grams of one to three words among them.

    Sentences are read as they would be shown.
    """
    words = [_TOKEN.findall(sentence.lower()) for sentence in sentences]
    stems = [_stems(each) for each in words]
    common = Counter(stem for each in stems for stem in each)
    named = _stems(_TOKEN.findall(title.lower()))
    found: list[dict[str, float]] = []
    for index, sentence in enumerate(sentences):
        own = stems[index]
        shared = len(own & named)
        values = {f"gram:{gram}": 1.0 for gram in grams(words[index])}
        values |= _place(index, len(sentences))
        values[f"words:{_class_of(len(words[index]))}"] = 1.0
        values[f"shared:{min(shared, 5)}"] = 1.0
        values["of the title"] = shared / max(len(named), 1)
        values["like the title"] = shared / max(len(own), 1)
        values["like the rest"] = (
            3 * sum(common[stem] - 1 for stem in own) / max(len(own) * (len(sentences) - 1), 1)
        )
        values["of all words"] = 3 * len(own) / max(len(common), 1)
        values |= _cues(sentence)
        found.append(values)
    _after_the_news(found)
    return found


def grams(words: list[str]) -> set[str]:
    """All runs of one to three words; `^` stands for the beginning."""
    marked = ["^", *words]
    return {
        " ".join(marked[at : at + size])
        for size in (1, 2, 3)
        for at in range(len(marked) - size + 1)
    }


def _place(index: int, count: int) -> dict[str, float]:
    return {
        f"place:{min(index, 8)}": 1.0,
        f"from the end:{min(count - 1 - index, 4)}": 1.0,
        f"fifth:{5 * index // count}": 1.0,
    }


def _class_of(length: int) -> int:
    return next((most for most in _LENGTHS if length <= most), _LENGTHS[-1] + 1)


def _cues(sentence: str) -> dict[str, float]:
    cues = {
        "new": _NEW.search(sentence),
        "result": _RESULT.search(sentence),
        "background": _BACKGROUND.search(sentence),
        "aside": _ASIDE.search(sentence),
        "a figure": re.search(r"\d", sentence),
        "leans": leans(sentence),
    }
    return {name: 1.0 for name, found in cues.items() if found}


def _after_the_news(found: list[dict[str, float]]) -> None:
    """Of several sentences that say what is new the first says most."""
    told = False
    for values in found:
        if told:
            values["after the news"] = 1.0
        elif "new" in values:
            values["the news"] = 1.0
            told = True


def _stems(words: list[str]) -> set[str]:
    return {_stem(word) for word in words if word not in _COMMON}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
