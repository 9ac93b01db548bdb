"""A file's text cut into lines (at times less), each told apart by its look alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.archive.parser.model import PaperReference
from bot.archive.parser.titles import has_cjk, is_title_like, plain_title, read_titled
from bot.model.arxiv_id import MalformedId, parse_arxiv_id
from bot.model.reference import ArxivReference, PageReference, parse_references

LANGUAGES = {
    "english": "en",
    "korean": "ko",
    "japanese": "ja",
    "chinese": "zh",
    "german": "de",
    "french": "fr",
    "spanish": "es",
}
"""Words that name a take's language in `<english>` and `</english>`."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_OPEN = re.compile(rf"[\s\ufeff]*<({'|'.join(LANGUAGES)})>", re.IGNORECASE)
_CLOSE = re.compile(rf"</({'|'.join(LANGUAGES)})>\s*$", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
"""Backticks that stand again in the same line are no fence: ```x``` is code in a line."""
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_RULE = re.compile(r"#{1,6}|(?:[-*_][ \t]*){3,}")
_TAGS = re.compile(r"(?:#[^\s#,]+[\s,]*)+")
_MARK = re.compile(r"(?:[-*+•]|\d{1,3}[.)]|\|)[ \t]+")
_MARKS = "-*+•|"
_URL = r"https?://[^\s<>]+"
_URLS = re.compile(rf"<?({_URL})>?(?:[\s,]+<?{_URL}>?)*", re.IGNORECASE)
_URL_START = re.compile(rf"<?({_URL})>?(?=[\s\u3000])", re.IGNORECASE)
_URL_END = re.compile(rf"(?P<title>\S.{{0,400}}?)[\s:,–—-]+<?(?P<url>{_URL})>?", re.IGNORECASE)
_ID_ALONE = re.compile(
    r"(?:arxiv\s*:\s*)?(?:\d{4}\.\d{4,5}|[a-z-]{2,8}/\d{7})(?:v\d+)?", re.IGNORECASE
)
_ARXIV = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"(?P<title>\S.{{0,400}}?)\s*\(\s*<?(?P<url>{_URL}?)>?\s*\)(?P<rest>.*)", re.IGNORECASE
)
_MASKED = re.compile(
    rf"\[(?P<title>.{{1,400}}?)\]\(\s*<?(?P<url>{_URL}?)>?\s*\)(?P<rest>.*)", re.IGNORECASE
)
_SENTENCE = re.compile(r"[.!?…。][ \t]|(?:다|요|음|듯)$")
_PUNCTUATION_ONLY = re.compile(r"[\s.,;:!)]*")
LONGEST_TITLE = 400


class Look(Enum):
    """What a line looks like, before its neighbours are asked."""

    BLANK = auto()
    CODE = auto()
    HEADING = auto()
    RULE = auto()
    TAGS = auto()
    OPEN = auto()
    CLOSE = auto()
    QUOTE = auto()
    REFERENCE = auto()
    """Nothing but a reference."""
    TITLED = auto()
    """A title with its URL."""
    TEXT = auto()


# An enum's members are looked up in a way that costs more than all else that is done to a line.
BLANK = Look.BLANK
CODE = Look.CODE
HEADING = Look.HEADING
RULE = Look.RULE
TAGS = Look.TAGS
OPEN = Look.OPEN
CLOSE = Look.CLOSE
QUOTE = Look.QUOTE
REFERENCE = Look.REFERENCE
TITLED = Look.TITLED
TEXT = Look.TEXT


@dataclass(slots=True)
class Unit:
    """A line, its end included. `text` is without blanks and list marks around."""

    start: int
    end: int
    text: str
    look: Look
    reference: PaperReference | None = None
    title: str = ""
    """Of a TITLED or HEADING line."""
    authors: tuple[str, ...] = ()
    masked: bool = False
    """A TITLED line of the form `[title](URL)`."""
    numbered: bool = False
    """It began `1.` or the like."""
    language: str | None = None


def cut(text: str, start: int = 0) -> list[Unit]:
    """The lines of `text` from `start` on. They follow one another and cover all of it."""
    units: list[Unit] = []
    fence = ""
    end = start
    for line in _LINE.findall(text, start):
        start, end = end, end + len(line)
        stripped = line.strip()
        if not (stripped or fence):
            units.append(Unit(start, end, "", BLANK))
            continue
        if "\ufeff" in stripped:
            stripped = stripped.strip("\ufeff").strip()
        mark = _FENCE.match(stripped) if stripped[:1] in ("`", "~") else None
        if fence:
            units.append(Unit(start, end, stripped, CODE))
            if mark and mark[1].startswith(fence) and not stripped.strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
            units.append(Unit(start, end, stripped, CODE))
        elif "<" in stripped and (_OPEN.match(line) or _CLOSE.search(line)):
            units += _languages(text, start, end)
        else:
            units.append(_unit(start, end, stripped))
    return units


