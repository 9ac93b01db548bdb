"""What a person types or pastes for a paper: arXiv identifiers, DOIs, URLs, titles.

Everything here is linear in the length of the text: it is fed with whatever people paste.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from bot.model.arxiv_id import OLD_ARCHIVES, ArxivId, BadReference, MalformedId, parse_arxiv_id
from bot.model.weburl import RefusedUrl, host_and_path, normalise_url

__all__ = [
    "ArxivId",
    "ArxivReference",
    "BadReference",
    "MalformedId",
    "MalformedUrl",
    "PageReference",
    "Parsed",
    "Reference",
    "TitleReference",
    "parse_arxiv_id",
    "parse_references",
]

LONGEST_TITLE = 500
"""Characters; what is longer is a paste, not a title to look for."""


class MalformedUrl(BadReference):
    """A URL that is not taken; `reason` is one of `bot.model.weburl.RefusedUrl.reason`."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ArxivReference:
    """An e-print on arXiv; `version` only if the person named one."""

    id: ArxivId
    version: int | None = None

    @property
    def url(self) -> str:
        return self.id.url if self.version is None else f"{self.id.url}v{self.version}"


@dataclass(frozen=True, slots=True)
class PageReference:
    """A page that is not on arXiv, by its normalised http(s) URL."""

    url: str


@dataclass(frozen=True, slots=True)
class TitleReference:
    """Words to be looked up as a title; one line, blanks collapsed."""

    text: str


