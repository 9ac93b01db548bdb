"""What a person types or pastes for a paper: arXiv identifiers, DOIs, URLs, titles.

Everything here is linear in the length of the text: it is fed with whatever people paste.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote

from bot.model.arxiv_id import (
    OLD_ARCHIVES,
    ArxivId,
    BadReference,
    MalformedId,
    id_meant,
    parse_arxiv_id,
)
from bot.model.arxiv_pages import addresses_within, id_in_code, id_in_page, is_list
from bot.model.pasted import narrow, visible, without_link_labels
from bot.model.weburl import Address, RefusedUrl, address_of, normalise_url

__all__ = [
    "ArxivId",
    "ArxivReference",
    "BadReference",
    "MalformedId",
    "MalformedUrl",
    "NotAPaper",
    "OtherIdentifier",
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


class NotAPaper(BadReference):
    """A page of arXiv's or of a reader of it that is no paper's: a list, a search, the entrance."""


class OtherIdentifier(BadReference):
    """A number of another collection (`PMID: 12345`), which does not lead to a page by itself."""


@dataclass(frozen=True, slots=True)
class ArxivReference:
    """An e-print on arXiv; `version` only if the person named one."""

    id: ArxivId
    version: int | None = None

    @property
    def url(self) -> str:
        """Its page on arXiv, of the version where one was named."""
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


_OPENING = "([{<«“‘「『【〈《\"'`*_~|>•·"
_CLOSING = ".,;:!?)]}>»”’」』】〉》\"'`*|…。"

_SCHEME = re.compile(r"(?<![a-z0-9+.-])([a-z][a-z0-9+-]{1,14})://", re.IGNORECASE | re.ASCII)
_KNOWN_HOST = (
    r"(?:[a-z0-9-]{1,63}\.){0,5}(?:arxiv\.org|alphaxiv\.org|vixra\.org|ar5iv\.org|huggingface\.co|hf\.co"
    r"|doi\.org|xxx\.lanl\.gov|openreview\.net|github\.com|github\.io)/"
)
"""Hosts that are recognised where `https://` was left out."""
_NEXT_REFERENCE = re.compile(
    rf"[,;](?=https?://|www\.|arxiv|/?(?:abs|pdf|html|format)/|{_KNOWN_HOST}|doi:|10\.[0-9]{{4}}|[0-9]{{4}}\.[0-9]{{4}}"
    r"|[a-z-]{2,9}(?:\.[a-z]{2})?/[0-9]{7})"
    r"|(?<=[a-z0-9)])(?=https?://)",
    re.IGNORECASE | re.ASCII,
)
_BARE_URL = re.compile(
    rf"(?<![a-z0-9.@/-])(?:{_KNOWN_HOST}|www\.[a-z0-9-]{{1,63}}\.[a-z])",
    re.IGNORECASE | re.ASCII,
)
_BROKEN_SCHEME = re.compile(
    rf"(?<![a-z0-9.:/])(?:https?:/|//)(?={_KNOWN_HOST}|www\.)", re.IGNORECASE | re.ASCII
)
"""http:/arxiv.org, //arxiv.org."""
_DOI = re.compile(r"(?<![a-z0-9./])10\.[0-9]{4,9}/[^\s?#]+", re.IGNORECASE | re.ASCII)
_SICI_DOI = re.compile(
    r"10\.[0-9]{4,9}/[^\s<>\"]{1,200}<[^\s<>\"]{1,80}>[0-9]\.[0-9]\.[a-z]{2};[0-9](?:-[0-9a-z#])?",
    re.IGNORECASE | re.ASCII,
)
"""A DOI with a SICI in it (ANSI/NISO Z39.56), which holds angle brackets, semicolons and colons."""
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE | re.ASCII | re.DOTALL)
_OLD_ARCHIVE = "|".join(sorted(OLD_ARCHIVES, key=len, reverse=True))
_ID = (
    r"[0-9]{4}\.[0-9]{4,6}(?:v[0-9]{1,9})?"
    rf"|(?:{_OLD_ARCHIVE})(?:\.[a-z][a-z-]{{1,8}})?/[0-9]{{5,9}}(?:v[0-9]{{1,9}})?"
)
_ID_IN_TEXT = re.compile(
    rf"(?<![a-z0-9./-])(?:arxiv[:.]?)?({_ID})(?![a-z0-9]|\.[0-9])", re.IGNORECASE | re.ASCII
)
_NEXT_ID = re.compile(rf"[/|+&~-]({_ID})(?![a-z0-9]|\.[0-9])", re.IGNORECASE | re.ASCII)
"""A further identifier right behind one: `2007.10909/2007.10396`."""
_PATH_ALONE = re.compile(
    rf"(?<![a-z0-9./-])/?(?:abs|pdf|html|format)/+(?=(?:arxiv:)?(?:{_ID}))",
    re.IGNORECASE | re.ASCII,
)
"""The end of an address without its host: `abs/2007.10909`."""
_CALLED_ID = re.compile(r"^(?:(?:arxiv|id|no|number|paper|번호|논문|아카이브)\b|[\s:#.])+", re.I)
"""What people put before a number: `arxiv id: 2007-10909`."""
_WITHOUT_HYPHEN = {archive.replace("-", ""): archive for archive in OLD_ARCHIVES if "-" in archive}
_OLD_ID_AS_SPOKEN = re.compile(
    rf"(?<![a-z0-9./-])({'|'.join(sorted(_WITHOUT_HYPHEN, key=len, reverse=True))}|{_OLD_ARCHIVE})"
    r"((?:\.[a-z]{2})?)(?:/|\s*:\s*|\s+)(?=[0-9]{7}(?:v[0-9]{1,9})?(?![0-9a-z]))",
    re.IGNORECASE | re.ASCII,
)
"""`hepth/9901001`, `hep-th:9901001`, `hep-th 9901001`."""
_OTHER = re.compile(
    r"(?<![a-z0-9./-])(vixra|(?!arxiv)[a-z]{2,8}xiv|pmid|pmcid|isbn|issn|ssrn)\s*[:#]\s*"
    r"([0-9][0-9a-z./_-]{3,40})",
    re.IGNORECASE | re.ASCII,
)
"""A number of another collection, which may look like one of arXiv's."""
_ID_IN_PATH = re.compile(
    r"(?:arxiv:)?((?:[a-z][a-z.-]{1,20}/)?[0-9][0-9.]{2,20}?(?:v[0-9]{1,9})?)"
    r"(?=\.pdf|\.ps|[^a-z0-9.]|\.?$|\.[^a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_NEXT_ID_IN_PATH = re.compile(
    rf"[/|+&~,;-](?:arxiv:)?({_ID})(?![a-z0-9])", re.IGNORECASE | re.ASCII
)
_DOI_HOSTS = ("doi.org", "dx.doi.org", "www.doi.org")
_DOI_PATH = re.compile(r"10\.[0-9]{4,9}/\S+", re.ASCII)
_OAI_PREFIX = re.compile(r"\boai:arxiv\.org:|\barxiv\s*:\s*(?=\S)", re.IGNORECASE)
_NOISE = frozenset(("arxiv", "doi", "oai", "pdf", "and", "및", "와", "과"))


