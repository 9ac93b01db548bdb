"""Where phrases stand, and snippets: what is shown is what stands there."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.bigrams import located, pieces, query
from bot.text.find import find, holds, snippet
from bot.text.graphemes import ends

texts = st.text(
    st.sampled_from("메타러닝학습을 의 Deep learning é́ 👩‍👩‍👧 深層 C++ #x\n"), max_size=80
)

APART = unicodedata.normalize("NFD", "메타러닝을")


@given(st.text(max_size=80))
def test_located_pieces_are_the_pieces(text: str) -> None:
    assert [piece for piece, _, _ in located(text)] == pieces(text)
    assert all(0 <= start < end <= len(text) for _, start, end in located(text))


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("메타러닝을 쓴 결과", "메타러닝", ["메타러닝"]),
        ("few-shot learning의 결과", '"few shot learning의"', ["few-shot learning의"]),
        ("Erdős and C++ code", "erdos c++", ["Erdős", "C++"]),
        ("학습, 지도학습", "학습", ["학습", "학습"]),
        (APART, "러닝", [APART]),
        ("하면 된다.… 더", "된다", ["된다"]),  # the ellipsis, in full, is three signs
    ],
)
def test_the_places_are_those_of_the_words(text: str, words: str, shown: list[str]) -> None:
    spots = sorted(spot for its in find(text, query(words)) for spot in its)
    assert [text[start:end] for start, end in spots] == shown


@given(texts, texts)
def test_holds_and_find_agree(text: str, words: str) -> None:
    phrases = query(words)
    assert holds(text, phrases) == [bool(its) for its in find(text, phrases)]


def test_each_phrase_has_its_own_places() -> None:
    assert [bool(its) for its in find("one two", query("two three on*"))] == [True, False, True]
    assert find("anything", []) == []


@given(texts, st.sampled_from(["학습", "learning", "러", "C++", "深層"]), st.integers(10, 60))
def test_a_snippet_is_a_part_of_the_text(text: str, words: str, width: int) -> None:
    spots = [spot for its in find(text, query(words)) for spot in its]
    made = snippet(text, spots, width)
    shown = "".join(part.text for part in made)
    bare = shown.removeprefix("…").removesuffix("…").strip()
    assert bare in " ".join(text.split()) or bare in _one_line(text)
    assert len(bare) <= width
    if spots and min(end - start for start, end in spots) < width // 2:
        assert any(part.asked for part in made)


def _one_line(text: str) -> str:
    return " ".join(text.replace("\n", " ").split())


def test_a_snippet_is_cut_between_graphemes() -> None:
    family = "👩‍👩‍👧"
    text = family * 40 + "학습" + family * 40
    made = snippet(text, find(text, query("학습"))[0], 100)
    boundaries = {0, *ends(text)}
    for part in made:
        if part.text != "…":
            at = text.index(part.text) if part.asked else text.find(part.text)
            assert at in boundaries
            assert at + len(part.text) in boundaries
