"""Lines of a weekly post that stand between its papers and are about none of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.archive.parser.lexer import Look
from bot.archive.parser.lines import Lines

_HEADING = 40
_SENTENCE = 80
"""Characters of a heading, and of a sentence that leads over to the next paper."""
_NUMBERED = re.compile(r"(?:\d{1,2}|[IVX]{1,4}|[가나다라마바사])[.)]\s*\S|[■●▶◆※○□▷◇]\s*\S")
_BOXED = re.compile(r"\*\*[^*]+\*\*:?|__[^_]+__:?|<[^<>/]+>|\[[^\[\]]+\]|[-=]{2,}\s*\S.*?[-=]{2,}")
_FULL_SENTENCE = re.compile(r"(?:다|요|죠|네|군|까|음|함|듯|됨|임)[.!?…~]*$|[!?…]$")
_SENTENCE_END = re.compile(r"[.!?…。)~:;,]$|(?:다|요|음|듯|네|함|임|됨)$")
_LEADS_OVER = re.compile(
    r"(?:자[,.]?\s+|그럼\s+|또\s+|and\s+|so\s+)?"
    r"(?:다음은|다음으로|그\s?다음|마지막으로|끝으로|여기서?부터|지금부터|이제부터|아래(?:는|부터)|이하\s"
    r"|moving on|on to\b|next(?:[,:]| up| is| are| come)|last but not least|up next|turning to)",
    re.IGNORECASE,
)
_MAY_LEAD_OVER = re.compile(
    r"(?:자[,.]?\s+|그럼\s+|또\s+)?(?:이제|이번에는|이번엔|이어서|나머지|그리고|덧붙여)\s"
    r"|(?:and |now |finally|lastly|here are|the following|below are|the rest)",
    re.IGNORECASE,
)
"""*이제 메트릭 러닝.* leads over; *이제 이런 것도 되네요.* is a take."""
_ANNOUNCES = re.compile(r"[:：,，]$")
_REST = re.compile(
    r"(?:그\s?외|그\s?밖에?|이외에?|기타|나머지|etc\b|misc\w*\b|others?\b)", re.IGNORECASE
)
_NOUN = 12
"""Characters of a heading without a mark where no take stands above it."""
_NO_NOUN = re.compile(r"[\s.,!?…~()]|(?:기|음|함|듯|됨|임|중|것|네|군|요|다|까)$")


def transition_in(lines: Lines, said: Sequence[int], *, surely: bool) -> int | None:
    """The place in a take's lines from which on they lead over to the next paper, if they do.

    `surely`: only what is marked as such counts, not any short line.
    """
    last = len(said) - 1
    while last > 0 and lines.units[said[last]].look is Look.TAGS:
        last -= 1
    for place, at in enumerate(said):
        if not _is_paragraph(lines, at):
            continue
        text = lines.units[at].text
        if _is_numbered(text) and not _in_list(lines, said, place):
            return place
        if place == last and (_BOXED.fullmatch(text) or _leads_over(text, alone=place == 0)):
            return place
        if not surely and _is_heading(text, alone=place == 0):
            return place
    return None


def _is_paragraph(lines: Lines, at: int) -> bool:
    """Whether a short line of text is a paragraph by itself, without an address."""
    unit = lines.units[at]
    if unit.look is not Look.TEXT or len(unit.text) > _SENTENCE or "://" in unit.text:
        return False
    above = at == 0 or lines.units[at - 1].look is not Look.TEXT
    return above and lines.ends_paragraph(at)


def _is_numbered(text: str) -> bool:
    """*8. 그 외*: a heading with its number."""
    if len(text) > _HEADING or _NUMBERED.match(text) is None:
        return False
    return _FULL_SENTENCE.search(text) is None


def _in_list(lines: Lines, said: Sequence[int], place: int) -> bool:
    """Whether a line with a number is one of several."""
    around = [said[other] for other in (place - 1, place + 1) if 0 <= other < len(said)]
    return any(_NUMBERED.match(lines.units[at].text) for at in around)


def _leads_over(text: str, *, alone: bool) -> bool:
    if _LEADS_OVER.match(text):
        return len(text) <= _HEADING or not alone
    if _REST.match(text):
        return len(text) <= _HEADING and _FULL_SENTENCE.search(text) is None
    if _ANNOUNCES.search(text):
        return True
    if alone or _MAY_LEAD_OVER.match(text) is None:
        return False
    return _FULL_SENTENCE.search(text) is None and len(text) <= _HEADING


def _is_heading(text: str, *, alone: bool) -> bool:
    """Whether this is a heading without a mark: short, and no sentence."""
    if len(text) > _HEADING or _SENTENCE_END.search(text):
        return False
    return not alone or (len(text) <= _NOUN and _NO_NOUN.search(text) is None)
