"""The server: what goes wrong on demand, what it remembers, what time it is for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest
from lxml import etree
from yarl import URL

from bot.sandbox.arxiv import (
    Announcement,
    Author,
    LoopbackArxiv,
    Misbehaviour,
    Paper,
    Version,
)
from bot.sandbox.arxiv import feeds as feeds_module
from tests.sandbox.arxiv.conftest import Clock

PAPER = "/api/query?id_list=2007.10909"
FEED = "/rss/cs.LG"
RECORD = "/oai?verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:2007.10909"


def made_up(number: int, mailing: date, version: int = 1, **changes: object) -> Announcement:
    submitted = datetime(2026, 11, 20, 10, tzinfo=UTC)
    paper = Paper(
        id=f"2611.{90000 + number}",
        title=f"Made-up paper {number}",
        authors=(Author("Beispiel", "Anna"),),
        categories=("cs.LG",),
        abstract="Made up.",
        versions=(Version(submitted),) * version,
    )
    kind = "new" if version == 1 else "replace"
    return Announcement(mailing, kind, replace(paper, **changes))  # type: ignore[arg-type]


async def get(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession, target: str, **headers: str
) -> tuple[int, str, aiohttp.typedefs.LooseHeaders]:
    async with session.get(arxiv.address + target, headers=headers) as response:
        return response.status, await response.text(), response.headers


@pytest.mark.parametrize(
    ("what", "target", "status", "says"),
    [
        ("error entry", PAPER, 400, "<title>Error</title>"),
        ("empty page", PAPER, 200, "totalResults>1<"),
        ("nothing", PAPER, 200, "totalResults>0<"),
        ("nothing", RECORD, 200, "idDoesNotExist"),
        ("nothing", FEED, 200, "updates on arXiv.org"),
        ("429", FEED, 429, "Rate exceeded"),
        ("500", FEED, 500, "Internal Server Error"),
        ("503", RECORD, 503, "Service Unavailable"),
        ("first byte timeout", RECORD, 503, "first byte timeout"),
        ("html", PAPER, 200, "<html>"),
    ],
)
async def test_it_misbehaves_once_and_then_behaves(
    arxiv: LoopbackArxiv,
    session: aiohttp.ClientSession,
    what: Misbehaviour,
    target: str,
    status: int,
    says: str,
) -> None:
    right = await get(arxiv, session, target)
    fault = arxiv.misbehave(what, retry_after=7)
    spoilt = await get(arxiv, session, target)
    assert spoilt[0] == status
    assert says in spoilt[1]
    assert "SliceOut" not in spoilt[1]
    again = await get(arxiv, session, target)
    assert again[:2] == right[:2]
    assert [request.fault for request in arxiv.requests] == [None, what, None]
    assert fault.hits == 1


@pytest.mark.parametrize(
    ("what", "wait"), [("429", "7"), ("503", "7"), ("first byte timeout", "0")]
)
async def test_it_says_when_to_come_again(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession, what: Misbehaviour, wait: str
) -> None:
    arxiv.misbehave(what, retry_after=7)
    async with session.get(arxiv.address + FEED) as response:
        assert response.headers["Retry-After"] == wait
    arxiv.misbehave("429")
    async with session.get(arxiv.address + FEED) as response:
        assert "Retry-After" not in response.headers


async def test_documents_are_cut_off(arxiv: LoopbackArxiv, session: aiohttp.ClientSession) -> None:
    arxiv.misbehave("truncated")
    _, body, _ = await get(arxiv, session, PAPER)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(body.encode())
    arxiv.misbehave("cut")
    with pytest.raises(aiohttp.ClientPayloadError):
        await get(arxiv, session, PAPER)
    arxiv.misbehave("wrong type")
    async with session.get(arxiv.address + PAPER) as response:
        assert response.content_type == "text/html"
        etree.fromstring(await response.read())


async def test_connections_hang_and_break(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession
) -> None:
    arxiv.misbehave("hang")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(get(arxiv, session, PAPER), 0.05)
    arxiv.misbehave("reset", times=2)  # aiohttp tries a kept connection twice
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(arxiv, session, PAPER)
    arxiv.misbehave("slow", delay=0.01)
    status, _, _ = await get(arxiv, session, PAPER)
    assert status == 200
    assert arxiv.most_together == 1, "a client that gave up is not under way any more"
    assert all(request.ended is not None for request in arxiv.requests)


async def test_rules_choose_their_requests(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession
) -> None:
    arxiv.misbehave("503", "feed", times=None)
    arxiv.misbehave("429", "query", after=1)
    arxiv.misbehave("500", when=lambda request: "ListSets" in request.parameters.values())
    seen = [(await get(arxiv, session, t))[0] for t in (FEED, PAPER, PAPER, PAPER, FEED, RECORD)]
    assert seen == [503, 200, 429, 200, 503, 200]
    assert (await get(arxiv, session, "/oai?verb=ListSets"))[0] == 500
    arxiv.behave()
    assert (await get(arxiv, session, FEED))[0] == 200
    with pytest.raises(ValueError, match="none of"):
        arxiv.misbehave("explode")  # type: ignore[arg-type]


async def test_requests_are_remembered(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession
) -> None:
    await asyncio.gather(*(get(arxiv, session, target) for target in (PAPER, FEED, RECORD)))
    await get(arxiv, session, "/nowhere")
    assert {request.route for request in arxiv.requests} == {"query", "feed", "oai", None}
    assert {request.user_agent for request in arxiv.requests} == {"tester"}
    assert 1 <= arxiv.most_together <= 3
    assert len(arxiv.intervals) == 3
    assert all(interval >= 0 for interval in arxiv.intervals)
    assert arxiv.requests[-1].status == 404
    assert all((r.ended or 0) >= r.started for r in arxiv.requests)


async def test_a_recorded_answer_is_replayed(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession
) -> None:
    arxiv.replay("/api/query", {"id_list": "1", "start": "0"}, b"<feed/>", status=400)
    assert (await get(arxiv, session, "/api/query?start=0&id_list=1"))[:2] == (400, "<feed/>")


async def test_a_mailing_comes_out_in_the_evening(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    mailing = date(2026, 11, 24)  # a Tuesday: out on Monday at 20:00 Eastern, 01:00 UTC
    paper = "/api/query?id_list=2611.90001"
    record = "/oai?verb=ListRecords&metadataPrefix=arXiv&from=2026-11-24"
    async with LoopbackArxiv(announcements=[made_up(1, mailing)], clock=clock) as arxiv:

        async def there() -> tuple[bool, bool, bool]:
            texts = [(await get(arxiv, session, target))[1] for target in (paper, record, FEED)]
            return tuple("Made-up paper 1" in text for text in texts)  # type: ignore[return-value]

        clock.now = datetime(2026, 11, 24, 0, 59, tzinfo=UTC)
        assert await there() == (False, False, False)
        clock.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
        assert await there() == (True, False, False)
        arxiv.query_lag = timedelta(days=1)
        clock.now = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
        assert await there() == (False, True, False)
        clock.now = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
        assert await there() == (False, True, True)
        clock.now = datetime(2026, 11, 25, 4, 59, tzinfo=UTC)
        assert await there() == (True, True, True)
        clock.now = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
        assert await there() == (True, True, False)


async def test_the_feed_shows_current_versions_and_no_sixth(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    day = date(2026, 11, 24)
    lines = [
        made_up(1, day),
        replace(made_up(1, day, 2), kind="touch"),
        made_up(2, day, 5),
        made_up(3, day, 6),
        made_up(4, day, 2, categories=("stat.ML", "cs.LG")),
        replace(made_up(5, day, categories=("cs.LG", "cs.CL")), kind="cross", category="cs.CL"),
    ]
    async with LoopbackArxiv(announcements=lines, clock=clock) as arxiv:
        _, body, _ = await get(arxiv, session, "/rss/CS.lg+cs.CL")
    items = etree.fromstring(body.encode()).findall("channel/item")
    assert [(item.findtext("guid"), item.findtext("{*}announce_type")) for item in items] == [
        ("oai:arXiv.org:2611.90001v2", "new"),
        ("oai:arXiv.org:2611.90005v1", "cross"),
        ("oai:arXiv.org:2611.90002v5", "replace"),
        ("oai:arXiv.org:2611.90004v2", "replace-cross"),
    ]


async def test_the_limit_cuts_the_new_papers_with_the_lowest_ids(
    clock: Clock, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_module, "ITEM_LIMIT", 4)
    day = date(2026, 11, 24)
    lines = [*(made_up(number, day) for number in range(1, 6)), made_up(6, day, 2)]
    async with LoopbackArxiv(announcements=lines, clock=clock) as arxiv:
        _, body, _ = await get(arxiv, session, FEED)
    ids = [text.removeprefix("oai:arXiv.org:2611.9000") for text in _guids(body)]
    assert ids == ["3v1", "4v1", "5v1", "6v2"]


def _guids(body: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(body.encode()).iter("guid")]


async def test_an_unchanged_feed_is_answered_304(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    day = date(2026, 11, 24)
    async with LoopbackArxiv(announcements=[made_up(1, day)], clock=clock) as arxiv:
        async with session.get(arxiv.address + FEED) as response:
            tag = response.headers["ETag"]
        assert (await get(arxiv, session, FEED, **{"If-None-Match": tag}))[0] == 304
        arxiv.announce(made_up(2, day))
        status, body, _ = await get(arxiv, session, FEED, **{"If-None-Match": tag})
        assert (status, len(_guids(body))) == (200, 2)


async def test_the_cdn_keeps_nothing_until_midnight_for_the_same_address(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    day = date(2026, 11, 24)
    harvest = "/oai?verb=ListRecords&metadataPrefix=arXiv&from=2026-11-24"
    async with LoopbackArxiv(clock=clock, cdn=True) as arxiv:
        for target in ("/rss/cs.LG+cs.CL", harvest):
            await get(arxiv, session, target)
        arxiv.announce(made_up(1, day))
        assert "Made-up" not in (await get(arxiv, session, "/rss/cs.LG+cs.CL"))[1]
        assert "Made-up" in (await get(arxiv, session, "/rss/cs.CL+cs.LG"))[1]
        assert "noRecordsMatch" in (await get(arxiv, session, harvest))[1]
        varied = "/oai?metadataPrefix=arXiv&verb=ListRecords&from=2026-11-24"
        assert "Made-up" in (await get(arxiv, session, varied))[1]
        clock.advance(hours=7)  # midnight UTC is over
        assert "Made-up" in (await get(arxiv, session, harvest))[1]


async def test_oai_is_cold_at_first(arxiv: LoopbackArxiv, session: aiohttp.ClientSession) -> None:
    arxiv.oai_cold = 2
    seen = [(await get(arxiv, session, RECORD))[0] for _ in range(3)]
    assert seen == [503, 503, 200]


@pytest.mark.parametrize("encode", [lambda t: t, lambda t: t.replace("%", "%25")])
async def test_a_harvest_in_pages_is_whole(
    clock: Clock, session: aiohttp.ClientSession, encode: Callable[[str], str]
) -> None:
    lines = [made_up(number, date(2026, 11, 16 + number % 4)) for number in range(1, 24)]
    async with LoopbackArxiv(announcements=lines, clock=clock, page_records=4) as arxiv:
        target = "verb=ListRecords&metadataPrefix=arXiv&set=cs:cs:LG&from=2026-11-16"
        found: list[str] = []
        while target:
            url = URL(f"{arxiv.oai_base}?{target}", encoded=True)
            async with session.get(url) as response:
                page = etree.fromstring(await response.read())
            found += [element.text or "" for element in page.iter("{*}identifier")]
            token = page.findtext(".//{*}resumptionToken")
            target = f"verb=ListRecords&resumptionToken={encode(token)}" if token else ""
    assert len(found) == len(set(found)) == 23