def resolve(url: str) -> PaperReference | None:
    """The one reference that a URL or an id is, if it is one."""
    if match := _ARXIV.fullmatch(url):
        try:
            return ArxivReference(parse_arxiv_id(match[1])[0])
        except MalformedId:
            return None
    parsed = parse_references(url)
    if len(parsed.references) != 1 or parsed.bad:
        return None
    only = parsed.references[0]
    return only if isinstance(only, ArxivReference | PageReference) else None


def url_and_text(line: str) -> tuple[PaperReference, int] | None:
    """For a line that begins with a URL and goes on: its reference, and how long the URL is."""
    match = _URL_START.match(line)
    if match is None or not line[match.end() :].strip():
        return None
    reference = resolve(match[1])
    return (reference, match.end()) if reference else None


def title_and_rest(line: str) -> tuple[str, PaperReference] | None:
    """For a line that begins `Title (URL)` and goes on: the title and the reference."""
    match = _BRACKETED.fullmatch(line)
    if match is None or len(match["title"]) > LONGEST_TITLE:
        return None
    reference = resolve(match["url"])
    return (plain_title(match["title"]), reference) if reference else None


def heading_link(title: str) -> Unit | None:
    """A heading's text as a TITLED line, if it is one: `[Title](URL)`, `Title (URL)`."""
    unit = Unit(0, len(title), title.strip("*_ "), TEXT)
    if unit.text:
        _look_for_paper(unit)
    return unit if unit.look is TITLED else None


def _languages(text: str, start: int, end: int) -> list[Unit]:
    """A line with `<english>` before or `</english>` behind it, cut there."""
    units: list[Unit] = []
    if opening := _OPEN.match(text, start, end):
        units.append(_mark(start, opening.end(), OPEN, opening[1]))
        start = opening.end()
    closing = _CLOSE.search(text[start:end])
    middle = start + closing.start() if closing else end
    if middle > start:
        inner = text[start:middle]
        units.append(_unit(start, middle, inner.strip()))
    if closing:
        units.append(_mark(middle, end, CLOSE, closing[1]))
    return units


def _mark(start: int, end: int, look: Look, word: str) -> Unit:
    return Unit(start, end, "", look, language=LANGUAGES[word.lower()])


def _unit(start: int, end: int, stripped: str) -> Unit:
    made = Unit(start, end, stripped, TEXT)
    first = stripped[:1]
    if not first:
        made.look = BLANK
    elif first == "#":
        if heading := _HEADING.fullmatch(stripped):
            made.look, made.title = HEADING, heading[2].strip()
        elif _RULE.fullmatch(stripped):
            made.look = RULE
        elif _TAGS.fullmatch(stripped):
            made.look = TAGS
    elif first == ">":
        made.look = QUOTE
    elif first in "-*_" and _RULE.fullmatch(stripped):
        made.look = RULE
    else:
        _look_for_paper(made)
    return made


def _look_for_paper(unit: Unit) -> None:
    line = unit.text
    if (line[0] in _MARKS or line[0].isdecimal()) and (mark := _MARK.match(line)):
        unit.numbered = line[0].isdecimal()
        line = line[mark.end() :]
    if "://" not in line:
        if len(line) < 30 and _ID_ALONE.fullmatch(line):
            _take(unit, REFERENCE, resolve(line))
        return
    if match := _URLS.fullmatch(line):
        _take(unit, REFERENCE, resolve(match[1]))
        return
    if line[0] == "[":
        _look_for_masked(unit, line)
        return
    match = _BRACKETED.fullmatch(line)
    if match:
        titled = bool(_PUNCTUATION_ONLY.fullmatch(match["rest"])) and _may_be_title(match["title"])
    else:
        match = _URL_END.fullmatch(line)
        titled = match is not None and is_title_like(match["title"])
    if match and titled:
        unit.title = plain_title(match["title"])
        _take(unit, TITLED, resolve(match["url"]))


def _look_for_masked(unit: Unit, line: str) -> None:
    match = _MASKED.fullmatch(line)
    if match is None:
        return
    if not _PUNCTUATION_ONLY.fullmatch(match["rest"]):
        titled = read_titled(f"{match['title']} {match['rest'].strip()}")
        if titled is None or titled.title != plain_title(match["title"]):
            return
        unit.authors = titled.authors
    if "://" in match["title"]:
        _take(unit, REFERENCE, resolve(match["url"]))
    else:
        unit.title, unit.masked = plain_title(match["title"]), True
        _take(unit, TITLED, resolve(match["url"]))


def _may_be_title(text: str) -> bool:
    """What stands before a bracketed URL is a title, not a sentence of the running text."""
    if "://" in text or text.rstrip()[-1] in ".。!…,;:]":
        return False
    return not has_cjk(text) or (len(text) <= 100 and not _SENTENCE.search(text))


def _take(unit: Unit, look: Look, reference: PaperReference | None) -> None:
    if reference is not None:
        unit.look, unit.reference = look, reference
