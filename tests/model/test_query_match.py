"""What a query means: words, names, categories, and how far it reaches."""

from __future__ import annotations

from collections.abc import Set

import pytest
from hypothesis import given

from bot.model import taxonomy
from bot.model.paper import PaperData
from bot.model.query.match import hits, holds, matches
from bot.model.query.parse import parse
from bot.model.query.reach import categories, needs_completion, too_broad
from bot.model.query.text import prepare
from bot.model.query.tree import Query
from bot.model.query.written import understood
from tests.model.queries import papers, queries

PAPER = PaperData(
    arxiv_id="2405.00001",
    title=r"Object-detection with $\alpha$-stable noise: 메타러닝으로 배우기",
    abstract=r"A na\"ive transformer of Erd\H{o}s type, GPT-4 and C++. Detect objects.",
    authors=("Kaiming He", r"Mart\'in Garc\'ia M\'arquez", "Laurens van der Maaten"),
    categories=("cs.CV", "math.NA", "physics.acc-ph"),
    comment="Accepted at CVPR 2024",
    journal_ref="Nature 12, 3 (2024)",
    report_number="ANL-HEP-94-35",
)


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ('"object detection"', True),
        ("object-detection", True),
        ('"detection object"', False),
        ("detect", True),
        ("detec", False),
        ("detec*", True),
        ('ti:"object detec*"', True),
        ("abs:detection", False),
        ("OBJECTS", True),
        ("naive", True),
        ("naïve", True),
        ("erdős", True),
        ("Erdos", True),
        ("α", True),
        (r'"$\alpha$ stable"', True),
        ('"noise 메타러닝"', True),
        ('"배우기 a"', False),
        ("러닝으", True),
        ("러", True),
        ("닝배", False),
        ("gpt-4", True),
        ("gpt", True),
        ("C++", True),
        ("cvpr", False),
        ("co:cvpr", True),
        ("all:cvpr", True),
        ("jr:nature", True),
        ("rn:ANL-HEP", True),
        ("ti:cvpr", False),
        ("all:kaiming", True),
        ('all:"he martin"', False),
        ("all:cs.CV", True),
        ("all:2405.00001", True),
        ("cat:cs.CV", True),
        ("cat:cs.NA", True),
        ("cat:cs.*", True),
        ("cat:math", True),
        ("cat:physics.*", True),
        ("cat:cs.LG", False),
        ("cat:stat.*", False),
        ("id:2405.00001v3", True),
        ("id:2405.00002", False),
        ("all:*", True),
        ("NOT survey", True),
        ("NOT transformer", False),
        ("cat:cs.CV ANDNOT transformer", False),
        ("survey OR transformer", True),
        ("survey OR transformer ANDNOT gpt", False),
    ],
)
def test_what_matches(typed: str, match: bool) -> None:
    assert matches(parse(typed), PAPER) is match


@pytest.mark.parametrize("typed", ["He", "He, K", "He, K.", "K. He", "Kaiming He", "He K", "he_k"])
@pytest.mark.parametrize("author", ["Kaiming He", "K. He", "Kaiming X. He"])
def test_a_name_is_found_in_any_form(typed: str, author: str) -> None:
    assert matches(parse(f'au:"{typed}"'), PaperData(None, "", authors=("A B", author)))


