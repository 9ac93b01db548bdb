"""Sentences that lean on the one before them: how they open, and what of it can be cut.

"However, we show X" says as much without its first word. "It fails on Y" says nothing where the
sentence before it is not shown.
"""

from __future__ import annotations

import re
from typing import Final

# Joints between two sentences: what follows them stands by itself.
_MARKERS: Final = r"""
    however|nevertheless|nonetheless|still|yet|meanwhile|instead|rather|otherwise|even so
    specifically|more specifically|in particular|particularly|more precisely|precisely
    more concretely|concretely|in detail|in more detail|more generally|in general|namely
    first|firstly|second|secondly|third|thirdly|fourth|fourthly|fifth|finally|lastly|last
    last but not least|moreover|furthermore|further|additionally|in addition|also|besides
    what is more|on top of that|thus|therefore|hence|so|then|next|afterwards|afterward
    subsequently|later|consequently|accordingly|correspondingly|as a result|as a consequence
    as such|in consequence|in turn|to this end|to that end|to these ends|to that effect
    for this purpose|for that purpose|for this reason|for these reasons|for example
    for instance|as an example|e\.g\.|i\.e\.|that is|that is to say|in other words|indeed
    in fact|in short|in sum|in summary|to summarize|to sum up|in conclusion|to conclude
    overall|all in all|taken together|similarly|likewise|analogously|equally
    in contrast|by contrast|in comparison|conversely|on the contrary|on the other hand
    on the one hand|at the same time|simultaneously|alternatively|in doing so|by doing so
    in so doing|in this way|in that way|this way|in this regard|in this respect|in this context
    in this light|in this vein|in this direction|in this spirit|along these lines|with this
    with these|on this basis|that said|this said|having said that|after that|before that
    based on this|in response|to do so|to do this|to this aim|to that aim|with this in mind
    with that in mind|to (?:address|achieve|accomplish|overcome|remedy|solve|mitigate|test) this
    toward this end|towards this end|towards that end|to this effect|together|in doing this
    and|but
"""
# What may open a phrase that ends before "we": "To address this issue, we".
_PHRASE_WORDS: Final = """
    to|by|with|given|based|building|drawing|motivated|inspired|driven|encouraged|guided|informed
    following|using|under|toward|towards|in|on|for|from|through|because|due|despite|unlike|beyond
    against|as|along|considering|addressing|leveraging|exploiting|recognizing|recognising
    observing|noting|after|at|within|upon|among|across|without|contrary|combining|armed|equipped
    prompted|spurred|aiming|seeking|responding|taking|while|since|when|if|although|though|besides
    rather|instead|compared|similar|thanks|owing
"""
# "We then show" is "We show" where nothing is shown before it.
_BRIDGES: Final = """
    then|also|further|furthermore|additionally|next|thus|therefore|hence|finally|subsequently
    moreover|consequently|accordingly|likewise|similarly|lastly|now|again
"""
# Before what points back: "In these cases", "All of this".
_BEFORE_BACK: Final = r"""
    in|for|from|under|with|on|by|to \w+|at|of|all of|all|both of|both|each of|most of|some of|one of
    based on|motivated by|inspired by|among|because of|due to|despite|unlike|using|given|through
    while|since|as|after
"""
_POINTING: Final = r"""
    it|they|he|she|its|their|them|his|her|one such|another|other|others|the other|the others
    the same|same|the (?:first|second|third|last)\b(?! \w+ (?:of|to|in|for|that))|that
    here(?!,? we)|doing so|the reason|the resulting|which|who|neither|either way|either of
    the issue is|the problem is|not only|more importantly
"""


def _any(words: str) -> str:
    """A pattern for one of the words, which stand between bars and line breaks."""
    return "|".join(word.strip() for line in words.strip().splitlines() for word in line.split("|"))


