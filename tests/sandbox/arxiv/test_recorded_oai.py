"""The loopback OAI-PMH, loaded with the records of arXiv's own server, against that server's
answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from lxml import etree

from bot.sandbox.arxiv import LoopbackArxiv
from tests.sandbox.arxiv.recorded import RECORDED_AT, Recording, oai_papers, recordings, shape

ACM_CLASS_LOST = "GetRecord_cs_0001024_oai_dc.xml"
"""The server itself gives this paper's ACM class here, and the word None in its other formats."""

ALL = [
    recording
    for recording in recordings("oai")
    if recording.target.startswith("/oai?") and recording.name != ACM_CLASS_LOST
]
WITH_SETS = ("ListRecords_set-cs.SY.xml", "ListRecords_arXiv_set-math_p1.xml")
"""Only few papers of that database were in its table of sets: these files hold them."""


def _page_size(recording: Recording) -> int:
    if recording.name.startswith("ListRecords_arXiv_one-day"):
        return 40
    if recording.name.startswith("C_List"):
        return 5
    return 10 if recording.name.rpartition("_p")[2][0].isdigit() else 2_000


def _collection(recording: Recording) -> tuple[str, ...]:
    if recording.name.startswith("C_"):
        return ("C_List*", "C_Get*")
    if "_set-" in recording.name or "dc_set" in recording.name:
        return (*WITH_SETS, "GetRecord_0806.4129_*", "GetRecord_0704.0046_*")
    if "Raw_days" in recording.name:
        return ("ListRecords_arXivRaw_days*", "ListRecords_arXiv_days*", "GetRecord*")
    return ("ListRecords_arXiv_one-day*", "ListRecords_arXiv_days*", "List*Raw*", "GetRecord*")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session


@pytest.mark.parametrize("recording", ALL, ids=lambda recording: recording.name)
async def test_the_answer_is_the_recorded_one(
    recording: Recording, session: aiohttp.ClientSession
) -> None:
    size = _page_size(recording)
    async with (
        LoopbackArxiv(
            oai_papers(*_collection(recording)).values(),
            clock=lambda: RECORDED_AT,
            page_records=size,
            page_identifiers=5_000 if size == 2_000 else size,
        ) as arxiv,
        session.get(arxiv.address + recording.target) as response,
    ):
        body = await response.read()
        assert response.status == recording.status
        assert response.content_type == recording.content_type
    if recording.status == 200:
        ignore = {"responseDate", "request", "description", "eprints"}
        recorded = etree.fromstring(recording.file.read_bytes())
        for element in recorded.iter("{*}description"):
            if etree.QName(element).namespace == "http://www.openarchives.org/OAI/2.0/":
                parent = element.getparent()
                assert parent is not None
                parent.remove(element)
        assert shape(etree.fromstring(body), ignore=ignore) == shape(recorded, ignore=ignore)
