"""The loopback query API, loaded with recorded papers, against recorded answers of the live one."""

from __future__ import annotations

import re

import aiohttp
import pytest
from lxml import etree

from bot.sandbox.arxiv import LoopbackArxiv
from tests.sandbox.arxiv.recorded import DATA, SPACES, query_file, query_papers, shape

NAMES = sorted(path.name for path in DATA.glob("*.atom.xml"))
CHANGING = {"updated", "id"}
"""Of the feed itself; an entry's are compared."""


def _target(name: str) -> str:
    for line in (DATA / "INDEX.md").read_text(encoding="utf-8").splitlines():
        if match := re.match(rf"- `{re.escape(name)}` — \d+ — `([^`]+)`", line):
            return match[1]
    raise AssertionError(f"{name} is not in the index")


async def _answer(target: str, feed: object) -> tuple[int, bytes]:
    papers = list(query_papers(query_file(str(feed))))
    async with (
        LoopbackArxiv(papers) as arxiv,
        aiohttp.ClientSession() as session,
        session.get(f"{arxiv.api_base}/query?{target}") as response,
    ):
        return response.status, await response.read()


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("id_")])
async def test_ids_are_answered_as_recorded(name: str) -> None:
    recorded = query_file(name)
    # an answer about a bad id holds no paper to load
    source = name if name != "id_abc_s0_m100.atom.xml" else "id_0000.0000_s0_m100.atom.xml"
    status, body = await _answer(_target(name), source)
    assert status == (400 if "abc" in name else 200)
    answered = etree.fromstring(body)
    entries = zip(
        answered.iterfind("a:entry", SPACES), recorded.iterfind("a:entry", SPACES), strict=True
    )
    for one, other in entries:
        ignored = {"updated"} if status == 400 else set()
        assert shape(one, ignore=ignored) == shape(other, ignore=ignored)
    assert shape(answered, ignore=CHANGING) == shape(recorded, ignore=CHANGING)


async def test_a_hundred_entries_are_answered_as_recorded() -> None:
    recorded = query_file("q_testing_s0_m100.atom.xml")
    papers = list(query_papers(recorded))
    ids = ",".join(f"{paper.id}v{paper.version}" for paper in papers)
    status, body = await _answer(f"id_list={ids}&max_results=100", "q_testing_s0_m100.atom.xml")
    assert status == 200
    answered = etree.fromstring(body)
    pairs = zip(
        answered.iterfind("a:entry", SPACES), recorded.iterfind("a:entry", SPACES), strict=True
    )
    assert [shape(one) for one, _ in pairs] == [
        shape(entry) for entry in recorded.iterfind("a:entry", SPACES)
    ]


@pytest.mark.parametrize(("start", "size"), [(0, 10), (10, 10), (0, 100)])
async def test_a_page_says_what_the_recorded_one_says(start: int, size: int) -> None:
    recorded = query_file(f"q_testing_s{start}_m{size}.atom.xml")
    status, body = await _answer(
        f"search_query=testing&id_list=&start={start}&max_results={size}",
        "q_testing_s0_m100.atom.xml",
    )
    assert status == 200
    answered = etree.fromstring(body)
    for tag in ("title", "itemsPerPage", "startIndex"):
        assert answered.findtext(f"{{*}}{tag}") == recorded.findtext(f"{{*}}{tag}")
    links = [element.find("a:link", SPACES) for element in (answered, recorded)]
    assert all(link is not None for link in links)
    assert links[0].attrib == links[1].attrib  # type: ignore[union-attr]
    assert 0 < len(answered.findall("a:entry", SPACES)) <= size