_OWN_NOUN: Final = (
    r"(?:(?:present|short|brief|research|survey|review|position|technical|doctoral|phd) )?"
    r"(?:papers?|works?|article|study|letter|thesis|dissertation|survey|review|report|note|essay"
    r"|chapter|monograph|manuscript|contribution|tutorial|book|talk|lecture|proposal"
    r"|communication|document|publication|project|research|investigation)\b"
)
_BACK: Final = (
    rf"(?:(?<![\w-])(?:this|these)\b(?! {_OWN_NOUN})"
    r"|(?<![\w-])those\b(?! (?:of|that|who|which|whose|in|from|with|without|at|on|by|for)\b)"
    r"|(?<!as )(?<![\w-])such\b(?! (?:as|that)\b)"
    r"|(?<![\w-])(?:the )?(?:above|aforementioned|former|latter|foregoing)\b)"
)
_WE: Final = rf"(?:we|our|i|here,? we|(?:this|the present) {_OWN_NOUN})\b"
_MARKER: Final = re.compile(
    rf"(?:(?:and|but|so|yet|then) )?(?:{_any(_MARKERS)}) ?[,:;] ?"
    r"|(?:and|but|hence|so(?! far| called| many| much| that)|thus(?! far)|yet(?! another)) ",
    re.I,
)
_PHRASE: Final = re.compile(
    rf"(?:in order |so as )?(?:{_any(_PHRASE_WORDS)})\b"
    rf"(?=[^,;:.]{{0,90}}{_BACK})[^;:.]{{1,150}}?, ?(?:(?:therefore|thus|hence|then),? )?(?={_WE})",
    re.I,
)
_BRIDGED: Final = re.compile(
    rf"(?P<who>we|i|this {_OWN_NOUN}|our \w+|the authors?) (?P<can>(?:can|will|could) )?"
    rf"(?:{_any(_BRIDGES)}),? (?=[a-z])",
    re.I,
)
_EXPLETIVE: Final = re.compile(
    r"it (?:is|was|has been|can be|turns|remains|appears|seems|will be|may be|should be) "
    r"(?:\w+ ){0,4}(?:that|to|whether|how|why|if|what)\b",
    re.I,
)
_LEANS: Final = re.compile(
    rf"(?:(?:{_any(_BEFORE_BACK)}) )?{_BACK}|we (?:\w+ly )?\w+ (?:\w+ )?{_BACK}"
    rf"|(?:{_any(_POINTING)})\b"
    r"|both\b(?! \S+(?: \S+){0,5} and\b)",
    re.I,
)
_OWN: Final = re.compile(
    rf"this {_OWN_NOUN}|these (?:proceedings|notes|lecture)|here,? we\b"
    r"|not only\b.{3,80}\bbut\b",
    re.I,
)
_BEGINS: Final = re.compile(r"""[^\W_]|[$"'“‘]""")


def stand_alone(sentence: str) -> str:
    """The sentence without the words at its beginning that join it to the one before.

    Nothing but that is changed, and the new first letter, which becomes a capital.
    """
    text = sentence
    for _ in range(3):
        cut = _without_opening(text)
        if cut == text:
            break
        text = cut
    return text


def leans(sentence: str) -> bool:
    """Whether a sentence, its words parted by one blank, opens with what only the sentence before
    it explains."""
    if _MARKER.match(sentence) or _BRIDGED.match(sentence):
        return True
    if _PHRASE.match(sentence):
        return True
    if _OWN.match(sentence) or _EXPLETIVE.match(sentence):
        return False
    return _LEANS.match(sentence) is not None


def _without_opening(text: str) -> str:
    if (marker := _MARKER.match(text)) and _is_rest(text[marker.end() :]):
        return _capital(text[marker.end() :])
    if (phrase := _PHRASE.match(text)) and _is_rest(text[phrase.end() :]):
        return _capital(text[phrase.end() :])
    if bridged := _BRIDGED.match(text):
        return f"{bridged['who']} {bridged['can'] or ''}{text[bridged.end() :]}"
    return text


def _is_rest(rest: str) -> bool:
    """Whether what would be left is a sentence: it has words, and begins with one."""
    return len(rest.split()) >= 4 and _BEGINS.match(rest) is not None


def _capital(text: str) -> str:
    """With a capital in front, unless the word has its own way (`iPhone`, `x`)."""
    word = text.split(maxsplit=1)[0]
    plain = word in {"a", "i"} if len(word) == 1 else word.islower()
    return text[0].upper() + text[1:] if plain else text
