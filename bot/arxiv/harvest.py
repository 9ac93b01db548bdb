"""OAI-PMH: what changed, day by day and page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal, NamedTuple

import aiohttp
from lxml import etree

from bot.arxiv import clean, markup
from bot.arxiv.errors import ArxivUnavailable
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.names import split_authors
from bot.arxiv.oai import (
    ARXIV,
    ARXIV_TAGS,
    OAI,
    SOURCE,
    TIMEOUT,
    OaiError,
    OaiTags,
    Told,
    fetch,
    paper_data,
    plain_data,
    told,
)
from bot.isolation import RecordKind, isolated
from bot.model.arxiv_id import ArxivId
from bot.model.paper import PaperData

RAW: Final = "{http://arxiv.org/OAI/arXivRaw/}"
_RAW_TAGS: Final = OaiTags.of(RAW)
_STAMP: Final = f"{OAI}datestamp"

Format = Literal["arXiv", "arXivRaw"]


class OaiRecord(NamedTuple):
    """One paper as it stands, and the UTC date on which its record last changed.

    In the format `arXiv` the authors are exact, and version and date of version 1 are missing;
    in `arXivRaw` it is the other way round, and a withdrawal shows for certain.
    """

    id: ArxivId
    datestamp: date
    paper: PaperData


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    `token` asks for the next one and may be kept over a restart; None on the last. `unread`
    counts records that could not be understood: with any, the list is not whole.
    """

    records: tuple[OaiRecord, ...]
    token: str | None
    unread: int = 0


class BadToken(OaiError):
    """The `resumptionToken` is not taken (any longer): the list is to be asked for anew."""


