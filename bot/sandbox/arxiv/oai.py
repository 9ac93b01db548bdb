"""OAI-PMH as arXiv's server speaks it: arguments, errors, lists in pages, tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, quote, unquote

from . import oai_xml, taxonomy
from .collection import Collection, Record

EARLIEST: Final = date(2007, 5, 23)
_LISTS: Final = ("ListRecords", "ListIdentifiers")
_VERBS: Final = ("Identify", "ListMetadataFormats", "ListSets", "GetRecord", *_LISTS)
_ID: Final = re.compile(
    r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|([a-z-]+)(?:\.[A-Z]{2})?/(\d{2}(?:0[1-9]|1[0-2])\d{3}))(?:v\d+)?"
)
Pairs = Sequence[tuple[str, str]]


class Refused(Exception):
    """An OAI-PMH error (HTTP 200); `echo` is whether the answer repeats the request."""

    def __init__(self, code: str, reason: str = "", echo: bool = False) -> None:
        super().__init__(code, reason)
        self.code, self.reason, self.echo = code, reason, echo


class Broken(Exception):
    """A request that the service answers with HTTP 500."""


@dataclass(frozen=True, slots=True)
class Query:
    """A list request: what a first request says, or what a token carries on."""

    verb: str
    prefix: str
    from_: date | None = None
    until: date | None = None
    set_: str | None = None
    skip: int = 0

    def token(self) -> str:
        """The resumption token: the query itself, encoded."""
        parts = [("verb", self.verb), ("metadataPrefix", self.prefix)]
        if self.from_:
            parts.append(("from", self.from_.isoformat()))
        if self.until:
            parts.append(("until", self.until.isoformat()))
        if self.set_:
            parts.append(("set", quote(self.set_, safe="")))
        parts.append(("skip", str(self.skip)))
        return quote("&".join(f"{key}={value}" for key, value in parts), safe="")


class Oai:
    """The endpoint. `page_records` and `page_identifiers` are the sizes of its pages."""

    def __init__(
        self, collection: Collection, *, page_records: int = 2_000, page_identifiers: int = 5_000
    ) -> None:
        self.collection = collection
        self.page_records = page_records
        self.page_identifiers = page_identifiers

    def answer(self, pairs: Pairs, *, base: str, now: datetime) -> bytes:
        """The document for a request. Raises Broken for what is answered with status 500."""
        writer = oai_xml.Writer(base, now)
        try:
            arguments = _arguments(pairs)
            verb = arguments.get("verb", "")
            if verb == "Identify":
                return writer.identify()
            if verb == "ListMetadataFormats":
                return writer.formats(arguments)
            if verb == "ListSets":
                return writer.sets()
            if verb == "GetRecord":
                return self._record(arguments, writer, now)
            return self._list(arguments, writer, now)
        except Refused as refusal:
            return writer.error(refusal.code, refusal.reason, dict(pairs) if refusal.echo else {})

    def _record(self, arguments: dict[str, str], writer: oai_xml.Writer, now: datetime) -> bytes:
        match = _ID.fullmatch(arguments["identifier"].removeprefix("oai:arXiv.org:"))
        if not arguments["identifier"].startswith("oai:arXiv.org:"):
            raise Refused("idDoesNotExist", "All identifiers start with: oai:arXiv.org:")
        if not match:
            raise Refused("idDoesNotExist", "Invalid arXiv_id structure")
        _check_prefix(arguments)
        id_ = f"{match[2]}/{match[3]}" if match[2] else match[1]
        record = self.collection.record(id_, now)
        if not record:
            raise Refused("idDoesNotExist", "Nothing found for this ID", echo=True)
        return writer.record(record, arguments)

    def _list(self, arguments: dict[str, str], writer: oai_xml.Writer, now: datetime) -> bytes:
        token = arguments.get("resumptionToken")
        query = _resumed(arguments["verb"], token) if token else _first(arguments, now)
        size = self.page_records if query.verb == "ListRecords" else self.page_identifiers
        everything = self._matching(query, now)
        page, following = _page(everything, query, size)
        if not page:
            raise Refused("noRecordsMatch", echo=True)
        shown = (
            {"verb": query.verb, "resumptionToken": quote(unquote(token), safe="")}
            if token
            else arguments
        )
        if following and not token and following.from_ and "from" in arguments:
            # the service shows the day that it has come to, not the one that was asked
            shown = {**arguments, "from": following.from_.isoformat()}
        return writer.records(
            query.verb, query.prefix, page, shown, following.token() if following else None
        )

    def _matching(self, query: Query, now: datetime) -> list[Record]:
        found = [
            record
            for record in self.collection.records(now)
            if (not query.from_ or query.from_ <= record.datestamp)
            and (not query.until or record.datestamp <= query.until)
            and (
                not query.set_
                or query.set_ in oai_xml.sets_of(record.paper, aliases=True, above=True)
            )
        ]
        return sorted(found, key=lambda record: (record.datestamp, record.sequence))


def _arguments(pairs: Pairs) -> dict[str, str]:
    arguments = dict(pairs)
    if len(arguments) < len(pairs):
        raise Refused("badArgument", "Duplicate parameters not allowed")
    verb = arguments.get("verb")
    if verb not in _VERBS:
        if verb is None and "resumptionToken" in arguments:
            raise Broken("a token without a verb")
        raise Refused("badVerb", "Invalid verb provided")
    names = set(arguments) - {"verb"}
    if verb == "Identify" and names:
        raise Refused("badArgument", "No other parameters allowed for Identify")
    if verb == "ListSets" and names:
        reason = "Invalid token" if names == {"resumptionToken"} else "Bad parameters for ListSets"
        raise Refused("badArgument", reason)
    if verb == "GetRecord" and names != {"identifier", "metadataPrefix"}:
        raise Refused(
            "badArgument",
            "Parameters provided did not match expected. "
            "Expected: metadataPrefix, identifier, verb",
        )
    if verb in _LISTS:
        if "resumptionToken" in names and len(names) > 1:
            raise Refused("badArgument", "No other paramters allowed with resumptionToken")
        if not names & {"resumptionToken", "metadataPrefix"}:
            raise Refused("badArgument", "metadataPrefix required.")
        if names - {"resumptionToken", "metadataPrefix", "from", "until", "set"}:
            raise Refused("badArgument", "Unallowed parameter.")
    return arguments


def _check_prefix(arguments: dict[str, str]) -> None:
    if arguments["metadataPrefix"] not in oai_xml.FORMATS:
        raise Refused("cannotDisseminateFormat", "Did not recognize requested format", echo=True)


def _first(arguments: dict[str, str], now: datetime) -> Query:
    _check_prefix(arguments)
    today = now.astimezone(UTC).date()
    from_, until = _day(arguments, "from"), _day(arguments, "until")
    if from_ and from_ < EARLIEST:
        raise Refused("badArgument", "start date too early")
    if until and until > today:
        raise Refused("badArgument", "until date too late")
    if from_ and from_ > today:
        raise Refused("badArgument", "start date too late")
    if from_ and until and from_ > until:
        raise Refused("badArgument", "until date must be greater than or equal to from date")
    set_ = arguments.get("set")
    if set_ is not None:
        if set_.count(":") > 2:
            raise Refused("badArgument", "Set has too many levels")
        if set_ not in taxonomy.sets():
            raise Refused("badArgument", "Set does not exist")
    return Query(arguments["verb"], arguments["metadataPrefix"], from_, until, set_)


def _day(arguments: dict[str, str], name: str) -> date | None:
    text = arguments.get(name)
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("badArgument", f"{name} date format must be YYYY-MM-DD") from None


def _resumed(verb: str, token: str) -> Query:
    parts = {
        key: values[0]
        for key, values in parse_qs(token if "=" in token else unquote(token)).items()
    }
    if not parts:
        raise Refused("badResumptionToken", "Token decoding failed or format is invalid.")
    if "verb" not in parts:
        raise Broken("a token without a verb")
    if parts["verb"] != verb:
        raise Refused("badResumptionToken", "token from different verb", echo=True)
    try:
        return Query(
            verb,
            parts["metadataPrefix"],
            date.fromisoformat(parts["from"]) if "from" in parts else None,
            date.fromisoformat(parts["until"]) if "until" in parts else None,
            unquote(parts["set"]) if "set" in parts else None,
            int(parts["skip"]),
        )
    except (KeyError, ValueError):
        raise Refused("badResumptionToken", "Token decoding failed or format is invalid.") from None


def _page(everything: list[Record], query: Query, size: int) -> tuple[list[Record], Query | None]:
    """A page and the query for the next; within a page the service sorts by date and id."""
    page = everything[query.skip : query.skip + size]
    following = None
    if query.skip + size < len(everything):
        last = page[-1].datestamp
        skip = sum(record.datestamp == last for record in everything[: query.skip + size])
        moved = query.from_ is None or last > query.from_
        following = Query(
            query.verb,
            query.prefix,
            last if moved and query.from_ else query.from_,
            query.until,
            query.set_,
            skip if query.from_ else query.skip + size,
        )
    return sorted(page, key=lambda record: (record.datestamp, record.paper.id)), following


def tomorrow(now: datetime) -> datetime:
    """UTC midnight: when a token is said to expire, and until when the CDN keeps an error."""
    day = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
