"""Which sentences stand for an abstract: what is new, then what was shown, then the next best."""

from __future__ import annotations

import re
from typing import Final

from bot.text.graphemes import shorten
from bot.text.sentences import sentences
from bot.text.summary.features import features, tells_a_result
from bot.text.summary.leaning import leans, stand_alone
from bot.text.summary.weights import score

_RESULT_BONUS: Final = 4.0
"""More than most sentences are apart: where a result is told, the second sentence tells it."""
_GLUED: Final = re.compile(
    r"(?<=[a-z0-9)\]%][.!?])(?=(?:We|Our|The|This|These|In|It|Code|Source|Data|Here|For|To|However"
    r"|Moreover|Finally|Results?|Experiments?|Project|Models?|A|An)(?:\s|,))"
    r"|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z]+\s[a-z])"
)
_WORD: Final = re.compile(r"\w+")
_FEWEST_WORDS: Final = 3
"""A sentence of fewer words ("Results.", "See below.") says nothing by itself."""


def summary(abstract: str, title: str = "", limit: int = 3, max_chars: int = 600) -> list[str]:
    """At most `limit` sentences of the abstract in its order, `max_chars` code points in all.

    All of a short abstract. Else the words that join a sentence to one that is not shown are cut
    from its beginning ("However,"), and a sentence that still leans on another is shown after that
    one only. A single sentence longer than `max_chars` is shortened with an ellipsis. Nothing else
    is changed but line breaks, which become blanks. Blanks between sentences count.
    """
    if limit < 1 or max_chars < 1:
        return []
    found = _sentences(abstract)
    if len(found) <= limit and _size(found) <= max_chars:
        return found
    return _Choice(found, title, limit, max_chars).made()


def _sentences(abstract: str) -> list[str]:
    """The sentences that say something; all of them if none does."""
    split = [
        sentence
        for piece in sentences(" ".join(abstract.split()))
        for sentence in _GLUED.split(piece)
    ]
    return [one for one in split if len(_WORD.findall(one)) >= _FEWEST_WORDS] or split


def _size(chosen: list[str]) -> int:
    return sum(map(len, chosen)) + max(len(chosen) - 1, 0)


class _Choice:
    """The sentences of one abstract that are chosen, by their place in it."""

    def __init__(self, found: list[str], title: str, limit: int, max_chars: int) -> None:
        self.found = found
        self.limit = limit
        self.max_chars = max_chars
        self.alone = [stand_alone(sentence) for sentence in found]
        self.scores = [score(each) for each in features(self.alone, title)]
        self.chosen: list[int] = []

    def made(self) -> list[str]:
        """The chosen sentences as they are shown."""
        by_score = sorted(range(len(self.found)), key=lambda i: (-self.scores[i], i))
        self._take_one_of(by_score)
        if not self.chosen:
            return [shorten(self.alone[by_score[0]], self.max_chars)]
        shown = sorted(by_score, key=lambda i: (-self.scores[i] - self._result(i), i))
        self._take_one_of(shown)
        while self._take_one_of(by_score):
            pass
        return self._texts(self.chosen)

    def _result(self, index: int) -> float:
        return _RESULT_BONUS if tells_a_result(self.alone[index]) else 0.0

    def _take_one_of(self, ranked: list[int]) -> bool:
        """Choose the first that fits and stands; False if there is none."""
        if len(self.chosen) == self.limit:
            return False
        for index in ranked:
            if index not in self.chosen and self._fits(index):
                self.chosen = sorted([*self.chosen, index])
                return True
        return False

    def _fits(self, index: int) -> bool:
        stands = index - 1 in self.chosen or not leans(self.alone[index])
        return stands and _size(self._texts(sorted([*self.chosen, index]))) <= self.max_chars

    def _texts(self, chosen: list[int]) -> list[str]:
        """A sentence that follows the one before it is as its authors wrote it."""
        return [self.found[i] if i - 1 in chosen else self.alone[i] for i in chosen]