class OaiClient:
    """Asks for lists at the OAI-PMH endpoint `base` through the gate."""

    def __init__(self, base: str, gate: Gate, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._gate = gate
        self._session = session

    async def first_page(
        self,
        from_: date,
        until: date | None = None,
        *,
        oai_set: str | None = None,
        format: Format = "arXiv",
        again: bool = False,
        timeout: float = TIMEOUT,
    ) -> Page:
        """Records with datestamps in these days (UTC, both included), from the first on.

        `oai_set` as `Category.oai_set` gives it. An empty page means that arXiv says
        `noRecordsMatch`, which its cache may keep until UTC midnight: it is final only when asked
        `again` (by another URL), later. Raises GaveWay when a person came, ArxivUnavailable,
        and OaiError (`badArgument` for days to come, unknown sets).
        """
        query = {"verb": "ListRecords", "metadataPrefix": format, "from": from_.isoformat()}
        if until is not None:
            query["until"] = until.isoformat()
        if oai_set is not None:
            query["set"] = oai_set
        return await self._page(query, format, again, timeout)

    async def next_page(
        self, token: str, *, format: Format = "arXiv", timeout: float = TIMEOUT
    ) -> Page:
        """The page that `token` stands for. Raises BadToken, and what `first_page` raises.

        A token that arXiv cannot read at all can also give status 500 each time, that is
        ArxivUnavailable.
        """
        query = {"verb": "ListRecords", "resumptionToken": token}
        try:
            return await self._page(query, format, False, timeout)
        except OaiError as error:
            if error.code == "badResumptionToken":
                raise BadToken(error.code, error.reason) from None
            raise

    async def _page(
        self, query: dict[str, str], format: Format, again: bool, timeout: float
    ) -> Page:
        async def request() -> Page:
            root = await fetch(self._session, self._base, query, again=again)
            # Thousands of records take a while: not on the event loop.
            return await asyncio.to_thread(parse_page, root, format)

        try:
            return await self._gate.run(
                request,
                source=SOURCE,
                priority=Priority.POLLER,
                timeout=timeout,
                yielding=True,
            )
        except OaiError as error:
            if error.code == "noRecordsMatch":
                return Page((), None)
            raise


def parse_page(root: etree._Element, format: Format = "arXiv") -> Page:
    """Reads an answer to ListRecords. Raises ArxivUnavailable if it holds no list."""
    whole = root.find(f"{OAI}ListRecords")
    if whole is None:
        raise ArxivUnavailable("an answer without a list")
    records: list[OaiRecord] = []
    unread = 0
    for element in whole.iterchildren(f"{OAI}record"):
        record = _read(element, format)
        if record is None:
            unread += 1
        else:
            records.append(record)
    return Page(
        tuple(records), clean.optional_line(whole.findtext(f"{OAI}resumptionToken")), unread
    )


def _read(element: etree._Element, format: Format) -> OaiRecord | None:
    """A record; its texts as they stand if they cannot be understood; None if it tells no paper."""
    name, raw = element.findtext(f"{OAI}header/{OAI}identifier"), markup.Raw(element)
    with isolated(RecordKind.OAI_RECORD, name, raw):
        return _record(element, format)
    with isolated(RecordKind.OAI_RECORD, name, raw):
        return _plain_record(element, format)
    return None


def _record(element: etree._Element, format: Format) -> OaiRecord:
    record = told(element)
    name, read = _READERS[format]
    if name not in record.texts:
        raise ArxivUnavailable(f"a record without metadata in the format {format}")
    arxiv_id, paper = read(record, element)
    if not paper.title:
        raise ArxivUnavailable(f"{arxiv_id} without a title")
    stamp = clean.word(record.texts.get(_STAMP))
    try:
        return OaiRecord(arxiv_id, date.fromisoformat(stamp[:10]), paper)
    except ValueError:
        raise ArxivUnavailable(f"{arxiv_id} with the datestamp {stamp!r}") from None


def _plain_record(element: etree._Element, format: Format) -> OaiRecord:
    """The paper that a record is about, its texts as they stand."""
    arxiv_id, paper = plain_data(element, ARXIV_TAGS if format == "arXiv" else _RAW_TAGS)
    stamp = (element.findtext(f"{OAI}header/{_STAMP}") or "").strip()
    return OaiRecord(arxiv_id, date.fromisoformat(stamp[:10]), paper)


def _read_plain(record: Told, _element: etree._Element) -> tuple[ArxivId, PaperData]:
    return paper_data(record)


def _read_raw(record: Told, element: etree._Element) -> tuple[ArxivId, PaperData]:
    """The format `arXivRaw`, which differs in its authors and in having all versions."""
    arxiv_id, paper = paper_data(record, _RAW_TAGS)
    versions = sorted(_versions(element))
    if not versions:
        raise ArxivUnavailable(f"{arxiv_id} without a version")
    number, updated, removed = versions[-1]
    return arxiv_id, paper._replace(
        authors=split_authors(record.texts.get(f"{RAW}authors") or ""),
        published=versions[0][1],
        updated=updated,
        version=number,
        withdrawn=paper.withdrawn or removed,
    )


def _versions(record: etree._Element) -> list[tuple[int, datetime, bool]]:
    """Number, date, and whether it took the paper back: size 0kb and source type I (ignored)."""
    versions = []
    for element in record.iter(f"{RAW}version"):
        number = element.get("version", "").removeprefix("v")
        size = clean.line(element.findtext(f"{RAW}size"))
        kind = clean.line(element.findtext(f"{RAW}source_type"))
        try:
            at = parsedate_to_datetime(clean.line(element.findtext(f"{RAW}date"))).astimezone(UTC)
            versions.append((int(number), at, size == "0kb" and "I" in kind))
        except (ValueError, OverflowError):
            raise ArxivUnavailable(f"a version that cannot be read: {number!r}") from None
    return versions


_Reader = Callable[[Told, etree._Element], tuple[ArxivId, PaperData]]
_READERS: Final[dict[Format, tuple[str, _Reader]]] = {
    "arXiv": (f"{ARXIV}arXiv", _read_plain),
    "arXivRaw": (f"{RAW}arXivRaw", _read_raw),
}
