"""OAI-PMH: one record by id, and what all its answers have in common.

`{oai_base}?verb=GetRecord&...`, protocol 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).
Errors come with HTTP status 200.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlencode

import aiohttp
from lxml import etree

from bot.arxiv import clean, markup
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.web import get
from bot.isolation import RecordKind, either
from bot.model.arxiv_id import ArxivId, MalformedId, parse_arxiv_id
from bot.model.authors import tidy
from bot.model.paper import PaperData
from bot.model.withdrawal import is_withdrawn

SOURCE = "OAI-PMH"
TIMEOUT = 120.0
"""Seconds for one request; 5 to over 90 are usual."""

OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
ARXIV: Final = "{http://arxiv.org/OAI/arXiv/}"

_AUTHOR: Final = f"{ARXIV}author"
_FORENAMES, _KEYNAME, _SUFFIX = (f"{ARXIV}{tag}" for tag in ("forenames", "keyname", "suffix"))


class OaiError(ArxivRefused):
    """An error of the protocol; `code` is its name, such as `noRecordsMatch`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Oai:
    """Asks the OAI-PMH endpoint `base` through the gate."""

    def __init__(self, base: str, gate: Gate, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._gate = gate
        self._session = session

    async def get_record(
        self,
        arxiv_id: ArxivId,
        *,
        priority: Priority,
        timeout: float = TIMEOUT,
        attempts: int = 1,
        again: bool = False,
        yielding: bool = False,
        guild: int = 0,
    ) -> PaperData | None:
        """The paper, or None if arXiv says that there is none of this id (`idDoesNotExist`).

        arXiv's cache keeps an early "does not exist" until UTC midnight; `again` asks by another
        URL. The answer names neither version nor date of version 1. Raises ArxivUnavailable,
        ArxivRefused, and GaveWay if `yielding`.
        """
        query = {
            "verb": "GetRecord",
            "metadataPrefix": "arXiv",
            "identifier": f"oai:arXiv.org:{arxiv_id.value}",
        }

        async def request() -> PaperData:
            root = await fetch(self._session, self._base, query, again=again)
            metadata = root.find(f"{OAI}GetRecord/{OAI}record/{OAI}metadata/{ARXIV}arXiv")
            if metadata is None:
                raise ArxivUnavailable("a record without metadata")
            found, paper = either(
                RecordKind.OAI_RECORD,
                arxiv_id,
                lambda: paper_data(told(metadata)),
                lambda: plain_data(metadata),
                raw=markup.Raw(metadata),
            )
            if found != arxiv_id or not paper.title:
                raise ArxivUnavailable(f"asked for {arxiv_id}, answered {found} {paper.title!r}")
            return paper

        try:
            return await self._gate.ask(
                request,
                source=SOURCE,
                priority=priority,
                timeout=timeout,
                attempts=attempts,
                yielding=yielding,
                guild=guild,
            )
        except OaiError as error:
            if error.code == "idDoesNotExist":
                return None
            raise


async def fetch(
    session: aiohttp.ClientSession, base: str, query: dict[str, str], *, again: bool = False
) -> etree._Element:
    """The document that answers `query`; `again` writes its parameters in another order.

    Raises OaiError for an error of the protocol, ArxivUnavailable, ArxivRefused.
    """
    pairs = list(query.items())
    if again:
        pairs.reverse()
    answer = await get(session, f"{base}?{urlencode(pairs, safe=':/')}")
    root = await asyncio.to_thread(markup.parse, answer.body, f"{OAI}OAI-PMH")
    error = root.find(f"{OAI}error")
    if error is not None:
        raise OaiError(error.get("code", "unknown"), clean.line(error.text))
    return root


class Told(NamedTuple):
    """The texts of a record's elements by name, and its authors, who have names of their own."""

    texts: Mapping[str, str | None]
    authors: tuple[str, ...]


def told(record: etree._Element) -> Told:
    """Reads a record, or its metadata, in one pass.

    No name has two places in a record, so that where an element stands need not be asked: to look
    for each by its path takes lxml several times as long.
    """
    texts: dict[str, str | None] = {}
    people: list[list[str | None]] = []
    person: list[str | None] = [None, None, None]
    for element in record.iter():
        tag = element.tag
        if tag == _FORENAMES:
            person[0] = element.text
        elif tag == _KEYNAME:
            person[1] = element.text
        elif tag == _SUFFIX:
            person[2] = element.text
        elif tag == _AUTHOR:
            person = [None, None, None]
            people.append(person)
        else:
            texts[tag] = element.text
    return Told(texts, tidy(name for one in people if (name := _name(*one))))


def _name(forenames: str | None, keyname: str | None, suffix: str | None) -> str:
    if keyname and "," in keyname:
        # "Forney," with the suffix "Jr.": the comma belongs to neither.
        keyname = clean.line(keyname).rstrip(",")
    name = f"{forenames or ''} {keyname or ''}"
    return clean.line(f"{name} {suffix}" if suffix else name)


class OaiTags(NamedTuple):
    """The names, in Clark notation, of those elements that the formats have in common."""

    id: str
    created: str
    title: str
    categories: str
    comments: str
    journal_ref: str
    doi: str
    report_no: str
    abstract: str

    @classmethod
    def of(cls, space: str) -> OaiTags:
        """The tags of an XML namespace."""
        return cls(*(space + field.replace("_", "-") for field in cls._fields))


ARXIV_TAGS: Final = OaiTags.of(ARXIV)


def paper_data(record: Told, tags: OaiTags = ARXIV_TAGS) -> tuple[ArxivId, PaperData]:
    """What a record in the format `arXiv` says. Raises ArxivUnavailable if it has no usable id.

    Its `created` is the date of the current version. `tags` are another format's.
    """
    text, line = record.texts.get, clean.line
    try:
        arxiv_id, _ = parse_arxiv_id(line(text(tags.id)))
    except MalformedId as error:
        raise ArxivUnavailable(f"a record with the id {error.text!r}") from None
    abstract, comment = clean.words(text(tags.abstract)), clean.optional_words(text(tags.comments))
    title = clean.words(text(tags.title))
    return arxiv_id, PaperData(
        arxiv_id=arxiv_id.value,
        title=title,
        authors=record.authors,
        abstract=abstract,
        categories=tuple(line(text(tags.categories)).split()),
        updated=day_of(line(text(tags.created))),
        comment=comment,
        doi=clean.first_doi(text(tags.doi)),
        journal_ref=clean.optional_words(text(tags.journal_ref)),
        withdrawn=is_withdrawn(title, abstract, comment),
        report_number=clean.optional_line(text(tags.report_no)),
    )


def plain_data(record: etree._Element, tags: OaiTags = ARXIV_TAGS) -> tuple[ArxivId, PaperData]:
    """What a record says that cannot be understood, its texts as they stand.

    Raises ValueError if it has no usable id or title.
    """
    texts = {child.tag: " ".join((child.text or "").split()) for child in record.iter()}
    names = (" ".join(part.text or "" for part in author) for author in record.iter(_AUTHOR))
    arxiv_id, _ = parse_arxiv_id(texts.get(tags.id, ""))
    paper = PaperData(
        arxiv_id=arxiv_id.value,
        title=texts.get(tags.title, ""),
        authors=tuple(" ".join(name.split()) for name in names if name.strip()),
        abstract=texts.get(tags.abstract, ""),
        categories=tuple(texts.get(tags.categories, "").split()),
        updated=day_of(texts.get(tags.created, "")),
        comment=texts.get(tags.comments) or None,
    )
    if not paper.title:
        raise ValueError("a record without a title")
    return arxiv_id, paper


@lru_cache(maxsize=1024)
def day_of(text: str) -> datetime | None:
    """The midnight (UTC) of an ISO day; None where the text is none."""
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError:
        return None
