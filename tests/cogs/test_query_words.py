"""A query in words: what is looked for, where, and what somebody may not expect."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.chat.views.query_words import LONGEST, described, in_words, notes
from bot.locale import languages, texts
from bot.model.query.parse import parse
from bot.model.query.tree import Query
from tests.model.queries import queries

SAID = {
    'cat:cs.CL AND ti:"diffusion model" ANDNOT survey': (
        "Papers in **cs.CL**, with *diffusion model* in the title,"
        " without *survey* in the title or abstract."
    ),
    "cs.AI cs.CL LLM": "Papers in **cs.AI** or **cs.CL**, with *LLM* in the title or abstract.",
    "ti:(GAN OR VAE) -survey -review": (
        "Papers with *GAN* or *VAE* in the title,"
        " without *survey* or *review* in the title or abstract."
    ),
    'au:"Kaiming He" OR au:Hinton': "Papers by *Kaiming He*, or by anyone named *Hinton*.",
    "a OR (b AND ti:c)": (
        "Papers with *a* in the title or abstract,"
        " or (with *b* in the title or abstract, with *c* in the title)."
    ),
    "ti:=transformers abs:transform*": (
        "Papers with exactly *transformers* in the title,"
        " with a word that begins with *transform* in the abstract."
    ),
    "NOT a OR NOT b": (
        "Papers without *a* in the title or abstract, or without *b* in the title or abstract."
    ),
    "NOT (a AND b)": "Papers not (with *a* and *b* in the title or abstract).",
    "id:2007.10909": "Papers with the id **2007.10909**.",
}


@pytest.mark.parametrize(("typed", "said"), SAID.items(), ids=range(len(SAID)))
def test_a_query_in_words(typed: str, said: str) -> None:
    assert described(parse(typed), texts("en")) == said


def test_a_query_in_korean() -> None:
    said = described(parse('cat:cs.CL ti:"diffusion model" -survey'), texts("ko"))
    assert said == (
        "찾는 논문: **cs.CL** 분야, 제목에 *diffusion model* 포함, 제목이나 초록에 *survey* 없음"
    )


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("ti:transformers", "`ti:=transformers`"),
        ('"diffusion model"', '`="diffusion model"`'),
        ("NLP", "`cat:cs.CL`"),
        ("AI", "`cat:cs.AI`"),
        ("자연어처리", "`cat:cs.CL`"),
        ("papers about diffusion models", "Also looked for as words: *papers*, *about*."),
        ("diffusion 관련 논문", "Also looked for as words: *관련*, *논문*."),
        ("Kaiming He", '`au:"Kaiming He"`'),
        ("메타러닝", "are in English"),
        ('au:"He K"', "the family name can be the first or the last word"),
    ],
)
def test_what_somebody_may_not_expect(typed: str, hint: str) -> None:
    assert any(hint in line for line in notes(parse(typed), texts("en")))


@pytest.mark.parametrize("typed", ["ti:=transformers", "transform*", "cat:cs.CL", "rn:ANL-HEP-94"])
def test_nothing_is_said_where_nothing_is_unexpected(typed: str) -> None:
    assert notes(parse(typed), texts("en")) == []


def test_a_saved_query_that_cannot_be_read() -> None:
    assert "/subscribe edit" in in_words("cs.NLP", texts("en"))


@given(queries())
def test_any_query_can_be_told(query: Query) -> None:
    for language in languages():
        assert 0 < len(described(query, texts(language))) <= LONGEST
        assert sum(map(len, notes(query, texts(language)))) < 1_000
