"""The loopback arXiv's answers without a socket, read by the program's own readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from urllib.parse import urlencode

from bot.arxiv import ArxivRefused, ArxivUnavailable, GaveWay, markup
from bot.arxiv.feed import Feed, parse
from bot.arxiv.harvest import BadToken, Page, parse_page
from bot.arxiv.oai import OAI, OaiError
from bot.sandbox.arxiv import Announcement, Collection
from bot.sandbox.arxiv.answers import Answers


class Killed(BaseException):
    """The process ended at this moment."""


class InProcess:
    """arXiv as the poller sees it. `faults` is the share of requests that go wrong."""

    def __init__(
        self,
        announcements: Iterable[Announcement],
        clock: Callable[[], datetime],
        *,
        random: Random | None = None,
        faults: float = 0.0,
        page_records: int = 200,
    ) -> None:
        self.collection = Collection((), announcements)
        self.answers = Answers(
            self.collection,
            query_lag=timedelta(0),
            cdn=True,
            page_records=page_records,
            page_identifiers=5_000,
        )
        self.clock = clock
        self.random = random or Random(0)
        self.faults = faults
        self.kills = 0.0
        self.asked: list[tuple[datetime, str]] = []
        self.next: list[str] = []
        """Faults for the next requests, before chance has its say."""

    @property
    def feeds(self) -> InProcess:
        return self

    @property
    def harvest(self) -> InProcess:
        return self

    def _fault(self) -> str | None:
        if self.next:
            return self.next.pop(0) or None
        if self.random.random() < self.kills:
            raise Killed
        if self.random.random() < self.faults:
            return self.random.choice(["503", "503", "nothing", "cut", "gave way"])
        return None

    async def fetch(
        self,
        categories: Sequence[str],
        *,
        etag: str | None = None,
        again: bool = False,
        attempts: int = 3,
    ) -> Feed | None:
        names = list(reversed(categories)) if again else list(categories)
        path = f"/rss/{'+'.join(names)}" + ("/" if again and len(names) == 1 else "")
        self.asked.append((self.clock(), path))
        fault = self._fault()
        if fault in ("503", "gave way"):
            raise ArxivUnavailable("status 503")
        answer = self.answers.answer(
            "feed", path, "", {"If-None-Match": etag or ""}, base="http://x", now=self.clock(),
            fault="nothing" if fault == "nothing" else None,
        )  # fmt: skip
        if answer.status == 304:
            return None
        if answer.status == 400:
            raise ArxivRefused("status 400")
        body = answer.body[: len(answer.body) // 2] if fault == "cut" else answer.body
        return parse(body, answer.headers.get("ETag"))

    async def first_page(
        self,
        from_: date,
        until: date | None = None,
        *,
        oai_set: str | None = None,
        again: bool = False,
    ) -> Page:
        query = {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": from_.isoformat()}
        query |= {"until": until.isoformat()} if until else {}
        query |= {"set": oai_set} if oai_set else {}
        pairs = list(query.items())
        return self._page(pairs[::-1] if again else pairs)

    async def next_page(self, token: str) -> Page:
        return self._page([("verb", "ListRecords"), ("resumptionToken", token)])

    def _page(self, pairs: list[tuple[str, str]]) -> Page:
        query = urlencode(pairs, safe=":/")
        self.asked.append((self.clock(), f"/oai?{query}"))
        fault = self._fault()
        if fault == "503":
            raise ArxivUnavailable("status 503")
        if fault == "gave way":
            raise GaveWay
        answer = self.answers.answer(
            "oai", "/oai", query, {}, base="http://x", now=self.clock(),
            fault="nothing" if fault == "nothing" else None,
        )  # fmt: skip
        if answer.status != 200:
            raise ArxivUnavailable(f"status {answer.status}")
        body = answer.body[: len(answer.body) // 2] if fault == "cut" else answer.body
        root = markup.parse(body, f"{OAI}OAI-PMH")
        error = root.find(f"{OAI}error")
        if error is None:
            return parse_page(root)
        code = error.get("code", "")
        if code == "noRecordsMatch":
            return Page((), None)
        if code == "badResumptionToken":
            raise BadToken(code, error.text or "")
        raise OaiError(code, error.text or "")
