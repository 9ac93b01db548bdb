"""Lines that lead to a paper: an address alone, a title with its address, an address and text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.archive.parser.model import PaperReference
from bot.archive.parser.titles import (
    has_cjk,
    is_no_title,
    is_title_like,
    plain_title,
    read_titled,
)
from bot.model.arxiv_id import MalformedId, parse_arxiv_id
from bot.model.reference import ArxivReference, PageReference, parse_references

LONGEST_TITLE = 400

_URL = r"https?://[^\s<>]+"
_URL_IN_BRACKETS = r"https?://[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*"
_URLS = re.compile(rf"<?({_URL})>?(?:[\s,]+<?{_URL}>?)*", re.IGNORECASE)
_NO_SCHEME = re.compile(r"<?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/[^\s<>]+)", re.IGNORECASE)
"""An address as it is read out: `arxiv.org/abs/2007.10909`."""
_ID_ALONE = re.compile(
    r"(?:arxiv\s*:\s*)?(?:\d{4}\.\d{4,5}|[a-z-]{2,8}/\d{7})(?:v\d+)?(?:\s*\[[a-z.-]{2,20}\])?",
    re.IGNORECASE,
)
"""`2312.00752`, `arXiv:2312.00752v1 [cs.LG]`."""
_ARXIV = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?P<label>[^:：\n]{1,40})[:：]\s*(?=\S)")
_BRACKETED = re.compile(
    rf"(?P<title>\S.{{0,400}}?)\s*\(\s*<?(?P<url>{_URL}?)>?\s*\)(?P<rest>.*)", re.IGNORECASE
)
_URL_END = re.compile(rf"(?P<title>\S.{{0,400}}?)[\s:,–—-]+<?(?P<url>{_URL})>?", re.IGNORECASE)
_MASKED = re.compile(
    rf"\[(?P<title>.{{1,400}}?)\]\(\s*<?(?P<url>{_URL}?)>?\s*\)(?P<rest>.*)", re.IGNORECASE
)
_MASKED_LINK = re.compile(
    rf"\[(?P<title>[^\[\]]{{1,400}})\]\(\s*<?(?P<url>{_URL_IN_BRACKETS})>?\s*\)", re.IGNORECASE
)
_LED = re.compile(
    rf"(?P<url><?{_URL}>?|<?(?:[a-z0-9-]{{1,63}}\.){{1,5}}[a-z]{{2,24}}/[^\s<>]+>?|\[{_URL}\]\({_URL}\))"
    r"[ \t\u3000]+(?:[-–—:|→][ \t]+)?(?=\S)",
    re.IGNORECASE,
)
"""What stands before the text of a line that begins with an address."""
_TITLE_ID = re.compile(
    r"(?P<title>[^()]{2,200}?)\s*\((?P<id>arxiv\s*:\s*\d{4}\.\d{4,5}(?:v\d+)?)\)[ \t]*"
    r"(?:[-–—:|→][ \t]*)?(?=\S)",
    re.IGNORECASE,
)
"""`Title (arXiv:2005.12872) text`."""
_ID_BEHIND = re.compile(
    r"(?P<title>\S.{0,400}?)[\s:,–—(\[-]{1,5}(?P<id>arxiv\s*:\s*\d{4}\.\d{4,5}(?:v\d+)?)[)\]]?",
    re.IGNORECASE,
)
_AFTER_LINK = re.compile(r"[ \t]*(?:[-–—:|→][ \t]*)?(?=\S)")
_LINK = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)
_SHOWN_URL = re.compile(r"\[(https?://[^\]\s]{1,500})\]\([^)\s]{1,2000}\)")
_SENTENCE = re.compile(r"[.!?…。][ \t]|(?:다|요|음|듯)$")
_PUNCTUATION_ONLY = re.compile(r"[\s.,;:!)]*")
_PARTICLE = re.compile(
    r"(?:과|와|의|은|는|가|을|를|도|에|로|으로|에서|에서는|처럼|보다|and|is|are|was|for|by)\b"
)
"""What goes on after an address that is a word of a sentence: *https://… 과 비슷한 접근.*"""


class LinkedLine(NamedTuple):
    """What a line leads to; `title` is empty for an address alone, `masked` is `[title](URL)`."""

    reference: PaperReference
    title: str = ""
    authors: tuple[str, ...] = ()
    masked: bool = False


class LedLine(NamedTuple):
    """A line that begins with a link and goes on: `length` characters stand before its text."""

    reference: PaperReference
    length: int
    title: str = ""


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


def linked(line: str) -> LinkedLine | None:
    """What a line leads to that is nothing but an address, or a title with its address.

    The line is without blanks and list marks around.
    """
    if "://" not in line:
        return _without_scheme(line)
    if match := _URLS.fullmatch(line):
        return _reference(_LINK.findall(line) or [match[1]])
    if (label := _LABEL.match(line)) and is_no_title(label["label"]):
        found = linked(line[label.end() :].strip(" *_"))
        return found and LinkedLine(found.reference)
    if line[0] == "[":
        return _masked(line)
    return _title_with_url(line)


def best_of(references: Iterable[PaperReference]) -> PaperReference | None:
    """Which of several addresses of one paper it is known by: arXiv's, or the first."""
    every = list(references)
    arxiv = [one for one in every if isinstance(one, ArxivReference)]
    return next(iter(arxiv + every), None)


