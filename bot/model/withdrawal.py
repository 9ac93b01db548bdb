"""What a paper's own words say of its withdrawal.

arXiv asks authors to say so in the comment (https://info.arxiv.org/help/withdraw.html); older
papers say it in place of the abstract, arXiv's administrators in a note. Counted is what is said
of *this* paper: not another that it replaces, not an earlier version, not drugs on a market.
"""

from __future__ import annotations

import re

_THING = (
    r"(?:paper|article|manuscript|submission|work|pre-?print|e-?print|note|report|draft|study"
    r"|posting|document|letter|comment|version of (?:the|this) (?:paper|article|manuscript))"
)
_THIS = rf"(?:this|the|our|my|present|current) (?:[\w-]+ )?{_THING}(?: \([^)]{{1,40}}\))?"
_BEEN = (
    r"(?:(?:has|have|had)(?: [a-z]+)? been|is|was|are|were|being|will be|(?:had|has|needs?) to be)"
    r"(?: (?:now|temporarily|hereby|being|since|officially|subsequently|voluntarily|permanently"
    r"|therefore|thus|hence))*"
)
_TAKEN = r"(?:withdrawn|retracted|removed|taken down|deleted)"
_REASON = (
    r"(?=\s*(?:$|[.,;:!()\[\]/-]|(?:by|due|because|as|since|for|pending|until|in|on|after|owing"
    r"|while|temporarily|permanently|per|at|and|to|from (?:the )?(?:arxiv|publication)|voluntarily"
    r"|with|so|when|under|following|upon)\b))"
)
"""What may follow: not "withdrawn drugs", not "withdrawn from the market"."""
_WILLING = (
    r"(?:(?:have|has|had|hereby|now|therefore|regretfully|decided to|chosen to|chose to"
    r"|wish(?:es)? to|would like to|wants? to) )*"
)
_ON = r"(?:(?!\b(?:which|that|whose|who)\b)(?:[^.;!?]|\.(?=[0-9])))"
"""Within the sentence; an id's dot ends none."""
_SAID = re.compile(
    "|".join(
        (
            rf"^\W*(?:{_THING} )?(?:(?:now|temporarily|is|was|has been|has now been) )*"
            rf"(?:withdrawn|retracted){_REASON}",
            rf"\b{_THIS} {_BEEN} {_TAKEN}{_REASON}",
            rf"\b{_THIS} {_ON}{{1,120}} and (?:is|was|has been)"
            rf"(?: (?:now|therefore|thus))? (?:withdrawn|retracted){_REASON}",
            r"^\W*(?:please disregard|note|status|update|admin note):?"
            rf" (?:withdrawn|retracted){_REASON}",
            rf"^\W*(?:to be|will be) (?:withdrawn|retracted){_REASON}",
            r"^\W*(?:withdrawal|retraction)(?: note| notice)?:",
            rf"\b(?:we|i|authors?) (?:are|am|is) (?:withdrawing|retracting)"
            rf" (?:(?:this|the|our) (?:\w+ )?{_THING}\b|it\b)",
            rf"^\W*(?:this|it) {_BEEN} (?:withdrawn|retracted){_REASON}",
            rf"\b(?:authors?|author\(s\)|we|i) {_WILLING}"
            r"(?:withdrawn|withdraw|withdraws|withdrew|retract|retracts|retracted)"
            rf"(?=\s*(?:$|[.,;:!()]|(?:this|the|our|their|his|her) (?:\w+ )?{_THING}\b|it\b"
            r"|due\b|because\b|as\b))",
            rf"\b(?:this version|submission|paper|article) {_BEEN} (?:withdrawn|removed|deleted)"
            r" by (?:the )?arxiv",
            r"^\W*(?:withdrawn|removed|deleted) by (?:the )?arxiv",
        )
    ),
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W*(?:withdrawn|retracted)\s*(?:[:\])]|article\b|paper\b|-\s|$)", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:previous|earlier|older|prior|first|second|third|original|old|initial|companion|other)"
    r"(?: arxiv)? (?:version|paper|article|submission|manuscript|draft|preprint|one)s?\b"
    r"(?:[^.;]|\.(?=[0-9]))*?"
    r"\b(?:withdrawn|retracted|removed|withdrew)"
    r"|\b(?:v|version )[0-9]+\b[^.;]{0,30}?\b(?:withdrawn|retracted|removed)"
    r"|\b(?:not|never|n't)(?: \w+)? (?:withdrawn|retracted)"
    r"|\b(?:withdrawn|retracted|withdrew)\b[^.;]{0,40}? from (?!(?:the )?(?:arxiv|publication))",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\bnow (?:been )?(?:corrected|fixed|repaired|resolved|replaced)|\breinstated\b|\brestored\b"
    r"|(?<!will )\b(?:has|have) (?:now |since )?been (?:corrected|fixed|repaired|resolved)"
    r"|\b(?:error|mistake|bug|flaw|gap)s? (?:is |are |was |were )?(?:now )?(?:corrected|fixed)"
    r"|\bthis (?:is (?:a|the) )?(?:new |corrected |revised )+version\b",
    re.IGNORECASE,
)
"""The error for which it was withdrawn is mended: the paper stands again."""
_UNTIL = re.compile(
    r"\b(?:until|once|when|pending|if|will|after)\W+(?:\w+\W+){0,2}\Z", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"(?<=[.;!?])\s+|(?<=[\])])\s+(?!(?:ha[sd]|have|is|was|are|were|will)\b)|\s*[\[\n]\s*"
)
_BARE = re.compile(
    rf"\W*(?:{_THIS} )?(?:{_BEEN} )?(?:paper |article )?(?:withdrawn|retracted)\W*", re.IGNORECASE
)
_MENTIONED = ("withdr", "retract", "remov", "delet", "taken down")


def withdrawal(title: str, abstract: str, comment: str | None) -> str | None:
    """The words in which a paper says that it is withdrawn; None if it says no such thing.

    Empty where it gives no more than the bare fact.
    """
    if comment and (said := _said_in(comment)) is not None:
        return "" if _BARE.fullmatch(said) else " ".join(comment.split())
    if (said := _said_in(abstract, first_and_last=True)) is not None:
        return "" if _BARE.fullmatch(said) else said
    return "" if _TITLE.match(title) else None


def is_withdrawn(title: str, abstract: str, comment: str | None) -> bool:
    """Whether a paper says that it is withdrawn."""
    return withdrawal(title, abstract, comment) is not None


def _stands_again(text: str) -> bool:
    return any(not _UNTIL.search(text[: match.start()]) for match in _BACK.finditer(text))


def _said_in(text: str, *, first_and_last: bool = False) -> str | None:
    """The sentence that says it. `first_and_last`: where else than there, others are spoken of."""
    lower = text.lower()
    if not any(word in lower for word in _MENTIONED) or _stands_again(text):
        return None
    sentences = [one for one in _SENTENCE.split(text) if one]
    if first_and_last:
        sentences = [*sentences[:1], *sentences[1:][-1:]]
    for sentence in sentences:
        if _SAID.search(sentence) and not _OTHER.search(sentence):
            return " ".join(sentence.split())
    return None
