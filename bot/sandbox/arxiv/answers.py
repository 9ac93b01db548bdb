"""What the three services answer, before the socket: routing, the CDN's memory, spoilt answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl, unquote

from . import atom, feed_xml, feeds, query_api
from .calendar import EASTERN, eastern_date
from .collection import Collection
from .faults import Fault, Misbehaviour, Route
from .oai import Broken, Oai, tomorrow

_TIMEOUT: Final = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html>
  <head><title>503 first byte timeout</title></head>
  <body>
    <h1>Error 503 first byte timeout</h1>
    <p>first byte timeout</p>
    <h3>Error 54113</h3>
    <hr>
    <p>Varnish cache server</p>
  </body>
</html>
"""
_HTML: Final = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"
_NOWHERE: Final = Collection()


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a content type, a body, further headers; `final` is False where the CDN keeps a
    "nothing".
    """

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    says_nothing: bool = False


class Answers:
    """The right answers to requests, at a moment; see `LoopbackArxiv` for the settings."""

    def __init__(
        self,
        collection: Collection,
        *,
        query_lag: timedelta,
        cdn: bool,
        page_records: int,
        page_identifiers: int,
    ) -> None:
        sizes = {"page_records": page_records, "page_identifiers": page_identifiers}
        self.collection = collection
        self.query_lag = query_lag
        self.cdn = cdn
        self.feed_days = 1
        self.lies: list[feeds.Lie] = []
        """What the feeds say wrongly, as long as it stands here."""
        self.recorded: dict[tuple[str, frozenset[tuple[str, str]]], Answer] = {}
        self._oai, self._empty_oai = Oai(collection, **sizes), Oai(_NOWHERE, **sizes)
        self._kept: dict[str, tuple[datetime, Answer]] = {}
        self._etags: dict[str, tuple[bytes, str]] = {}

    def answer(
        self,
        route: Route | None,
        path: str,
        query: str,
        headers: Mapping[str, str],
        *,
        base: str,
        now: datetime,
        fault: Misbehaviour | None = None,
    ) -> Answer:
        """The answer to a request; with the faults `nothing` and `empty page` one that hides what
        there is.
        """
        pairs = parse_qsl(query, keep_blank_values=True)
        if recorded := self.recorded.get((path, frozenset(pairs))):
            return recorded
        key = f"{path}?{query}"
        until, kept = self._kept.get(key, (now, None))
        if self.cdn and kept and now < until:
            return kept
        hidden = fault in {"nothing", "empty page"}
        if route == "query":
            answer = self._query(dict(pairs), now, fault)
        elif route == "feed":
            answer = self._feed(path, dict(pairs), headers, base, now, hidden)
        elif route == "oai":
            answer = self._harvest(pairs, f"{base}/oai", now, hidden)
        else:
            answer = _page(404, "404 Not Found")
        if self.cdn and answer.says_nothing and route:
            self._kept[key] = (_midnight(now) if route == "feed" else tomorrow(now), answer)
        return answer

    def _query(
        self, parameters: dict[str, str], now: datetime, fault: Misbehaviour | None
    ) -> Answer:
        status, body = query_api.answer(
            parameters,
            _NOWHERE if fault == "nothing" else self.collection,
            seen_at=now - self.query_lag,
            now=now,
            page_empty=fault == "empty page",
        )
        return Answer(status, "application/atom+xml; charset=utf-8", body)

    def _harvest(
        self, pairs: list[tuple[str, str]], base: str, now: datetime, hidden: bool
    ) -> Answer:
        try:
            body = (self._empty_oai if hidden else self._oai).answer(pairs, base=base, now=now)
        except Broken:
            return _page(500, "Internal Server Error")
        return Answer(200, "application/xml", body, says_nothing=b"<error" in body)

    def _feed(
        self,
        path: str,
        parameters: dict[str, str],
        headers: Mapping[str, str],
        base: str,
        now: datetime,
        hidden: bool,
    ) -> Answer:
        format_, _, names = path.strip("/").partition("/")
        if format_ not in {"rss", "atom"} or not names:
            return _page(200 if format_ in {"rss", "atom"} else 404, "arXiv RSS and Atom feeds")
        kind: feed_xml.Format = "rss" if format_ == "rss" else "atom"
        names = unquote(names)
        try:
            if parameters.get("version", "2.0") not in {"2.0", "atom"}:
                raise feeds.BadFeed(
                    f"Unsupported feed version 'RSS {parameters['version']}' requested. "
                    "Valid options are: Atom 1.0, RSS 2.0."
                )
            asked = feeds.read_names(names)
        except feeds.BadFeed as error:
            address = f"{base}/{kind}/{names}"
            title = f"Feed error for query: {address}"
            head = feed_xml.Head(title, str(error), address, now, is_error=True)
            return Answer(400, f"application/{kind}+xml", feed_xml.write(kind, head, []))
        source = _NOWHERE if hidden else self.collection
        items = feeds.select(source, asked, eastern_date(now), at=now, days=self.feed_days)
        if self.lies and not hidden:
            items = feeds.told(source, asked, eastern_date(now), self.lies, at=now)
        dated = now
        if any(lie.kind == "yesterday's date" for lie in self.lies):
            dated -= timedelta(days=1)
        shown = ", ".join(asked.names)
        head = feed_xml.Head(
            f"{shown} updates on arXiv.org",
            f"{shown} updates on the arXiv.org e-print archive.",
            f"{base}/{kind}/{asked.path}",
            dated,
        )
        body = feed_xml.write(kind, head, items)
        etag = self._etag(f"{kind}/{asked.path}", repr((eastern_date(dated), items)), now)
        extra = {"ETag": etag, "Cache-Control": f"max-age={_seconds_left(now)}"}
        if etag in headers.get("If-None-Match", ""):
            return Answer(304, f"application/{kind}+xml", b"", extra)
        return Answer(200, f"application/{kind}+xml", body, extra, says_nothing=not items)

    def _etag(self, key: str, content: str, now: datetime) -> str:
        """The tag of what is shown: kept while it is the same, new with every rebuild."""
        digest = sha256(content.encode()).digest()
        known = self._etags.get(key)
        if not known or known[0] != digest:
            tag = sha256(digest + now.isoformat().encode()).hexdigest()
            known = self._etags[key] = (digest, tag)
        return known[1]


def spoilt(answer: Answer, fault: Fault) -> Answer:
    """The answer after something went wrong with it."""
    wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    match fault.what:
        case "error entry":
            body = atom.error("incorrect id format for loopback", datetime.now().astimezone())
            return Answer(400, "application/atom+xml; charset=utf-8", body)
        case "429":
            return replace(_page(429, "Rate exceeded."), headers=wait)
        case "500":
            return _page(500, "Internal Server Error")
        case "503":
            return replace(_page(503, "Service Unavailable"), headers=wait)
        case "first byte timeout":
            return Answer(503, "text/html; charset=utf-8", _TIMEOUT, {"Retry-After": "0"})
        case "truncated":
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case "wrong type":
            return replace(answer, content_type="text/html; charset=utf-8")
        case "html":
            return _page(200, "arXiv is being maintained")
    return answer


def _page(status: int, title: str) -> Answer:
    return Answer(status, "text/html; charset=utf-8", _HTML.format(title).encode())


def _midnight(now: datetime) -> datetime:
    return datetime.combine(eastern_date(now) + timedelta(days=1), time(0), EASTERN)


def _seconds_left(now: datetime) -> int:
    return int((_midnight(now) - now).total_seconds())
