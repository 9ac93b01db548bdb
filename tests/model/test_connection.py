"""What a take leads to, and queries as they are understood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import PersonError, SearchBadDate, SearchEmpty, SearchTooLong
from bot.model.connection import Lead, LeadKind, SeriesPart, leads, part_of
from bot.model.search_parse import parse_search


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cf. https://arxiv.org/pdf/2007.10909v2을", [("url", "https://arxiv.org/abs/2007.10909")]),
        ("[x](https://Example.com/a#b)", [("url", "https://example.com/a")]),
        ("`https://arxiv.org/abs/2007.10909`", []),
        ("as in [[200129  Empirical Attention|here]]", [("note", "200129 empirical attention")]),
        ("robustness와 transferability 3. 이어서", [("series", "robustness와 transferability")]),
        ("Scaling laws 2\nmore", [("series", "scaling laws")]),
        ("적대적 예제 연구 1/2\n처음", [("series", "적대적 예제 연구")]),
        ("생각들 (2/3): 이어서", [("series", "생각들")]),
        ("Diffusion, part 2\nmore", [("series", "diffusion")]),
        ("메타러닝 2부. 이어서", [("series", "메타러닝")]),
        ("Qwen 3\n큐원", []),
        ("Stable Diffusion 3. 공개", []),
        ("Llama 4: 공개", []),
        ("논문 7/26\n", []),
        ("ImageNet 21K 기준", []),
        ("3. a list", []),
        ("it was in 2020", []),
    ],
)
def test_leads(text: str, expected: list[tuple[str, str]]) -> None:
    assert leads(text) == tuple(Lead(LeadKind(kind), target) for kind, target in expected)


def test_parts_of_a_series() -> None:
    part = part_of("  Robustness와  transferability 3. 이어서")
    assert part == SeriesPart("Robustness와  transferability", 3)
    assert part.key == "robustness와 transferability"
    assert part_of("Scaling laws #12\nmore") == SeriesPart("Scaling laws", 12)
    assert part_of("GPT-3 and others") is None


def test_filters_are_read_out_of_a_query() -> None:
    search = parse_search('few shot tag:#Review by:"Ada L" cat:cs.* after:2020-07 before:2021')
    assert len(search.phrases) == 2
    assert search.tags == ("review",)
    assert search.by == ("Ada L",)
    assert search.categories == ("cs.*",)
    assert search.after == datetime(2020, 7, 1, tzinfo=UTC)
    assert search.before == datetime(2021, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", SearchEmpty),
        ("   \n", SearchEmpty),
        ('*** && || ( ) "', SearchEmpty),
        ("x" * 4000, SearchTooLong),
        ("after:tomorrow", SearchBadDate),
        ("after:2020-13", SearchBadDate),
        ("before:0000", SearchBadDate),
    ],
)
def test_what_cannot_be_looked_for(typed: str, error: type[PersonError]) -> None:
    with pytest.raises(error):
        parse_search(typed)
