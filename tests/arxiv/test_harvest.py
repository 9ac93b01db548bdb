"""OAI-PMH's lists: page by page, complete or known not to be."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from bot.arxiv import Arxiv, ArxivUnavailable, GaveWay
from bot.arxiv.harvest import BadToken, Page, parse_page
from bot.arxiv.oai import OaiError
from bot.model.arxiv_id import ArxivId
from bot.sandbox.arxiv import LoopbackArxiv, Misbehaviour

DATA = Path(__file__).parents[1] / "data/arxiv/oai"


def test_a_recorded_page() -> None:
    root = etree.fromstring((DATA / "C_ListRecords_arXiv_set-cs.LG_p1.xml").read_bytes())
    page = parse_page(root)
    assert (len(page.records), page.unread) == (5, 0)
    assert page.token is not None
    assert page.token.startswith("verb%3DListRecords")
    assert {record.datestamp for record in page.records} == {date(2026, 11, 23)}
    last = page.records[-1]
    assert (last.id, last.paper.withdrawn) == (ArxivId("2609.90007"), True)


def test_a_recorded_page_of_the_raw_format() -> None:
    root = etree.fromstring((DATA / "ListRecords_arXivRaw_days_p1.xml").read_bytes())
    page = parse_page(root, "arXivRaw")
    assert page.records
    assert page.unread == 0
    for record in page.records:
        assert record.paper.authors
        assert record.paper.version
        assert record.paper.published
        assert record.paper.updated
        assert record.paper.published <= record.paper.updated


def test_a_withdrawal_that_only_the_versions_tell() -> None:
    root = etree.fromstring((DATA / "GetRecord_0906.3336_arXivRaw.xml").read_bytes())
    for found in root.iter("{http://www.openarchives.org/OAI/2.0/}GetRecord"):
        found.tag = "{http://www.openarchives.org/OAI/2.0/}ListRecords"
    (record,) = parse_page(root, "arXivRaw").records
    assert record.paper.withdrawn


def test_every_recorded_list_is_read() -> None:
    paths = sorted(path for path in DATA.glob("*ListRecords_*.xml") if "_dc_" not in path.name)
    assert len(paths) > 5
    for path in paths:
        page = parse_page(
            etree.fromstring(path.read_bytes()), "arXivRaw" if "Raw" in path.name else "arXiv"
        )
        assert page.unread == 0, path.name


def test_a_record_that_cannot_be_read_is_counted() -> None:
    body = (DATA / "C_ListRecords_arXiv_set-cs.LG_p1.xml").read_bytes()
    page = parse_page(etree.fromstring(body.replace(b"<id>2601.90004</id>", b"<id>?</id>")))
    assert (len(page.records), page.unread) == (4, 1)


# -- over a socket -------------------------------------------------------------------------------

EVER = date(2007, 5, 23)


async def everything(arxiv: Arxiv) -> list[Page]:
    pages = [await arxiv.harvest.first_page(EVER)]
    while token := pages[-1].token:
        pages.append(await arxiv.harvest.next_page(token))
    return pages


async def test_pages_until_the_last(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    pages = await everything(arxiv)
    assert len(pages) == 2
    found = [record.id.value for page in pages for record in page.records]
    assert sorted(found) == ["2001.00001", "2007.10909"]
    (record,) = (await arxiv.harvest.first_page(date(2020, 8, 3), format="arXivRaw")).records
    assert (record.paper.version, record.datestamp) == (2, date(2020, 8, 3))
    assert record.paper.published == datetime(2020, 7, 21, 15, 59, 54, tzinfo=UTC)


async def test_nothing_matches(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    day = date(2026, 11, 1)
    assert await arxiv.harvest.first_page(day, day) == Page((), None)
    await arxiv.harvest.first_page(day, day, again=True)
    first, second = net.requests
    assert list(first.parameters) == list(second.parameters)[::-1]


async def test_a_wrong_question_is_told_apart(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    with pytest.raises(OaiError) as caught:
        await arxiv.harvest.first_page(EVER, oai_set="cs.LG")
    assert caught.value.code == "badArgument"
    with pytest.raises(BadToken):
        await arxiv.harvest.next_page("garbage")
    assert len(net.requests) == 2


@pytest.mark.parametrize("fault", ["503", "first byte timeout", "truncated", "cut", "reset"])
async def test_a_page_that_fails_leaves_the_token_usable(
    arxiv: Arxiv, net: LoopbackArxiv, fault: Misbehaviour
) -> None:
    net.misbehave(fault, "oai", times=1)
    with pytest.raises(ArxivUnavailable):
        await arxiv.harvest.first_page(EVER)
    assert (await arxiv.harvest.first_page(EVER)).records


async def test_a_page_gives_way_to_a_person(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("slow", "oai", times=1, delay=60)
    page = asyncio.create_task(arxiv.harvest.first_page(EVER))
    while not net.requests:
        await asyncio.sleep(0.01)
    one = ArxivId("2007.10909")
    assert (await arxiv.lookup([one], person=True, deadline=20)).found
    with pytest.raises(GaveWay):
        await page
    assert (await arxiv.harvest.first_page(EVER)).records
    assert net.most_together == 1