Reference: TypeAlias = ArxivReference | PageReference | TitleReference


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text refers to, in the text's order, each paper once.

    `bad` holds what was meant as an identifier or URL and is none; `ignored` the words between
    references, which mean nothing here (empty if the whole text is a title).
    """

    references: tuple[Reference, ...]
    bad: tuple[BadReference, ...] = ()
    ignored: tuple[str, ...] = ()


_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
"""Zero-width characters and the marks that turn the direction of text."""
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x3001: ",",
    0xFF64: ",",
    0x2010: "-",
    0x2011: "-",
}
_IDEOGRAPHIC_STOP = re.compile(r"(?<=[0-9])[\u3002\uff61](?=[0-9])")

_OPENING = "([{<«“‘「『【〈《\"'`*_~|>•·"
_CLOSING = ".,;:!?)]}>»”’」』】〉》\"'`*|…。"

_SCHEME = re.compile(r"(?<![a-z0-9+.-])([a-z][a-z0-9+-]{1,14})://", re.IGNORECASE | re.ASCII)
_KNOWN_HOST = (
    r"(?:[a-z0-9-]{1,63}\.){0,5}(?:arxiv\.org|alphaxiv\.org|ar5iv\.org|huggingface\.co|hf\.co"
    r"|doi\.org|xxx\.lanl\.gov|openreview\.net|github\.com|github\.io)/"
)
"""Hosts that are recognised where `https://` was left out."""
_NEXT_REFERENCE = re.compile(
    rf"[,;](?=https?://|www\.|arxiv|{_KNOWN_HOST}|doi:|10\.[0-9]{{4}}|[0-9]{{4}}\.[0-9]{{4}}"
    r"|[a-z-]{2,9}(?:\.[a-z]{2})?/[0-9]{7})"
    r"|(?<=[a-z0-9)])(?=https?://)",
    re.IGNORECASE | re.ASCII,
)
_BARE_URL = re.compile(
    rf"(?<![a-z0-9.@/-])(?:{_KNOWN_HOST}|www\.[a-z0-9-]{{1,63}}\.[a-z])",
    re.IGNORECASE | re.ASCII,
)
_DOI = re.compile(r"(?<![a-z0-9./])10\.[0-9]{4,9}/[^\s?#]+", re.IGNORECASE | re.ASCII)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE | re.ASCII | re.DOTALL)
_ID_IN_TEXT = re.compile(
    r"(?<![a-z0-9./-])(?:arxiv[:.]?)?("
    r"[0-9]{4}\.[0-9]{4,6}(?:v[0-9]{1,9})?"
    rf"|(?:{'|'.join(sorted(OLD_ARCHIVES, key=len, reverse=True))})"
    r"(?:\.[a-z][a-z-]{1,8})?/[0-9]{5,9}(?:v[0-9]{1,9})?"
    r")(?![a-z0-9]|\.[0-9])",
    re.IGNORECASE | re.ASCII,
)
_ID_IN_PATH = re.compile(
    r"(?:arxiv:)?((?:[a-z][a-z.-]{1,20}/)?[0-9][0-9.]{2,20}?(?:v[0-9]{1,9})?)"
    r"(?=\.pdf|\.ps|[^a-z0-9.]|\.?$|\.[^a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_OAI_PREFIX = re.compile(r"\boai:arxiv\.org:|\barxiv\s*:\s*(?=\S)", re.IGNORECASE)
_NOISE = frozenset(("arxiv", "doi", "oai", "and", "및", "와", "과"))

_PAPER_PATHS = (
    (("arxiv.org", "xxx.lanl.gov", "ar5iv.org"), "abs pdf html format ps src e-print"),
    (("alphaxiv.org",), "abs pdf html overview"),
    (("huggingface.co", "hf.co"), "papers"),
    (("scirate.com", "semanticscholar.org"), "arxiv"),
)


def parse_references(text: str) -> Parsed:
    """Every reference in what a person typed or pasted.

    References are separated by blanks, commas or lines, and may stand in brackets, in angle
    brackets, in Markdown links or before a full stop. Text without any is one title, if it is
    one line's worth of words. Blank text gives nothing.
    """
    seen = text.translate(_INVISIBLE).translate(_CONTROLS)
    reader = _Reader()
    for chunk in re.split(r'[\s<>"]+', _without_link_labels(_narrow(seen))):
        for part in _NEXT_REFERENCE.split(chunk):
            reader.read(part)
    if not reader.references and not reader.bad:
        return _title(" ".join(seen.split()))
    return Parsed(tuple(reader.references.values()), tuple(reader.bad), tuple(reader.ignored))


def _title(words: str) -> Parsed:
    if not words:
        return Parsed(())
    if len(words) > LONGEST_TITLE or not any(char.isalnum() for char in words):
        return Parsed((), ignored=(words,))
    if not any(char.isalpha() for char in words):
        return Parsed((), bad=(MalformedId(words),))
    return Parsed((TitleReference(words),))


def _narrow(text: str) -> str:
    """Full-width characters, as East Asian input methods give them, in their ASCII form."""
    text = text.translate(_FULL_WIDTH)
    return _IDEOGRAPHIC_STOP.sub(".", text).replace("\u3002", " ")


def _without_link_labels(text: str) -> str:
    """Markdown links `[label](target)` replaced by their targets."""
    out: list[str] = []
    done = 0
    at = text.find("](")
    while at >= 0:
        start = text.rfind("[", max(done, at - 300), at)
        end = _link_end(text, at + 2) if start >= 0 else -1
        if end >= 0:
            out += [text[done:start], " ", text[at + 2 : end], " "]
            done = end + 1
        at = text.find("](", max(at + 2, done))
    out.append(text[done:])
    return "".join(out)


def _link_end(text: str, start: int) -> int:
    """Where the parenthesis that opened just before `start` closes, or -1."""
    depth = 1
    for at in range(start, min(len(text), start + 2_100)):
        if text[at] == "(":
            depth += 1
        elif text[at] == "[":
            return -1
        elif text[at] == ")":
            depth -= 1
            if depth == 0:
                return at
    return -1


class _Reader:
    """Collects references from chunks that hold no blank."""

    def __init__(self) -> None:
        self.references: dict[object, Reference] = {}
        self.bad: list[BadReference] = []
        self.ignored: list[str] = []

    def read(self, chunk: str) -> None:
        scheme = _SCHEME.search(chunk)
        if scheme:
            self._read_words(chunk[: scheme.start()])
            self._read_url(chunk[scheme.start() :], wrapped=chunk[: scheme.start()])
        elif bare := _BARE_URL.search(chunk):
            self._read_words(chunk[: bare.start()])
            self._read_url("https://" + chunk[bare.start() :], wrapped=chunk[: bare.start()])
        elif doi := _DOI.search(chunk):
            self._read_words(chunk[: doi.start()])
            self._read_doi(_trim(doi.group()))
        else:
            self._read_words(chunk)

    def _read_words(self, text: str) -> None:
        text = _OAI_PREFIX.sub(" ", text)
        done = 0
        for match in _ID_IN_TEXT.finditer(text):
            self._ignore(text[done : match.start()])
            self._read_id(match.group(1))
            done = match.end()
        self._ignore(text[done:])

    def _read_id(self, text: str) -> None:
        try:
            found, version = parse_arxiv_id(text)
        except MalformedId as error:
            self._refuse(error)
        else:
            self._keep(found, ArxivReference(found, version))

    def _read_doi(self, doi: str) -> None:
        if match := _ARXIV_DOI.fullmatch(doi):
            self._read_id(_id_in(match.group(1)) or match.group(1))
        else:
            # DOIs are case-insensitive (DOI Handbook, 2.4); lower case makes them comparable.
            self._read_page(f"https://doi.org/{doi.lower()}")

    def _read_url(self, url: str, wrapped: str) -> None:
        url = _trim(url, closing=_CLOSING + ("_~" if wrapped[-1:] in ("_", "~") else ""))
        try:
            where = host_and_path(url)
        except RefusedUrl as error:
            self._refuse(MalformedUrl(url, error.reason))
            return
        path = unquote(where.path)
        if where.host in ("doi.org", "dx.doi.org", "www.doi.org") and _DOI.fullmatch(path[1:]):
            self._read_doi(path[1:])
        elif (paper := _after_paper_path(where.host, path)) is not None:
            self._read_id(_id_in(paper) or paper)
        else:
            self._read_page(url)

    def _read_page(self, url: str) -> None:
        try:
            page = normalise_url(url)
        except RefusedUrl as error:
            self._refuse(MalformedUrl(url, error.reason))
        else:
            self._keep(page, PageReference(page))

    def _keep(self, key: object, reference: Reference) -> None:
        self.references.setdefault(key, reference)

    def _refuse(self, error: BadReference) -> None:
        if all(error.text != other.text for other in self.bad[:50]):
            self.bad.append(error)

    def _ignore(self, text: str) -> None:
        for word in re.split(r"[\s,;:]+", text):
            bare = word.strip(_OPENING + _CLOSING)
            if bare and bare.lower() not in _NOISE and any(char.isalnum() for char in bare):
                self.ignored.append(bare)


def _trim(text: str, closing: str = _CLOSING) -> str:
    """Without the punctuation that ends the sentence; a bracket goes only if it has no partner."""
    excess = {right: text.count(right) - text.count(left) for left, right in ("()", "[]", "{}")}
    end = len(text)
    while end and text[end - 1] in closing:
        last = text[end - 1]
        if last in excess:
            if excess[last] <= 0:
                break
            excess[last] -= 1
        end -= 1
    return text[:end]


def _after_paper_path(host: str, path: str) -> str | None:
    """What stands where an arXiv identifier belongs, if this is a paper's page on a known host."""
    for hosts, verbs in _PAPER_PATHS:
        if any(host == known or host.endswith("." + known) for known in hosts):
            verb, _, rest = path.lstrip("/").partition("/")
            return rest if verb.lower() in verbs.split() and rest.strip("/") else None
    return None


def _id_in(path: str) -> str | None:
    """The identifier at the start of `path`, without `.pdf`, a slash or a particle after it."""
    match = _ID_IN_PATH.match(path)
    return match.group(1).rstrip(".") if match else None
