"""Which parts of a text are formulas or addresses, and which are words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

LONGEST_FORMULA: Final = 4_000
_FURTHER: Final = 8
"""Dollars that are looked at for one at the same depth of braces, as in `$\\text{for $x$}$`."""

# A dollar and a backslash are part of an address where `$\\sim$` or `\\_` is meant.
_IN_ADDRESS: Final = (
    r"(?:[^\s<>{}\"|\\^`$]|\\[_%&#$]|\\~(?:\{\})?|\{?\\(?:text(?:ascii)?)?tilde\}?|\$\\sim\$"
    r"|\$(?=[^\s\\$]))"
)
_ADDRESS: Final = (
    rf"(?:https?|ftp)://{_IN_ADDRESS}+|\bwww\.{_IN_ADDRESS}+"
    rf"|(?<![\w@./-])(?:[A-Za-z0-9-]+\.)+[a-z]{{2,12}}/{_IN_ADDRESS}*"
    r"|(?<![\w@.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[a-z]{2,12}\b"
    r"|(?<![A-Za-z])[A-Za-z]:\\(?!(?:mathbb|mathcal|mathrm|to|in|times)\b)\S*"  # of Windows's
)
_HAS_ADDRESS: Final = re.compile(r"/|@|www\.|:\\")  # quickly told
_OTHERS: Final = (
    r"(?P<verb>\\verb\*?(?P<fence>[^\sA-Za-z*])(?P<verbatim>(?:(?!(?P=fence)).){0,200})(?P=fence))"
    r"|(?P<url>\\(?:url|nolinkurl|path)\s*\{(?P<target>[^{}]*)\}|\\href\s*\{(?P<href>[^{}]*)\})"
    r"|\\begin\{(?P<environment>equation|align|gather|multline|eqnarray|displaymath|math)(?P<star>\*?)\}"
    r"|(?P<open>\\\(|\\\[)|\\.|(?P<dollar>\$)"
)
_EVENT: Final = re.compile(rf"(?P<address>(?!))|{_OTHERS}", re.S)
_EVENT_OR_ADDRESS: Final = re.compile(rf"(?P<address>{_ADDRESS})|{_OTHERS}", re.S)
_CLOSERS: Final = {r"\(": r"\)", r"\[": r"\]"}
_TAIL: Final = re.compile(r"(?:[.,;:!?'\"*~$]|&[a-z]+;)+$")

_TEXT_ARGUMENT: Final = re.compile(
    r"\\(?:text\w*|mbox|hbox|mathrm|operatorname\*?|rm)\s*\{[^{}]*\}"
)
_PROSE: Final = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,} +[A-Za-z]{2,}(?![A-Za-z]*\{)")
_SIGNS: Final = re.compile(r"[\\^_{]")
_AMOUNT: Final = re.compile(r"\.?\d")
_MONEY_SIGN: Final = re.compile(r"[€£¥]|\b(?:USD|EUR)\b")


class TexKind(Enum):
    """What a span of text is."""

    WORDS = auto()
    FORMULA = auto()
    ADDRESS = auto()


@dataclass(frozen=True, slots=True)
class TexSpan:
    """A stretch of text; `body` is what stands inside of a formula's or an address's marks."""

    kind: TexKind
    raw: str
    body: str


def outside(text: str, change: Callable[[str], str]) -> str:
    """`text` with `change` made to its words alone."""
    return "".join(change(one.raw) if one.kind is TexKind.WORDS else one.raw for one in spans(text))


def spans(text: str) -> Iterator[TexSpan]:
    """The whole of `text` in spans: joined, their raw forms are the text."""
    plain = 0
    for start, end, kind, body in _marked(text):
        if plain < start:
            yield TexSpan(TexKind.WORDS, text[plain:start], text[plain:start])
        yield TexSpan(kind, text[start:end], body)
        plain = end
    if plain < len(text):
        yield TexSpan(TexKind.WORDS, text[plain:], text[plain:])


def _marked(text: str) -> Iterator[tuple[int, int, TexKind, str]]:
    """Formulas and addresses, in order: start, end, kind, body."""
    dollars = _Dollars(text)
    position = 0
    event = _EVENT_OR_ADDRESS if _HAS_ADDRESS.search(text) else _EVENT
    while match := event.search(text, position):
        position = match.end()
        found: tuple[int, int, TexKind, str] | None = None
        if match["address"]:
            found = _address(match)
        elif match["url"]:
            inner = match["target"] if match["target"] is not None else match["href"]
            found = match.start(), match.end(), TexKind.ADDRESS, inner
            if match["href"] is not None:
                # The target alone; the words that are linked follow as words.
                start = match.start("href")
                found = start, match.end("href"), TexKind.ADDRESS, inner
        elif match["verb"]:
            found = match.start(), match.end(), TexKind.ADDRESS, match["verbatim"]
        elif match["environment"]:
            closer = rf"\end{{{match['environment']}{match['star']}}}"
            found = _closed(text, match, closer)
        elif match["open"]:
            found = _closed(text, match, _CLOSERS[match["open"]])
        elif match["dollar"]:
            found = dollars.formula(match.start())
        if found:
            yield found
            position = max(found[1], match.start() + 1)


def _address(match: re.Match[str]) -> tuple[int, int, TexKind, str] | None:
    raw = match["address"]
    if raw[1:3] == ":\\":
        return match.start(), match.end(), TexKind.ADDRESS, raw
    raw = _TAIL.sub("", raw)
    while raw and raw[-1] in ")]" and raw.count(raw[-1]) > raw.count("(["[")]".index(raw[-1])]):
        raw = _TAIL.sub("", raw[:-1])
    if not raw:
        return None
    body = re.sub(r"\$\\sim\$|\{?\\(?:text(?:ascii)?)?tilde\}?|\\~(?:\{\})?", "~", raw)
    body = re.sub(r"\\([_%&#$])", r"\1", body).replace("{}", "")
    return match.start(), match.start() + len(raw), TexKind.ADDRESS, body


def _closed(text: str, match: re.Match[str], closer: str) -> tuple[int, int, TexKind, str] | None:
    end = text.find(closer, match.end(), match.end() + LONGEST_FORMULA)
    body = text[match.end() : end] if end >= 0 else ""
    return (match.start(), end + len(closer), TexKind.FORMULA, body) if body.strip() else None


class _Dollars:
    """The pairs of dollars of a text, as TeX finds them, without those that are money."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: list[int] = []
        self._depths: list[int] = []
        depth = 0
        for match in re.finditer(r"\\.|[{}$]", text, re.S):
            if match[0] == "$":
                self._places.append(match.start())
                self._depths.append(depth)
            elif match[0] in "{}":
                depth += 1 if match[0] == "{" else -1
        self._index = {place: index for index, place in enumerate(self._places)}

    def formula(self, start: int) -> tuple[int, int, TexKind, str] | None:
        """The formula that the dollar at `start` opens; None where it is none's."""
        index = self._index.get(start)
        if index is None:
            return None
        text, width = self._text, 1
        if text.startswith("$$", start):
            width = 2
        end = self._closer(index + width - 1, width)
        if end is None:
            return None
        body = text[start + width : end]
        whole = "$" not in body if width == 2 else is_formula(body, text[end + 1 : end + 2])
        if not body.strip() or not whole:
            return None
        return start, end + width, TexKind.FORMULA, body

    def _closer(self, opener: int, width: int) -> int | None:
        following = range(opener + 1, min(opener + 1 + _FURTHER, len(self._places)))
        close: list[int] = []
        for index in following:
            place = self._places[index]
            if place - self._places[opener] > LONGEST_FORMULA:
                break
            if width == 2 and not self._text.startswith("$$", place):
                continue
            close.append(index)
        for index in close:
            if self._depths[index] == self._depths[opener]:
                return self._places[index]
        return self._places[close[0]] if close else None


def is_formula(body: str, after: str) -> bool:
    """Whether what stands between two dollars is TeX rather than prose between two prices.

    `after` is the character that follows the second dollar.
    """
    inner = body.strip()
    if not inner or "://" in inner:
        return False
    loose_start, loose_end = body[0].isspace(), body[-1].isspace()
    prose = _PROSE.search(_TEXT_ARGUMENT.sub(" ", body)) is not None
    signs = _SIGNS.search(body) is not None
    if _AMOUNT.match(body):
        if prose or _MONEY_SIGN.search(body):
            return False
        if re.search(r"[\\^_]", body):
            return True
        return body.count("{") == body.count("}") and not (loose_end or after.isdigit())
    if "\\" in body:
        return not (prose and loose_start and loose_end)
    if prose and (loose_start or loose_end):
        return False
    if loose_end and not loose_start and not signs and len(inner) > 1 and inner[-1].isalpha():
        return False
    return not (loose_start and loose_end and len(inner) > 1 and inner.isalpha())
