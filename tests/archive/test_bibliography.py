"""What reference managers get of papers of which little is known yet."""

from __future__ import annotations

import json

import pytest

from bot.archive.bibliography import bibtex, csl, ris
from bot.model.arxiv_id import ArxivId
from bot.model.paper import Metadata, Paper, PaperData


@pytest.mark.parametrize(
    ("arxiv_id", "year", "month", "name"),
    [("2007.10909", 2020, 7, "jul"), ("hep-th/9901001", 1999, 1, "jan"),
     ("math/0309136", 2003, 9, "sep")],
)  # fmt: skip
def test_a_paper_that_is_to_be_completed(arxiv_id: str, year: int, month: int, name: str) -> None:
    """Its id stands for its title, and tells the month."""
    paper = Paper(1, ArxivId(arxiv_id).url, PaperData(arxiv_id, ""), Metadata.PENDING)
    bib = bibtex([paper])
    assert f"  title = {{{{{arxiv_id}}}}},\n" in bib
    assert f"  year = {{{year}}},\n  month = {name},\n" in bib
    assert f"PY  - {year}\r\nDA  - {year}/{month:02}/\r\n" in ris([paper])
    [item] = json.loads(csl([paper]))
    assert (item["title"], item["issued"]) == (arxiv_id, {"date-parts": [[year, month]]})


def test_a_page_has_no_date() -> None:
    paper = Paper(1, "https://example.org/a", PaperData(None, "A page"))
    assert "year" not in bibtex([paper])
    assert "PY  -" not in ris([paper])
    assert "issued" not in csl([paper])