def led(line: str) -> LedLine | None:
    """For a line that begins with an address or `[title](URL)` and goes on: what it leads to."""
    if match := _LED.match(line):
        url = match["url"].strip("<>")
        if url.startswith("["):
            url = url[1:].partition("](")[0]
        reference = resolve(url)
        if reference is None or _PARTICLE.match(line, match.end()):
            return None
        return LedLine(reference, match.end())
    if (match := _MASKED_LINK.match(line)) and "://" not in match["title"]:
        after = _AFTER_LINK.match(line, match.end())
        reference = resolve(match["url"])
        if after is None or reference is None or _PARTICLE.match(line[match.end() :].lstrip()):
            return None
        return LedLine(reference, after.end(), plain_title(match["title"]))
    if (match := _TITLE_ID.match(line)) and is_title_like(match["title"]):
        reference = resolve(match["id"])
        if reference is not None:
            return LedLine(reference, match.end(), plain_title(match["title"]))
    return None


def title_with_id(heading: str) -> LinkedLine | None:
    """`Title (arXiv:2005.12872)`, `Title arXiv:2005.12872`: in a heading, where no sentence is."""
    match = _ID_BEHIND.fullmatch(heading)
    reference = resolve(match["id"]) if match else None
    return LinkedLine(reference, plain_title(match["title"])) if match and reference else None


def title_and_rest(line: str) -> tuple[str, PaperReference] | None:
    """For a line that begins `Title (URL)` and goes on: the title and the reference."""
    match = _BRACKETED.fullmatch(line)
    if match is None or len(match["title"]) > LONGEST_TITLE:
        return None
    reference = resolve(match["url"])
    return (plain_title(match["title"]), reference) if reference else None


def links_in(text: str) -> list[PaperReference]:
    """The papers and pages linked in a line; of `[URL](other URL)` only what it shows."""
    urls = _LINK.findall(_SHOWN_URL.sub(r"\1", text))
    found = (resolve(url.rstrip(".,;:!?")) for url in dict.fromkeys(urls))
    return list(dict.fromkeys(reference for reference in found if reference is not None))


def title_before_link(text: str) -> str:
    """For a line in which a title stands before a link: the title."""
    before = text.partition("://")[0].rpartition(" ")[0]
    words = plain_title(before.strip(" -*+•,:;([<"))
    return words if is_title_like(words) and not set("[]|") & set(words) else ""


def _without_scheme(line: str) -> LinkedLine | None:
    if len(line) < 50 and _ID_ALONE.fullmatch(line):
        return _reference([line])
    match = _NO_SCHEME.match(line)
    if match is None or match.end() < len(line.rstrip(">")):
        return None
    return _reference([match[1]]) or _reference([f"https://{match[1]}"])


def _reference(urls: Iterable[str]) -> LinkedLine | None:
    found = best_of(one for one in map(resolve, urls) if one is not None)
    return LinkedLine(found) if found is not None else None


def _masked(line: str) -> LinkedLine | None:
    links = list(_MASKED_LINK.finditer(line))
    if (
        links
        and not any(map(str.isalnum, _MASKED_LINK.sub("", line)))
        and all(is_no_title(one["title"]) or "://" in one["title"] for one in links)
    ):
        return _reference(one["title"] if "://" in one["title"] else one["url"] for one in links)
    match = _MASKED.fullmatch(line)
    if match is None:
        return None
    title, authors = plain_title(match["title"]), tuple[str, ...]()
    if not _PUNCTUATION_ONLY.fullmatch(match["rest"]):
        titled = read_titled(f"{match['title']} {match['rest'].strip()}", placed=True)
        if titled is None or titled.title != title:
            return None
        authors = titled.authors
    reference = resolve(match["url"])
    if reference is None:
        return None
    if "://" in title or is_no_title(title):
        return LinkedLine(reference)
    return _with_authors(LinkedLine(reference, title, authors, masked=True))


def _title_with_url(line: str) -> LinkedLine | None:
    match = _BRACKETED.fullmatch(line)
    if match:
        titled = bool(_PUNCTUATION_ONLY.fullmatch(match["rest"])) and _may_be_title(match["title"])
    else:
        match = _URL_END.fullmatch(line)
        titled = match is not None and is_title_like(match["title"])
    if match is None:
        return None
    nothing = is_no_title(match["title"])
    reference = resolve(match["url"]) if titled or nothing else None
    if reference is None:
        return None
    return _with_authors(LinkedLine(reference, "" if nothing else plain_title(match["title"])))


def _with_authors(found: LinkedLine) -> LinkedLine:
    """`[Title (Authors)](URL)`, `Title (Authors) URL`: the title without its authors."""
    titled = read_titled(found.title) if found.title and not found.authors else None
    if titled is None or not titled.sure:
        return found
    return found._replace(title=titled.title, authors=titled.authors)


def _may_be_title(text: str) -> bool:
    """What stands before a bracketed URL is a title, not a sentence of the running text."""
    if "://" in text or text.rstrip()[-1] in ".。!…,;:]":
        return False
    return not has_cjk(text) or (len(text) <= 100 and not _SENTENCE.search(text))