@pytest.mark.parametrize(
    ("typed", "author", "match"),
    [
        ("K. He", "Kai He", True),
        ("Kaiming He", "Kai He", False),
        ("Kaiming He", "Xin K. He", False),
        ("K. He", "Xin K. He", False),
        ("Kaiming He", "Xin Kaiming He", True),
        ("K. He", "Kaiming Hexter", False),
        ("He, K", "He Kai", False),
        ("Kaiming", "Kaiming He", True),
        ("Garcia", r"Mart\'in Garc\'ia M\'arquez", True),
        ("M. García Márquez", r"Mart\'in Garc\'ia M\'arquez", True),
        ("Marquez, M", r"Mart\'in Garc\'ia M\'arquez", True),
        ("García Márquez, M", r"Mart\'in Garc\'ia M\'arquez", True),
        ("García Márquez, P", r"Mart\'in Garc\'ia M\'arquez", False),
        ("van der Maaten, L", "Laurens van der Maaten", True),
        ("L. van der Maaten", "Laurens van der Maaten", True),
        ("Maaten", "Laurens van der Maaten", True),
        ("O’Brien", "Ann O'Brien Jr.", True),
        ("OBrien, Ann", "Ann O'Brien Jr.", True),
        ("A. O'Brien Jr.", "Ann O'Brien", True),
        ("J.-B. Alayrac", "Jean-Baptiste Alayrac", True),
        ("Aidan Gomez", "Aidan N. Gomez", True),
        ("Aidan Nicholas Gomez", "Aidan N. Gomez", True),
        ("Madonna", "Madonna", True),
        ("M. Madonna", "Madonna", False),
        ("ATLAS Collaboration", "ATLAS Collaboration", True),
        ("Hint*", "Geoffrey E. Hinton", True),
        ("G. Hint*", "Geoffrey E. Hinton", True),
        ("E. Hint*", "Geoffrey E. Hinton", False),
        # With and without marks, however they are written.
        ("Erdős", r"Paul Erd{\H o}s", True),
        ("Erdos", "Paul Erdős", True),
        ("Mueller", "Thomas Müller", True),
        ("Müller", "Thomas Mueller", True),
        ("Müller", "Thomas Muller", True),
        ("Muller", "Thomas Müller", True),
        ("Goedel, K", "Kurt Gödel", True),
        ("Sorensen", "Søren Sørensen", True),
        ("Soerensen", "Søren Sørensen", True),
        ("Xu", "Lei Xue", False),
        ("Michal Kim", "Michael Kim", False),
        ("Łukasz Kaiser", "Lukasz Kaiser", True),
        ("Weiß", "Ron Weiss", True),
        # Initials.
        ("YW Teh", "Yee Whye Teh", True),
        ("Teh, YW", "Yee Whye Teh", True),
        ("Teh YW", "Yee Whye Teh", True),
        ("Y. W. Teh", "YW Teh", True),
        ("JRR Tolkien", "J. R. R. Tolkien", True),
        ("K.He", "Kaiming He", True),
        ("He_K", "Kaiming He", True),
        ("he_k_1", "Kaiming He", True),
        ("He et al.", "Kaiming He", True),
        # The family name first, and names in two or three parts.
        ("He Kaiming", "Kaiming He", True),
        ("Kaiming He", "He Kaiming", True),
        ("Kim Minji", "Minji Kim", True),
        ("Minji Kim", "Min-Ji Kim", True),
        ("Min-ji Kim", "Minji Kim", True),
        ("Kim Min-Ji", "Minji Kim", True),
        ("Min Ji Kim", "Min-Ji Kim", True),
        ("Thomas James", "James Thomas", False),
        ("Kim Min*", "Minji Kim", False),
        # Particles and teams.
        ("Van Assche", "Walter Van Assche", True),
        ("van Oldeneel tot Oldenzeel", "Lucas van Oldeneel tot Oldenzeel", True),
        ("Oldenzeel", "Lucas van Oldeneel tot Oldenzeel", True),
        ("ATLAS", "The ATLAS Collaboration", True),
        ("The ATLAS Collaboration", "ATLAS Collaboration", True),
        ("ATLAS Collab.", "ATLAS Collaboration", True),
        ("LIGO Scientific Collaboration", "The LIGO Scientific Collaboration", True),
        ("DeepSeek-AI", "DeepSeek-AI", True),
        ("DeepSeek", "DeepSeek-AI", True),
        ("Qwen Team", "Qwen Team", True),
    ],
)
def test_names(typed: str, author: str, match: bool) -> None:
    assert matches(parse(f'au:"{typed}"'), PaperData(None, "", authors=(author,))) is match


def test_a_name_does_not_span_two_authors() -> None:
    paper = PaperData(None, "", authors=("Kaiming Li", "Xin He"))
    assert not matches(parse('au:"Kaiming He"'), paper)
    assert not matches(parse('"one two"'), PaperData(None, "one", abstract="two"))


def test_an_unknown_category_belongs_to_its_archive() -> None:
    assert matches(parse("cat:cs.*"), PaperData(None, "", categories=("cs.NEW",)))


def test_three_thousand_authors() -> None:
    paper = PaperData(None, "", authors=tuple(f"A{n:04} B{n:04}" for n in range(3000)))
    assert matches(parse('au:"B2999, A"'), paper)


def test_why_a_paper_matches() -> None:
    query = parse('cat:cs.CV (survey OR transformer OR "object detection") NOT yolo detect')
    assert [understood(term) for term in hits(query, prepare(PAPER))] == [
        "cat:cs.CV",
        "transformer",
        '"object detection"',
        "detect",
    ]


@pytest.mark.parametrize(
    ("typed", "within"),
    [
        ("cat:cs.CV detr", {"cs.CV"}),
        ("cat:cs.CV OR cat:cs.NA", {"cs.CV", "math.NA"}),
        ("cat:cs.CV AND cat:cs.*", {"cs.CV"}),
        ("cat:cs.CV OR detr", None),
        ("detr", None),
        ("NOT cat:cs.CV", None),
        ("NOT (detr OR NOT cat:cs.CV)", {"cs.CV"}),
        ("all:*", None),
        ("cat:hep-th", {"hep-th"}),
    ],
)
def test_what_must_be_fetched(typed: str, within: Set[str] | None) -> None:
    assert categories(parse(typed)) == within


def test_an_archive_is_all_its_categories() -> None:
    known = frozenset(found.id for found in taxonomy.expand("cs.*"))
    assert categories(parse("cat:cs.* detr")) == known


@pytest.mark.parametrize(
    ("typed", "broad"),
    [
        ("all:*", True),
        ("cat:cs.*", True),
        ("cat:cs.* OR detr", True),
        ("cat:cs.* ANDNOT survey", True),
        ("NOT survey", True),
        ("NOT (survey OR detr)", True),
        ("NOT all:*", False),
        ("cat:cs.CV", False),
        ("cat:cs.* detr", False),
        ("all:* AND au:He", False),
        ("cat:hep-th", False),
    ],
)
def test_what_is_too_broad(typed: str, broad: bool) -> None:
    assert too_broad(parse(typed)) is broad


def test_what_the_feeds_lack() -> None:
    assert needs_completion(parse("detr OR co:cvpr"))
    assert not needs_completion(parse("detr au:He cat:cs.CV"))


@given(queries(), papers())
def test_no_paper_matches_outside_of_what_is_fetched(query: Query, paper: PaperData) -> None:
    within = categories(query)
    if within is not None and matches(query, paper):
        known = {taxonomy.canonical(name) for name in paper.categories}
        assert known & within or "cs.NEW" in known


@given(queries(), papers())
def test_reasons_hold(query: Query, paper: PaperData) -> None:
    text = prepare(paper)
    assert all(holds(term, text) for term in hits(query, text))
