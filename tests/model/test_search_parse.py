"""What people type to search the archive, read as it is meant or refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import PersonError
from bot.model.search import SearchQuery
from bot.model.search_parse import parse_search

SAME = [
    ("diffusion model", "diffusion AND model", "diffusion && model", "diffusion and model",
     "+diffusion +model", "diffusion+model", "diffusion%20model", "diffusion, model",
     "ｄｉｆｆｕｓｉｏｎ model", "(diffusion) model", "diffusion^2 model~", "all:diffusion model"),
    ('"few shot"', "“few shot”", "«few shot»", "「few shot」", '"few shot"~3'),
    ("LLM -survey", "LLM NOT survey", "LLM ANDNOT survey", "LLM !survey", "LLM −survey",
     "LLM not survey", "-survey LLM"),
    ("LLM OR VLM", "LLM | VLM", "LLM|VLM", "LLM || VLM", "LLM or VLM", "LLM 또는 VLM",
     "(LLM OR VLM)"),
    ('author:"Kaiming He" detr', 'au:"Kaiming He" detr', '저자:"Kaiming He" detr',
     'Author: "Kaiming He" detr'),
    ("by:Ada", "from:Ada", "by:@Ada", "작성자:Ada"),
    ("cat:cs.CL", "category:cs.cl", "subject:cs.CL", "cs.CL", "cat:cs_CL", "분야:cs.CL"),
    ("cat:cs.*", "cat:cs"),
    ("title:diffusion", "ti:diffusion", "intitle:diffusion", "제목:diffusion"),
    ("after:2020", "since:2020"),
    ("after:2020 before:2021", "year:2020", "date:2020", "2020년"),
    ("after:2020-12 before:2021", "during:2020-12"),
    ("2007.10909", "id:2007.10909", "arXiv:2007.10909v2", "https://arxiv.org/abs/2007.10909"),
    ("tag:review", "tag:#Review", "tag: review", "hashtag:review", "#review", "#Review"),
    ("cats -dogs", "cats -#dogs", "cats NOT #dogs"),
    ("cats OR dogs", "#cats OR #dogs", "#cats|#dogs"),
]  # fmt: skip


@pytest.mark.parametrize("ways", SAME, ids=range(len(SAME)))
def test_many_ways_to_ask_the_same(ways: tuple[str, ...]) -> None:
    first, *others = ways
    for other in others:
        assert parse_search(other) == parse_search(first), other


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("cat:NLP", errors.SearchCategoryMeant),
        ("cat:nonsense123", errors.SearchCategory),
        ("abs:detr", errors.SearchField),
        ("in:papers detr", errors.SearchField),
        ("has:link", errors.SearchField),
        ("site:arxiv.org detr", errors.SearchField),
        ("submittedDate:[2020 TO 2021]", errors.SearchField),
        ("organi?ation", errors.SearchWildcard),
        ("trans*mer", errors.SearchWildcard),
        ("*former", errors.SearchWildcard),
        ("(graph neural) OR detr", errors.SearchOperator),
        ("(a b OR c)", errors.SearchOperator),
        ("detr OR by:Ada", errors.SearchOperator),
        ("-by:Ada", errors.SearchOperator),
        ("year:2020-07-01", errors.SearchBadDate),
        ("before:2019 after:2021", errors.SearchNoDays),
        ("detr before:2020 after:2020", errors.SearchNoDays),
        ("-survey", errors.SearchEmpty),
    ],
)
def test_what_is_refused(typed: str, error: type[PersonError]) -> None:
    with pytest.raises(error) as caught:
        parse_search(typed)
    assert type(caught.value) is error


def test_what_stays_words() -> None:
    assert len(parse_search("BERT: Pre-training of Transformers").phrases) == 4
    assert len(parse_search("search and rescue").phrases) == 2
    assert len(parse_search("or").phrases) == 1
    assert parse_search("C++ AT&T").phrases[0].pieces == ("c", "signplusplus")
    assert parse_search("year:2020").after == datetime(2020, 1, 1, tzinfo=UTC)


@given(st.text(st.sampled_from('ab "():|&-=*?~#tag:cat by. OR 학습\n'), max_size=40))
def test_any_text_is_read_or_refused(typed: str) -> None:
    with suppress(PersonError):
        assert isinstance(parse_search(typed), SearchQuery)
