"""How the package `arxiv` reaches the query API: named, in time, each answer judged first."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Mapping
from typing import Any

import requests
import urllib3
from arxiv import _feed  # type: ignore[import-untyped]
from lxml import etree
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from bot.arxiv import clean, markup
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable
from bot.arxiv.web import LARGEST, failure
from bot.isolation import RecordKind, isolated

ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"


class JudgingAdapter(HTTPAdapter):
    """Sends the package's requests over one kept connection; used by one thread at a time.

    `seconds` is the time limit of the next request, from its start to its answer's last byte.
    """

    def __init__(self, agent: str, seconds: float) -> None:
        self._connection: HTTPConnection | None = None
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._agent = agent
        self.seconds = seconds
        self.unreadable: list[etree._Element] = []
        """Entries of the last answer that the package trips on."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests does it, with connections that `abort` can reach."""
        super().init_poolmanager(*args, **kwargs)
        adapter = self

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                adapter._connection = self

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                adapter._connection = self

        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure}),
        }

    def abort(self) -> None:
        """Breaks the connection, from any thread, so that a request on it fails at once."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket's own method: that takes the cipher from under the reading thread.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **kwargs: Any
    ) -> requests.Response:
        """One request, its answer read whole.

        Raises ArxivUnavailable and ArxivRefused, which the package lets through.
        """
        until = time.monotonic() + self.seconds
        self.unreadable = []
        request.headers["User-Agent"] = self._agent
        try:
            response = super().send(request, **(kwargs | {"timeout": self.seconds}))
            try:
                body = _read(response, until)
            except BaseException:
                response.raw.close()
                raise
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise ArxivUnavailable("timeout") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise ArxivUnavailable(f"{type(error).__name__}: {error}"[:200]) from None
        if not response.is_redirect:
            feed = _judged(response.status_code, response.headers, body)
            self.unreadable = take_out_unreadable(feed)
            body = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
        response.raw = io.BytesIO(body)
        return response


def _read(response: requests.Response, until: float) -> bytes:
    """The body; a time limit between two pieces as well as within each."""
    body = bytearray()
    for piece in response.raw.stream(65_536, decode_content=True):
        body += piece
        if time.monotonic() > until:
            raise ArxivUnavailable("timeout")
        if len(body) > LARGEST:
            raise ArxivUnavailable("answer too large")
    return bytes(body)


def _judged(status: int, headers: Mapping[str, str], body: bytes) -> etree._Element:
    """The feed that was answered."""
    if status == 400:
        raise ArxivRefused(_error_in(body) or "status 400")
    if status != 200:
        raise failure(status, headers, "")
    feed = markup.parse(body, f"{ATOM}feed")
    if message := _error_entry(feed):
        raise ArxivRefused(message)
    total = clean.line(feed.findtext(_TOTAL))
    if total not in ("", "0") and feed.find(f"{ATOM}entry") is None:
        # "Pages are sometimes empty": seen by many, and gone when asked again.
        raise ArxivUnavailable(f"empty page though there are {total} results")
    return feed


def take_out_unreadable(feed: etree._Element) -> list[etree._Element]:
    """Take the entries out that the package trips on, or it would give none of them all."""
    found: list[etree._Element] = []
    for entry in feed.findall(f"{ATOM}entry"):
        with isolated(
            RecordKind.QUERY_ENTRY, entry.findtext(f"{ATOM}id"), markup.Raw(entry)
        ) as attempt:
            if _feed._build_result(entry) is None:
                raise ValueError("an entry that tells no paper")
        if attempt.failed:
            feed.remove(entry)
            found.append(entry)
    total = feed.find(_TOTAL)
    if found and total is not None:
        # Or the package would ask for another page.
        total.text = str(len(feed.findall(f"{ATOM}entry")))
    return found


def _error_in(body: bytes) -> str | None:
    try:
        return _error_entry(markup.parse(body, f"{ATOM}feed"))
    except ArxivUnavailable:
        return None


def _error_entry(feed: etree._Element) -> str | None:
    """The message of the entry by which arXiv reports a wrong question."""
    for entry in feed.iterfind(f"{ATOM}entry"):
        if "/api/errors" in (entry.findtext(f"{ATOM}id") or ""):
            return clean.line(entry.findtext(f"{ATOM}summary")) or "error"
    return None
