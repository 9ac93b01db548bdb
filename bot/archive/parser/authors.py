"""The authors of a paper as they are written in brackets behind its title."""

from __future__ import annotations

import re

LONGEST_NAME = 60

_NAME = re.compile(r"[^\W\d_][^\d_!?;:@#%&*=<>\[\]{}|\\/\"+~^$…。]*")
_COMMA = re.compile(r"[,，;、]|\band\b(?= )|(?<=\s)&(?=\s)")
_PLAIN_NAME = r"[A-Z][A-Za-z'’.-]*(?: [A-Z][A-Za-z'’.-]*){0,4} [A-Z][A-Za-z'’.-]*[A-Za-z]"
_PLAIN_NAMES = re.compile(rf"{_PLAIN_NAME}(?:, {_PLAIN_NAME})+")
"""Two or more full names in Latin letters, as nearly all authors are: what `is_name` would say."""
_AUTHORS = re.compile(r"(?:authors?|by|저자)[*_]*\s*[:：]?\s*[*_]*\s*(?=\S)", re.IGNORECASE)
_REMARK = re.compile(
    r"[\s,*_]*[(\[]?\s*(?:\.\.\.|…)?\s*"
    r"(?:(?:and|\+)?\s*\d*\s*(?:additional|other|more)\s+authors(?:\s+not\s+shown)?|\+\s*\d+\s+authors)"
    r"\s*[)\]]?[\s*_]*(?=[)\]]?[*_\s]*$)",
    re.IGNORECASE,
)
"""*(additional authors not shown)*, `+12 more authors`."""
_OTHERS = re.compile(r"(?:et\.? al\.?|and others|others|\.\.\.|…|외)", re.IGNORECASE)
_ET_AL = re.compile(r"\s+(?:et\.? al\.?|외(?: \d+[명인])?)$", re.IGNORECASE)
_SIGN = r"[*†‡§¶#∗⋆★☆✉♠♣♥♦^~◇□¹²³⁰⁴-⁹₀-₉]"
_SIGNS = re.compile(rf"\s*{_SIGN}(?:{_SIGN}|[\d,\s])*$|(?<=[^\W\d_])\d{{1,2}}(?:,\d{{1,2}})*$")
"""Daggers and numbers of footnotes behind a name."""
_NO_NAME = re.compile(
    r"://|[?!=<>{}|\\\"~$。]|\.\s+(?!v[ao]n|d[aeiu]|l[ae]|te[nr]|[bi]bn|bin)[a-z]|(?:다|요|음|듯|네|함|임|됨|군)\.?$"
)
_TEAM = re.compile(
    r"\b(?:team|labs?|group|research|ai|collaboration|consortium|university|institute|inc|corp"
    r"|anonymous|authors?|community|project|foundation|academy|openai|deepmind|google|meta"
    r"|microsoft|nvidia|apple|anthropic|mistral|naver|kakao|baidu|tencent|alibaba|huawei)\b",
    re.IGNORECASE,
)
_VENUE = re.compile(
    r"(?:\w+ )*(?:(?:19|20)\d\d|['’]\d\d)|\d.*|[A-Z][A-Za-z]{2,}\d{2}"
    r"|(?:v\d+|code|paper|link|pdf|github|arxiv|oral|spotlight|poster|best paper|survey|appendix)",
    re.IGNORECASE,
)
"""What else stands in brackets behind a title: a conference, a year, what it is."""


def plain_names(inside: str) -> tuple[str, ...]:
    """The names of a list that cannot be read otherwise; nothing if it can."""
    if not _PLAIN_NAMES.fullmatch(inside):
        return ()
    names = tuple(inside.split(", "))
    return names if max(map(len, names)) <= LONGEST_NAME else ()


def names_line(text: str) -> tuple[str, ...]:
    """The names of a line that has nothing else, as `Authors: …` or by itself."""
    text = text.strip("*_ ")
    told = _AUTHORS.match(text)
    return plain_names(text[told.end() :].rstrip(" .*_") if told else text)


def without_remark(line: str) -> str:
    """A line without the remark that there are more authors than it shows."""
    if "uthors" not in line[-80:]:
        return line
    kept = line[:-200] + _REMARK.sub("", line[-200:])
    return f"{kept})" if kept.count("(") > kept.count(")") else kept


def split_names(inside: str, *, tidy: bool = True) -> tuple[str, ...]:
    """The names of a list; tidied, without footnotes and *et al.*, and a team apart from those
    who are named behind it: `DeepSeek-AI: A. B, C. D`."""
    if tidy:
        inside = re.sub(r"[:：]\s*,?", ",", inside)
    parts = [part.strip() for part in _COMMA.split(inside)]
    if tidy:
        parts = [_tidied(part) for part in parts]
    return tuple([part for part in parts if part])


def is_name(text: str) -> bool:
    """Whether a text is a name by its look alone."""
    if len(text) > LONGEST_NAME or len(text.split()) > 7:
        return False
    if len(text) < 2:
        return text.isupper()
    if not _NAME.fullmatch(text) or text.endswith("."):
        return text.casefold() in {"et al.", "et al"} or bool(
            re.fullmatch(r"[^\W\d_].* (?:Jr|Sr|[A-Z])\.", text) and _NAME.fullmatch(text)
        )
    words = text.split()
    return text[0].isupper() or not text[0].islower() or any(word[0].isupper() for word in words)


def could_be_names(inside: str) -> bool:
    """Whether this may be authors, where authors are to be expected."""
    if _NO_NAME.search(inside):
        return False
    names = split_names(inside)
    if not names or any(len(name) > LONGEST_NAME or len(name.split()) > 8 for name in names):
        return False
    if len(names) == 1:
        return _could_be_one(names[0])
    whole = sum(len(name.split()) > 1 or not name[0].islower() for name in names)
    return whole * 2 > len(names)


def _could_be_one(name: str) -> bool:
    """A team or a single author: not a conference, not a word of a sentence."""
    if _TEAM.search(name):
        return True
    if _VENUE.fullmatch(name):
        return False
    words = name.split()
    return len(words) <= 4 and all(not word[0].islower() for word in words)


def _tidied(name: str) -> str:
    if _OTHERS.fullmatch(name) or not any(map(str.isalpha, name)):
        return ""
    if " " not in name or len(name) > LONGEST_NAME:
        return name  # a team may end in a number
    return _ET_AL.sub("", _SIGNS.sub("", name)).strip()
