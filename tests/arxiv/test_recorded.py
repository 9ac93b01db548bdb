"""What arXiv's own answers, as recorded, are read as."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import arxiv as package  # type: ignore[import-untyped]
import pytest
from arxiv import _feed
from lxml import etree

from bot.arxiv import oai, query
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable
from bot.arxiv.query_http import _judged, take_out_unreadable
from bot.model.arxiv_id import ArxivId
from bot.model.paper import PaperData

DATA = Path(__file__).parents[1] / "data/arxiv"


def query_papers(name: str) -> dict[ArxivId, PaperData]:
    feed = _judged(200, {}, (DATA / name).read_bytes())
    assert take_out_unreadable(feed) == []
    results: list[package.Result] = _feed.parse(etree.tostring(feed)).results
    return dict(query.paper_data(result) for result in results)


def record(name: str) -> PaperData:
    root = etree.fromstring((DATA / "oai" / name).read_bytes())
    (metadata,) = root.iter(f"{oai.ARXIV}arXiv")
    return oai.paper_data(oai.told(metadata))[1]


def test_a_paper_of_the_query_api() -> None:
    (paper,) = query_papers("id_1605.08386_s0_m100.atom.xml").values()
    assert paper.title == "Heat-bath random walks with Markov bases"
    assert paper.authors == ("Caprice Stanley", "Tobias Windisch")
    assert paper.categories == ("math.CO", "math.ST")
    assert paper.published == datetime(2016, 5, 26, 17, 59, 46, tzinfo=UTC)
    assert (paper.version, paper.comment, paper.doi) == (1, "20 pages, 3 figures", None)


def test_old_ids_of_the_query_api() -> None:
    assert set(query_papers("id_quant-ph_0201082v1_s0_m100.atom.xml")) == {
        ArxivId("quant-ph/0201082")
    }
    assert set(query_papers("id_astro-ph_0601001_s0_m100.atom.xml")) == {
        ArxivId("astro-ph/0601001")
    }


def test_every_recorded_page_is_read_whole() -> None:
    assert len(query_papers("q_testing_s0_m100.atom.xml")) == 100
    assert all(
        paper.title and paper.authors
        for paper in query_papers("q_testing_s0_m10.atom.xml").values()
    )
    assert query_papers("id_0808.05394_s0_m100.atom.xml") == {}


def test_the_error_entry_is_a_refusal() -> None:
    body = (DATA / "id_abc_s0_m100.atom.xml").read_bytes()
    for status in (400, 200):
        with pytest.raises(ArxivRefused, match="incorrect id format for abc"):
            _judged(status, {}, body)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_a_page_that_is_cut_off_is_not_taken(part: float) -> None:
    body = (DATA / "q_testing_s0_m10.atom.xml").read_bytes()
    with pytest.raises(ArxivUnavailable, match="truncated"):
        _judged(200, {}, body[: int(len(body) * part)])


def test_a_record_of_oai() -> None:
    paper = record("GetRecord_0704.0046_arXiv.xml")
    assert paper.arxiv_id == "0704.0046"
    assert paper.authors == ("I. Csiszar", "F. Hiai", "D. Petz")
    assert paper.categories == ("quant-ph", "cs.IT", "math.IT")
    assert (paper.doi, paper.comment) == ("10.1063/1.2779138", "LATEX file, 11 pages")
    assert paper.journal_ref == "J. Math. Phys. 48(2007), 092102."
    assert paper.updated == datetime(2007, 4, 1, tzinfo=UTC)
    assert (paper.version, paper.published) == (None, None)
    assert paper.abstract.startswith("In a quantum mechanical model, Diosi")


def test_a_suffix_in_oai() -> None:
    assert "G. David Forney Jr." in record("GetRecord_1102.0316_arXiv.xml").authors


@pytest.mark.parametrize(
    "name", ["GetRecord_0903.0442_arXiv.xml", "GetRecord_cond-mat_0703772_arXiv.xml"]
)
def test_a_withdrawn_record_of_oai(name: str) -> None:
    assert record(name).withdrawn


def test_every_recorded_record_is_read() -> None:
    names = [path.name for path in (DATA / "oai").glob("*GetRecord_*_arXiv.xml")]
    assert len(names) > 10
    for name in names:
        paper = record(name)
        assert paper.title
        assert paper.categories
        assert "\n" not in paper.abstract
