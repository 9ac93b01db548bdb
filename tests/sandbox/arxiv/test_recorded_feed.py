"""The loopback feeds, loaded with the mailings of the recorded databases, against arXiv's own
server.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time

import aiohttp
import pytest
from lxml import etree
from yarl import URL

from bot.sandbox.arxiv import EASTERN, Announcement, LoopbackArxiv
from tests.sandbox.arxiv.recorded import (
    Recording,
    Shape,
    feed_papers,
    lines,
    oai_papers,
    recordings,
    shape,
)

A_THURSDAY, A_FRIDAY = date(2023, 10, 26), date(2023, 10, 27)
B_THURSDAY, B_EARLIER = date(2011, 2, 3), date(2011, 2, 1)
C_MONDAY = date(2026, 11, 23)

A = {
    A_THURSDAY: {
        "new": ["1234.5646v2", "1234.5657v1", "2310.16106v1"],
        "replace": ["1234.5645v2"],
    },
    A_FRIDAY: {"new": ["1234.5647v2"], "replace": ["1234.5657v1"]},
}
B = {
    B_THURSDAY: {
        "new": ["1008.3222v1", "0704.0046v1", "0906.3421v2"],
        "cross math.NT": ["0906.2112v3"],
        "replace": [
            "0704.0248v2", "0806.4129v5", "0812.4551v5", "0906.4150v1",
            "cond-mat/0703772v2", "hep-th/0703166v5", "math/0510544v2",
        ],
        # replaced by v5 in this mailing; shown, as all are, in its current version
        "touch": ["0806.4129v6"],
    },
    B_EARLIER: {
        "new": ["0704.0248v2", "0906.2112v3", "0906.4150v1"],
        "replace": ["0906.3336v2"],
    },
}  # fmt: skip
C = {
    C_MONDAY: {
        "new": ["2611.90001v1", "2611.90002v1", "2611.90008v1", "2611.90010v2"],
        "cross cs.LG": ["2610.90003v1"],
        "cross cs.CL": ["2601.90006v2"],
        "replace": ["2601.90004v6", "2601.90005v5", "2601.90006v2", "2609.90007v2"],
        "touch": ["2608.90009v1"],
    }
}
AFFILIATIONS = {
    "2611.90001": [("Universität Köln",), ("清华大学,MIT",), ()],
    "2610.90003": [(), ("CERN, Geneva", "Bonn"), ("CERN, Geneva", "Bonn"), ("Bonn",)],
}
"""Only the line of authors has them, not the format that the papers are read from."""

INCONSISTENT = "rss_conditional.xml"
"""Two dummies of database A are in math.NT by their metadata and not by its table of categories."""

ALL = [
    recording
    for recording in recordings("feed")
    if recording.target.startswith(("/rss/", "/atom/")) and recording.name != INCONSISTENT
]


def database(letter: str) -> list[Announcement]:
    """The mailings of a database: what its table of announcements must have held."""
    if letter != "C":
        papers = feed_papers("rss_A_*.xml" if letter == "A" else "rss_[!A]*.xml")
        table = A if letter == "A" else B
    else:
        papers, table = oai_papers("C_List*", "C_Get*"), C
        for id_, affiliations in AFFILIATIONS.items():
            authors = [
                replace(author, affiliations=there)
                for author, there in zip(papers[id_].authors, affiliations, strict=True)
            ]
            papers[id_] = replace(papers[id_], authors=tuple(authors))
    return [
        line for mailing, kinds in sorted(table.items()) for line in lines(papers, mailing, kinds)
    ]


def _clock(recording: Recording) -> datetime:
    _, _, day = recording.shows.partition(". ")[0].partition(", ")
    hour = time(0, 10) if "next-day" in recording.name else time(12)
    return datetime.combine(date.fromisoformat(day.split()[1].strip(".,")), hour, EASTERN)


async def _get(recording: Recording, announcements: list[Announcement]) -> tuple[int, str, bytes]:
    moment = _clock(recording)
    days = re.search(r"FEED_NUM_DAYS=(\d)", recording.shows)
    async with (
        LoopbackArxiv(announcements=announcements, clock=lambda: moment) as arxiv,
        aiohttp.ClientSession() as session,
    ):
        arxiv.answers.feed_days = int(days[1]) if days else 1
        async with session.get(URL(arxiv.address + recording.target, encoded=True)) as response:
            text = (await response.text()).replace(arxiv.address, "http://rss.arxiv.org")
            return response.status, response.content_type, text.encode()


def _shape(document: bytes) -> Shape:
    return shape(etree.fromstring(document), ignore={"lastBuildDate", "updated"})


@pytest.mark.parametrize("recording", ALL, ids=lambda recording: recording.name)
async def test_the_feed_is_the_recorded_one(recording: Recording) -> None:
    status, content_type, body = await _get(recording, database(recording.shows[0]))
    assert (status, content_type) == (recording.status, recording.content_type)
    assert _shape(body) == _shape(recording.file.read_bytes())