def parse_references(text: str) -> Parsed:
    """Every reference in what a person typed or pasted.

    References are separated by blanks, commas or lines, and may stand in brackets, in angle
    brackets, in Markdown links or before a full stop. Text without any is one title, if it is
    one line's worth of words. Blank text gives nothing.
    """
    seen = visible(text)
    reader = _Reader()
    plain = _SICI_DOI.sub(lambda match: quote(match[0], safe="/"), narrow(seen))
    plain = _BROKEN_SCHEME.sub("https://", plain)
    plain = reader.read_others(_OLD_ID_AS_SPOKEN.sub(_old_id, plain))
    for chunk in re.split(r'[\s<>"]+', without_link_labels(plain)):
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
    meant = id_meant(_CALLED_ID.sub("", words))
    if meant or not any(char.isalpha() for char in words):
        return Parsed((), bad=(MalformedId(words, meant),))
    return Parsed((TitleReference(words),))


def _old_id(match: re.Match[str]) -> str:
    archive = match[1].lower()
    return f"{_WITHOUT_HYPHEN.get(archive, archive)}{match[2]}/"


class _Reader:
    """Collects references from chunks that hold no blank."""

    def __init__(self) -> None:
        self.references: dict[object, Reference] = {}
        self.bad: list[BadReference] = []
        self.ignored: list[str] = []

    def read_others(self, text: str) -> str:
        """The text without numbers of other collections; viXra's lead to their pages."""

        def read(match: re.Match[str]) -> str:
            if match[1].lower() == "vixra":
                return f"https://vixra.org/abs/{match[2].rstrip('.')}"
            self._refuse(OtherIdentifier(match[0]))
            return " "

        return _OTHER.sub(read, text)

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
            self._read_doi(_trim(unquote(doi.group())))
        elif (known := id_in_code(chunk)) is not None:
            self._read_id(known)
        else:
            self._read_words(chunk)

    def _read_words(self, text: str) -> None:
        text = _PATH_ALONE.sub(" ", _OAI_PREFIX.sub(" ", text))
        done = 0
        match = _ID_IN_TEXT.search(text)
        while match:
            self._ignore(text[done : match.start()])
            self._read_id(match.group(1))
            done = match.end()
            match = _NEXT_ID.match(text, done) or _ID_IN_TEXT.search(text, done)
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
            self._read_page(f"https://doi.org/{_in_path(doi.lower())}")

    def _read_url(self, url: str, wrapped: str) -> None:
        url = _trim(url, closing=_CLOSING + ("_~" if wrapped[-1:] in ("_", "~") else ""))
        try:
            where = address_of(url)
        except RefusedUrl as error:
            self._refuse(MalformedUrl(url, error.reason))
            return
        path = unquote(where.path)
        if where.host in _DOI_HOSTS and _DOI_PATH.fullmatch(path[1:]):
            self._read_doi(path[1:])
        elif (paper := _paper_at(where)) is not None:
            self._read_page_of_papers(paper)
        elif is_list(where.host, path):
            self._refuse(NotAPaper(url))
        else:
            self._read_page(url)

    def _read_page_of_papers(self, text: str) -> None:
        """What stands where an identifier belongs; perhaps several of them."""
        text = _OLD_ID_AS_SPOKEN.sub(_old_id, text)
        match = _ID_IN_PATH.match(text)
        self._read_id(match.group(1).rstrip(".") if match else text)
        if match:
            for further in _NEXT_ID_IN_PATH.findall(text, match.end()):
                self._read_id(further)

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


def _paper_at(where: Address) -> str | None:
    """What stands where an arXiv identifier belongs, if the page is a paper's or leads to it."""
    path = unquote(where.path)
    if (found := id_in_page(where.host, path, where.query)) is not None:
        return found
    for address in addresses_within(path, where.query):
        try:
            inner = address_of(address)
        except RefusedUrl:
            continue
        found = id_in_page(inner.host, unquote(inner.path), inner.query)
        if found is not None and _ID_IN_PATH.match(found):
            return found
    return None


def _in_path(text: str) -> str:
    """Text in the path of an address: what would end the path is encoded."""
    return text.replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def _id_in(path: str) -> str | None:
    """The identifier at the start of `path`, without `.pdf`, a slash or a particle after it."""
    match = _ID_IN_PATH.match(path)
    return match.group(1).rstrip(".") if match else None
