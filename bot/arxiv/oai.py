"""OAI-PMH: one record by id, and what all its answers have in common.

`{oai_base}?verb=GetRecord&...`, protocol 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).
Errors come with HTTP status 200.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlencode

import aiohttp
from lxml import etree

from bot.arxiv import clean, markup
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.web import get
from bot.model.arxiv_id import ArxivId, MalformedId, parse_arxiv_id
from bot.model.paper import PaperData

SOURCE = "OAI-PMH"
TIMEOUT = 120.0
"""Seconds for one request; 5 to over 90 are usual."""

OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
ARXIV: Final = "{http://arxiv.org/OAI/arXiv/}"

_AUTHOR: Final = f"{ARXIV}author"
_FORENAMES, _KEYNAME, _SUFFIX = (f"{ARXIV}{tag}" for tag in ("forenames", "keyname", "suffix"))
_NAMES: Final = frozenset((_FORENAMES, _KEYNAME, _SUFFIX))


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
            found, paper = paper_data(told(metadata))
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


@dataclass(frozen=True, slots=True)
class Told:
    """The texts of a record's elements by name; apart from them those of each author."""

    texts: Mapping[str, str | None]
    authors: tuple[Mapping[str, str | None], ...]


def told(record: etree._Element) -> Told:
    """Reads a record, or its metadata, in one pass.

    No name has two places in a record, so that where an element stands need not be asked: to look
    for each by its path takes lxml several times as long.
    """
    texts: dict[str, str | None] = {}
    authors: list[dict[str, str | None]] = []
    for element in record.iter():
        tag = element.tag
        if tag == _AUTHOR:
            authors.append({})
        elif tag in _NAMES and authors:
            authors[-1][tag] = element.text
        else:
            texts[tag] = element.text
    return Told(texts, tuple(authors))


def paper_data(record: Told, space: str = ARXIV) -> tuple[ArxivId, PaperData]:
    """What a record in the format `arXiv` says. Raises ArxivUnavailable if it has no usable id.

    Its `created` is the date of the current version. `space` is the namespace (in Clark
    notation), since the format `arXivRaw` shares most elements.
    """

    def text(tag: str) -> str:
        return clean.line(record.texts.get(space + tag))

    try:
        arxiv_id, _ = parse_arxiv_id(text("id"))
    except MalformedId as error:
        raise ArxivUnavailable(f"a record with the id {error.text!r}") from None
    abstract, comment = text("abstract"), text("comments") or None
    return arxiv_id, PaperData(
        arxiv_id=arxiv_id.value,
        title=text("title"),
        authors=tuple(name for author in record.authors if (name := _name(author))),
        abstract=abstract,
        categories=tuple(text("categories").split()),
        updated=_date(text("created")),
        comment=comment,
        doi=clean.first_doi(text("doi")),
        journal_ref=text("journal-ref") or None,
        withdrawn=clean.says_withdrawn(comment, abstract),
        report_number=text("report-no") or None,
    )


def _name(author: Mapping[str, str | None]) -> str:
    keyname = author.get(_KEYNAME) or ""
    if "," in keyname:
        # "Forney," with the suffix "Jr.": the comma belongs to neither.
        keyname = clean.line(keyname).rstrip(",")
    forenames, suffix = author.get(_FORENAMES) or "", author.get(_SUFFIX)
    return clean.line(f"{forenames} {keyname} {suffix}" if suffix else f"{forenames} {keyname}")


def _date(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError:
        return None
