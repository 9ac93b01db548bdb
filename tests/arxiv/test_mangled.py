"""One record of a list is mangled in any way: all others are read as before, and nothing raises."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.arxiv import feed, harvest, markup, query
from bot.arxiv.errors import ArxivUnavailable
from bot.arxiv.oai import OAI
from bot.arxiv.query_http import ATOM, _feed, take_out_unreadable
from tests import hostile

DATA = Path(__file__).parent.parent / "data" / "arxiv"
FEEDS = [DATA / "feed" / name for name in ("rss_A_cs.xml", "rss_four-types.xml")]
LISTS = [DATA / "oai" / "C_ListRecords_arXiv_set-cs.LG_p1.xml"]
ANSWERS = [DATA / "q_testing_s0_m10.atom.xml"]


def _legal(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or " " <= char < "\ud800"
                   or "\ue000" <= char <= "\ufffd" or char > "\uffff")  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, element: Any) -> Any:
    """An element some of whose parts say something else, are there twice, elsewhere, or gone."""
    made = deepcopy(element)
    for _ in range(draw(st.integers(1, 4))):
        parts = [one for one in made.iter(etree.Element) if one is not made] or [made]
        one = draw(st.sampled_from(parts))
        parent = one.getparent()
        match draw(st.sampled_from(["says", "gone", "twice", "renamed", "moved"])):
            case "says":
                one.text = _legal(draw(hostile.texts()))
            case "gone" if parent is not None:
                parent.remove(one)
            case "twice" if parent is not None:
                parent.append(deepcopy(one))
            case "renamed":
                one.tag = "{urn:odd}odd"
            case "moved" if parent is not None:
                made.append(one)
    return made


def _with(body: bytes, path: str, draw: st.DataObject) -> tuple[bytes, int]:
    """The document with one of its records mangled, and the place of that record."""
    root = etree.fromstring(body)
    records = root.findall(path)
    at = draw.draw(st.integers(0, len(records) - 1))
    records[at].getparent().replace(records[at], draw.draw(mangled(records[at])))
    return etree.tostring(root), at


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
@given(data=st.data())
def test_an_item_of_a_feed(path: Path, data: Any) -> None:
    body = path.read_bytes()
    whole = feed.parse(body).items
    odd, _ = _with(body, "channel/item", data)
    read = feed.parse(odd)
    same = [item for item in read.items if item in whole]
    assert len(same) >= len(whole) - 1
    # It may name another item's paper now, and is then taken for it.
    assert len(read.items) + read.unread >= len(whole) - 1


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
@given(data=st.data())
def test_a_record_of_a_list(path: Path, data: Any) -> None:
    body = path.read_bytes()
    whole = harvest.parse_page(markup.parse(body, f"{OAI}OAI-PMH")).records
    odd, at = _with(body, f"{OAI}ListRecords/{OAI}record", data)
    read = harvest.parse_page(markup.parse(odd, f"{OAI}OAI-PMH"))
    assert len(read.records) + read.unread == len(whole)
    others = [*whole[:at], *whole[at + 1 :]]
    assert [record for record in read.records if record in others] == others


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
@given(data=st.data())
def test_an_entry_of_an_answer(path: Path, data: Any) -> None:
    body = path.read_bytes()
    odd, _ = _with(body, f"{ATOM}entry", data)
    whole, read = etree.fromstring(body), etree.fromstring(odd)
    unreadable = take_out_unreadable(read)
    left = read.findall(f"{ATOM}entry")
    assert len(left) + len(unreadable) == len(whole.findall(f"{ATOM}entry"))
    papers = query._papers(_feed._build_result(entry) for entry in left)
    papers |= query._plain_papers(unreadable)
    # It may name another entry's paper now.
    assert len(papers) >= len(whole.findall(f"{ATOM}entry")) - 1


@pytest.mark.parametrize("path", [*FEEDS, *LISTS], ids=lambda path: path.name)
@given(at=st.floats(0, 1), cut=st.integers(0, 60), put=hostile.lines())
def test_any_bytes(path: Path, at: float, cut: int, put: str) -> None:
    """A document that is broken is told as such, and nothing else."""
    body = path.read_bytes()
    place = int(at * len(body))
    odd = body[:place] + put.encode("utf-8", "surrogatepass") + body[place + cut :]
    try:
        if path in FEEDS:
            feed.parse(odd)
        else:
            harvest.parse_page(markup.parse(odd, f"{OAI}OAI-PMH"))
    except ArxivUnavailable:
        return
