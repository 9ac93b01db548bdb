"""The index finds what the plain evaluator finds."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.paper import PaperData
from bot.model.query.match import hits, matches
from bot.model.query.parse import parse
from bot.model.query.text import prepare
from bot.model.query.tree import Query, terms
from bot.model.query.written import understood
from bot.subscriptions.keys import term_keys
from bot.subscriptions.matcher import Matcher
from bot.subscriptions.rule import required
from tests.model.queries import papers, queries

DETR = PaperData("2401.00001", "DETR for detection", categories=("cs.CV",), authors=("K. He",))


@given(
    st.lists(queries(), max_size=20),
    st.lists(papers(), min_size=1, max_size=4),
    st.lists(papers(), max_size=3),
    st.randoms(use_true_random=False),
)
def test_the_index_agrees_with_the_plain_evaluator(
    asked: list[Query], announced: list[PaperData], sample: list[PaperData], random: Random
) -> None:
    matcher = Matcher[int](sample)
    for number, query in enumerate(asked):
        matcher.add(number, query)
    gone = {number for number in range(len(asked)) if random.random() < 0.3}
    for number in gone:
        matcher.remove(number)
    for paper in announced:
        assert matcher.match(paper) == {
            number: hits(query, prepare(paper))
            for number, query in enumerate(asked)
            if number not in gone and matches(query, paper)
        }


def test_every_kind_of_negation_only_is_found() -> None:
    matcher = Matcher[str]()
    for typed in ("NOT survey", "NOT (survey OR yolo)", "NOT detr", "NOT survey OR detr", "all:*"):
        matcher.add(typed, parse(typed))
    assert set(matcher.match(DETR)) == {
        "NOT survey",
        "NOT (survey OR yolo)",
        "NOT survey OR detr",
        "all:*",
    }


def test_reasons_come_with_it() -> None:
    matcher = Matcher[int]()
    matcher.add(1, parse("cat:cs.CV (detr OR yolo) ANDNOT survey"))
    matcher.add(2, parse("NOT survey"))
    found = {key: [understood(term) for term in why] for key, why in matcher.match(DETR).items()}
    assert found == {1: ["cat:cs.CV", "detr"], 2: []}


def test_subscriptions_come_change_and_go() -> None:
    matcher = Matcher[int]()
    matcher.add(1, parse("det*"))
    matcher.add(2, parse("det*"))
    assert set(matcher.match(DETR)) == {1, 2}
    matcher.add(1, parse("yolo"))
    assert set(matcher.match(DETR)) == {2}
    assert len(matcher) == 2
    matcher.remove(2)
    matcher.remove(2)
    matcher.remove(99)
    assert matcher.match(DETR) == {}
    assert 1 in matcher
    assert 2 not in matcher


def test_a_query_is_filed_under_what_is_rare() -> None:
    common = {"cat:cs.CV": 0.1, "learning": 0.5, "detr": 0.01, '"object detection"': 0.02}

    def filed(typed: str) -> list[list[str]]:
        found = required(parse(typed), understood, lambda term: common.get(term, 0.001))
        return [sorted(some) for some in found]

    assert filed("cat:cs.CV learning detr") == [["detr"], ["cat:cs.CV"], ["learning"]]
    assert filed('"object detection" learning -a') == [['"object detection"'], ["learning"]]
    assert filed("detr OR learning") == [["detr", "learning"]]
    assert filed("(detr learning) OR cat:cs.CV") == [["cat:cs.CV", "detr"]]
    assert filed("NOT detr") == []
    assert filed("a OR NOT detr") == []
    assert filed("NOT (learning OR NOT detr)") == [["detr"]]


@pytest.mark.parametrize(
    ("typed", "looked_up"),
    [
        ('ti:"object detection transformer"', {"detection transformer"}),
        ("detr", {"detr"}),
        ("few-shot*", {"few"}),
        ("detr*", {"detr*"}),
        ('au:"van der Maaten, L"', {"au:maaten"}),
        ("au:he_k", {"au:he", "au:k"}),
        ("cat:cs.*", {"cat:cs.*"}),
        ("all:*", {"*"}),
    ],
)
def test_a_term_is_looked_up_by_what_is_rare(typed: str, looked_up: set[str]) -> None:
    common = {"object detection": 0.1, "au:van": 0.1, "au:der": 0.1}
    (term,) = terms(parse(typed))
    assert term_keys(term, lambda key: common.get(key, 0.01)) == frozenset(looked_up)


def test_nothing_is_left_of_what_was_removed() -> None:
    matcher = Matcher[int]([DETR])
    for number, typed in enumerate(["det*", "au:h*", "NOT a", "a OR b c*", "cat:cs.CV", "all:*"]):
        matcher.add(number, parse(typed))
    for number in range(6):
        matcher.remove(number)
    assert not any(
        [matcher._filed, matcher._facts, matcher._by_key, matcher._always, matcher._lengths]
    )
