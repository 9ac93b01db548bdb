"""The query API: its language, its pages, and the package `arxiv` as its client."""

from __future__ import annotations

import asyncio

import aiohttp
import arxiv as package
import pytest
from lxml import etree

from bot.sandbox.arxiv import LoopbackArxiv, load_papers
from bot.sandbox.arxiv.query import BadQuery, parse
from bot.sandbox.sample import SAMPLE_PAPERS

PAPERS = load_papers(SAMPLE_PAPERS)


def found(query: str) -> set[str]:
    search = parse(query)
    return {paper.id for paper in PAPERS if search.matches(paper)}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('ti:"object detection"', {"2005.12872", "2004.10934"}),
        ("au:bohm AND cat:cs.LG", {"2007.08902"}),
        ('au:"Aidan N. Gomez"', {"2007.10909", "1706.03762"}),
        ("au:Gomez_A", set()),
        ("ti:sliceout OR ti:nerf", {"2007.10909", "2003.08934"}),
        ("ti:sliceout ti:nerf", {"2007.10909", "2003.08934"}),
        ("cat:cs.CV ANDNOT (abs:detection OR abs:segmentation) AND ti:nerf", {"2003.08934"}),
        ("cat:math.DG", {"math/0211159"}),
        ("cat:math.IT AND au:Csiszar", {"0704.0046"}),
        ("cat:hep-* AND ti:supergravity", {"hep-th/9711200"}),
        ("rn:UPR", {"hep-th/9901002"}),
        ('jr:"Phys. Rev. B"', {"1010.3617"}),
        ("co:withdrawn", {"0903.0442", "cond-mat/0703772"}),
        ("id:2104.12255", {"2104.12255"}),
        ("ti:supergrav*", {"hep-th/9711200"}),
        (
            "submittedDate:[202007230000 TO 202007232359]",
            {"2007.12072", "2007.11823", "2007.12099", "2007.11978"},
        ),
        ("all:leppäkangas", {"1010.3617"}),
    ],
)  # fmt: skip
def test_queries_mean_what_the_manual_says(query: str, ids: set[str]) -> None:
    assert found(query) == ids


@pytest.mark.parametrize("query", ["(ti:a", "ti:a)", "AND ti:a", "xx:a", "ti:", "ti:a AND", '"'])
def test_a_broken_query_is_refused(query: str) -> None:
    with pytest.raises(BadQuery):
        parse(query)


async def test_the_package_reads_the_answers(arxiv: LoopbackArxiv) -> None:
    client = package.Client(page_size=5, delay_seconds=0, num_retries=0)
    client.query_url_format = arxiv.api_base + "/query?{}"
    search = package.Search(query="cat:cs.CV", sort_by=package.SortCriterion.SubmittedDate)
    results = await asyncio.to_thread(lambda: list(client.results(search)))
    assert len(results) == len(found("cat:cs.CV"))
    dates = [result.published for result in results]
    assert dates == sorted(dates, reverse=True)
    by_id = {result.get_short_id(): result for result in results}
    paper = by_id["2007.11498v2"]
    assert paper.authors[0].name == "Carl Doersch"
    assert paper.updated > paper.published
    assert len(arxiv.requests) == -(-len(results) // 5)
    assert {request.connection for request in arxiv.requests} == {1}
    assert arxiv.requests[0].user_agent.startswith("arxiv.py/")


async def test_one_bad_id_fails_the_whole_list(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{arxiv.api_base}/query?id_list=2007.10909,abc") as response:
        assert response.status == 400
        body = await response.text()
    assert "incorrect id format for abc" in body
    assert "SliceOut" not in body


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        ("2007.11498v1", ["2007.11498v1"]),
        ("2007.11498", ["2007.11498v2"]),
        ("2007.11498v9", []),
        ("2613.10909,2007.10909,2007.10909", ["2007.10909v1"]),
        ("math.DG/0211159", ["math/0211159v1"]),
    ],
)
async def test_ids_with_and_without_versions(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession, ids: str, names: list[str]
) -> None:
    async with session.get(f"{arxiv.api_base}/query?id_list={ids}") as response:
        feed = etree.fromstring(await response.read())
    entries = [(entry.findtext("{*}id") or "") for entry in feed.iterfind("{*}entry")]
    assert [text.rpartition("/abs/")[2] for text in entries] == names
    assert feed.findtext("{*}totalResults") == str(len(names))


@pytest.mark.parametrize("query", ["start=-1", "start=a", "max_results=40000", "sortBy=size"])
async def test_impossible_parameters_are_refused(
    arxiv: LoopbackArxiv, session: aiohttp.ClientSession, query: str
) -> None:
    url = f"{arxiv.api_base}/query?search_query=all:the&{query}"
    async with session.get(url) as response:
        assert response.status == 400
        assert "<title>Error</title>" in await response.text()
