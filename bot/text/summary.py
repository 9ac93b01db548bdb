"""A paper in a few of its abstract's own sentences."""

import re
from typing import Final

from bot.text.graphemes import shorten
from bot.text.sentences import sentences

# What a paper says it brings: the strongest first.
_NEW: Final = (
    (
        r"\b(?:we|this (?:paper|work|article|study|letter|thesis)|the paper|the authors|i)\b"
        r"(?: \w+ly| (?:here|first|then|also|thus|therefore|further|can|will|instead))*"
        r" (?:propos|introduc|present|develop|describ|design|devis|suggest|construct|establish"
        r"|formulat|provid|offer|release|prove|derive|study|investigat|explor|analy[sz]|address"
        r"|tackle|examin|survey|review|consider|identif|extend|generali[sz]|unif|build"
        r"|perform|conduct|implement|report|evaluat|compar)",
        5,
    ),
    (r"\b(?:purpose|aim|goal|objective|intent|idea) of (?:this|the|our)\b", 4),
    (r"\bin this (?:paper|work|article|study|letter)\b|\bhere,? we\b", 3),
    (r"\b(?:novel|first time|the first|new (?:method|model|approach|framework|dataset))\b", 2),
    (r"\bour (?:key|main|core|method|model|approach|framework|contribution|idea|work)\b", 1),
    (r"\b(?:called|named|dubbed|termed)\b|\bcontributions?\b", 1),
)
# What was shown.
_SHOWN: Final = (
    (r"\boutperform|\bsurpass|\bstate[- ]of[- ]the[- ]art\b|\bSOTA\b|\bexceed", 4),
    (r"\bwe (?:\w+ )?(?:show|find|found|demonstrate|observe|report|achieve|obtain|prove)\b", 4),
    (r"\b(?:results?|experiments?|evaluations?|findings?|analysis|simulations?)\b.{0,60}?"
     r"\b(?:show|demonstrate|indicate|reveal|suggest|confirm|prove|achieve)", 4),
    (r"\b(?:achiev|improv|reduc|increas|yield|attain|reach)\w*\b", 2),
    (r"\d+(?:\.\d+)?\s*(?:%|×|x\b|times\b|points?\b|percent|-fold)|\bby \d|\b\d+\.\d+", 3),
    (r"\bsignificant(?:ly)?\b|\bcompared (?:to|with)\b|\bbetter than\b|\bfaster\b", 1),
)  # fmt: skip
# What can be left out: background, outlook, where the code is.
_ASIDE: Final = (
    (r"^(?:recent(?:ly)?|in recent years|over the (?:past|last)|traditional(?:ly)?)\b", 4),
    (r"\b(?:have|has) (?:recently )?(?:been|become|shown|attracted|emerged|achieved|led)\b", 2),
    (
        r"^(?:however|nevertheless|despite|yet|existing|previous|prior|most|many|while|although)\b",
        3,
    ),
    (
        r"\bis (?:a|an|one of the) (?:\w+ly )?(?:critical|crucial|important|essential|key|major"
        r"|fundamental|challenging|established|popular|common|widely|powerful|promising)\b",
        3,
    ),
    (r"\b(?:future (?:work|research)|remains? (?:a|an|unclear|challenging|open)|is crucial)\b", 2),
    (
        r"\b(?:code|data|models?|source|page|video|demo)\b.{0,60}?\b(?:available|released)\b",
        6,
    ),
    (r"https?://", 4),
)
_DANGLING: Final = re.compile(
    r"(?:it|they|this|these|those|such|both|the (?:former|latter)|its|their|thus|then|moreover"
    r"|furthermore|additionally|also|besides|in addition|for (?:example|instance)|e\.g\.)\b",
    re.I,
)
_OWN: Final = re.compile(r"this (?:paper|work|article|study|letter|thesis|survey|review)\b", re.I)
_OPENS: Final = re.compile(
    r"(?:in this (?:paper|work|article|study|letter),? )?we\b|here,? we\b", re.I
)
_WORD: Final = re.compile(r"[^\W\d_]{4,}")

_Cues = tuple[tuple[re.Pattern[str], int], ...]


def _compiled(cues: tuple[tuple[str, int], ...]) -> _Cues:
    return tuple((re.compile(pattern, re.I), weight) for pattern, weight in cues)


_NEW_CUES: Final = _compiled(_NEW)
_SHOWN_CUES: Final = _compiled(_SHOWN)
_ASIDE_CUES: Final = _compiled(_ASIDE)


def summary(abstract: str, title: str = "", limit: int = 3, max_chars: int = 600) -> list[str]:
    """At most `limit` sentences of the abstract in its order, `max_chars` code points in all.

    Chosen for what is new and for what was shown; words shared with the title count a little. All
    of a short abstract; a single sentence longer than `max_chars` is shortened with an ellipsis;
    nothing else is changed but line breaks, which become blanks. Blanks between sentences count.
    """
    found = sentences(" ".join(abstract.split()))
    if limit < 1 or max_chars < 1:
        return []
    if len(found) <= limit and _size(found) <= max_chars:
        return found
    chosen: list[int] = []
    for index in _ranked(found, title, limit):
        if len(chosen) < limit and _size([found[i] for i in [*chosen, index]]) <= max_chars:
            chosen.append(index)
    if not chosen:
        return [shorten(found[_ranked(found, title, limit)[0]], max_chars)]
    return [found[index] for index in sorted(chosen)]


def _size(chosen: list[str]) -> int:
    return sum(map(len, chosen)) + max(len(chosen) - 1, 0)


def _ranked(found: list[str], title: str, limit: int) -> list[int]:
    """The sentences' numbers, best first: what is new, what was shown, then the rest by both."""
    words = {word.lower() for word in _WORD.findall(title)}
    base = [_base(sentence, index, words) for index, sentence in enumerate(found)]
    new = [_score(sentence, _NEW_CUES) for sentence in found]
    # Of two sentences that both say "we propose" the earlier one says what.
    early = [value + base[i] - i / max(len(found), 1) for i, value in enumerate(new)]
    shown = [_score(sentence, _SHOWN_CUES) + base[i] for i, sentence in enumerate(found)]
    order: list[int] = []
    best_new = max(range(len(found)), key=early.__getitem__)
    order.append(best_new)
    rest = [i for i in range(len(found)) if i != best_new]
    later = [i for i in rest if i > best_new] or rest
    if later and limit > 1:
        order.append(max(later, key=shown.__getitem__))
    both = [new[i] + shown[i] for i in range(len(found))]
    others = sorted((i for i in rest if i not in order), key=lambda i: (-both[i], i))
    return order + [i for i in others if both[i] > 0 or len(order) < 2]


def _base(sentence: str, index: int, title: set[str]) -> float:
    """What speaks for a sentence whatever it tells, less what speaks against it."""
    words = {word.lower() for word in _WORD.findall(sentence)}
    shared = len(words & title) / len(title) if title else 0.0
    dangling = _DANGLING.match(sentence) is not None and not _OWN.match(sentence)
    short = len(sentence) < 40  # "Results.", "Code below."
    against = _score(sentence, _ASIDE_CUES) + (2 if dangling else 0) + (5 if short else 0)
    # Abstracts open with background, unless they open with what the paper does.
    opening = 0.0 if index else (4.0 if _OPENS.match(sentence) else -1.5)
    return 1.5 * shared - against + opening


def _score(sentence: str, cues: _Cues) -> float:
    return float(sum(weight for pattern, weight in cues if pattern.search(sentence)))
