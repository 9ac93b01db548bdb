"""The loopback arXiv: query API, feeds and OAI-PMH over a real socket, with everything that can go
wrong.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import TracebackType
from typing import Self

from aiohttp import web

from .answers import Answer, Answers, spoilt
from .collection import Collection
from .faults import Fault, Misbehaviour, Request, Route
from .feeds import Lie, LieKind
from .papers import Announcement, Paper


def _now() -> datetime:
    return datetime.now(UTC)


class LoopbackArxiv:
    """A stand-in for arXiv on 127.0.0.1: `async with LoopbackArxiv(papers=…, clock=…) as arxiv: …`.

    `papers` were always there; `announcements` bring papers at their mailing's time. `clock` gives
    the time it is for the server (aware); `timer` the seconds that `requests` are timed with.
    `query_lag` is how far the query API is behind. `cdn` keeps answers that say "nothing" until
    midnight for the same URL, as the CDN does; `oai_cold` is how often each OAI-PMH URL answers
    "first byte timeout" before it is warm. All may be changed while it runs.
    """

    def __init__(
        self,
        papers: Iterable[Paper] = (),
        announcements: Iterable[Announcement] = (),
        *,
        clock: Callable[[], datetime] = _now,
        timer: Callable[[], float] = time.monotonic,
        query_lag: timedelta = timedelta(0),
        cdn: bool = False,
        oai_cold: int = 0,
        page_records: int = 2_000,
        page_identifiers: int = 5_000,
    ) -> None:
        self.collection = Collection(papers, announcements)
        self.answers = Answers(
            self.collection,
            query_lag=query_lag,
            cdn=cdn,
            page_records=page_records,
            page_identifiers=page_identifiers,
        )
        self.clock = clock
        self.timer = timer
        self.oai_cold = oai_cold
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self._warming: dict[str, int] = {}
        self._under_way = 0
        self._connections: dict[asyncio.Transport | None, int] = {}
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.host, self.port = "127.0.0.1", 0

    @property
    def query_lag(self) -> timedelta:
        """How far the query API is behind the announcements."""
        return self.answers.query_lag

    @query_lag.setter
    def query_lag(self, lag: timedelta) -> None:
        self.answers.query_lag = lag

    @property
    def cdn(self) -> bool:
        """Whether answers that say "nothing" are kept until midnight for the same URL."""
        return self.answers.cdn

    @cdn.setter
    def cdn(self, keeps: bool) -> None:
        self.answers.cdn = keeps

    @property
    def address(self) -> str:
        """The server's root, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_base(self) -> str:
        """What `/query` follows."""
        return f"{self.address}/api"

    @property
    def feed_base(self) -> str:
        """What `/rss/CATS` and `/atom/CATS` follow."""
        return self.address

    @property
    def oai_base(self) -> str:
        """The OAI-PMH endpoint itself."""
        return f"{self.address}/oai"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen; with port 0 a free one is taken."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        # a client that gave up is no longer under way
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.host, self.port = self._runner.addresses[0][:2]
        return self

    async def stop(self) -> None:
        """Stop listening; requests that hang are let go."""
        self._stopping.set()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def add(self, *papers: Paper) -> None:
        """Put papers there as if they had always been there."""
        for paper in papers:
            self.collection.add(paper)

    def announce(self, *announcements: Announcement) -> None:
        """Put announcements into their mailings."""
        for announcement in announcements:
            self.collection.announce(announcement)

    def misbehave(
        self,
        what: Misbehaviour,
        route: Route | None = None,
        times: int | None = 1,
        *,
        after: int = 0,
        delay: float = 0.0,
        retry_after: str | int | None = None,
        when: Callable[[Request], bool] | None = None,
    ) -> Fault:
        """Let the next `times` requests go wrong (all of them with None); rules are tried in the
        order given.
        """
        fault = Fault(what, route, times, after, delay, retry_after, when)
        self.faults.append(fault)
        return fault

    def lie(self, kind: LieKind, category: str | None = None) -> None:
        """Let the feeds say something wrong until they are told to behave."""
        self.answers.lies.append(Lie(kind, category))

    def behave(self) -> None:
        """Forget all rules of misbehaviour."""
        self.faults.clear()
        self.answers.lies.clear()

    def replay(
        self,
        path: str,
        parameters: Mapping[str, str],
        body: bytes,
        *,
        status: int = 200,
        content_type: str = "application/xml",
    ) -> None:
        """Answer this request, whatever the order of its parameters, with a recorded body."""
        self.answers.recorded[path, frozenset(parameters.items())] = Answer(
            status, content_type, body
        )

    @property
    def most_together(self) -> int:
        """The largest number of requests that were ever under way at once."""
        return max((request.together for request in self.requests), default=0)

    @property
    def intervals(self) -> list[float]:
        """The seconds from the start of each request to the start of the next."""
        return [later.started - first.started for first, later in pairwise(self.requests)]

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        self._under_way += 1
        request = self._seen(http)
        try:
            return await self._respond(http, request)
        finally:
            self._under_way -= 1
            request.ended = self.timer()

    def _seen(self, http: web.Request) -> Request:
        request = Request(
            route=_route(http.path),
            method=http.method,
            path=http.path,
            parameters=dict(http.query),
            headers=dict(http.headers),
            at=self.clock(),
            started=self.timer(),
            together=self._under_way,
            connection=self._connections.setdefault(http.transport, len(self._connections) + 1),
        )
        self.requests.append(request)
        return request

    async def _respond(self, http: web.Request, request: Request) -> web.StreamResponse:
        fault = self._fault(http, request)
        body = (await http.text()) if http.method == "POST" else http.rel_url.raw_query_string
        answer = self.answers.answer(
            request.route, http.path, body, dict(http.headers), base=self.address, now=self.clock(),
            fault=fault.what if fault else None,
        )  # fmt: skip
        if fault:
            if fault.delay:
                await self._pause(fault.delay)
            if fault.what == "hang":
                await self._stopping.wait()
            if fault.what in {"hang", "reset"} and http.transport:
                http.transport.abort()
            answer = spoilt(answer, fault)
        request.status = answer.status
        response = web.Response(
            status=answer.status,
            body=answer.body,
            headers={"Content-Type": answer.content_type, **answer.headers},
        )
        if fault and fault.what == "cut":
            return await self._cut(http, response, answer.body)
        return response

    def _fault(self, http: web.Request, request: Request) -> Fault | None:
        fault = next((fault for fault in self.faults if fault.takes(request)), None)
        if not fault and request.route == "oai":
            seen = self._warming.get(http.path_qs, 0)
            self._warming[http.path_qs] = seen + 1
            if seen < self.oai_cold:
                fault = Fault("first byte timeout")
        request.fault = fault.what if fault else None
        return fault

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _cut(
        self, http: web.Request, response: web.Response, body: bytes
    ) -> web.StreamResponse:
        stream = web.StreamResponse(status=response.status, headers=response.headers)
        stream.content_length = len(body)
        await stream.prepare(http)
        await stream.write(body[: len(body) // 2])
        if http.transport:
            http.transport.close()
        return stream


def _route(path: str) -> Route | None:
    if path == "/api/query":
        return "query"
    if path.startswith(("/rss", "/atom")):
        return "feed"
    return "oai" if path == "/oai" else None
