"""The query language: how it is read, written out, and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import QueryError
from bot.locale import languages, texts
from bot.model.query.parse import DEEPEST, LONGEST, MOST_TERMS, parse, parse_saved
from bot.model.query.tree import And, ByAuthor, InCategory, Not, Or, Query, Words, negated
from bot.model.query.written import understood
from tests.model.queries import queries


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (
            'cat:cs.CV AND (ti:"object detection" OR abs:detr) ANDNOT abs:survey',
            'cat:cs.CV AND (ti:"object detection" OR abs:detr) ANDNOT abs:survey',
        ),
        ("object detection", "object AND detection"),
        ("a OR b c NOT d", "a OR (b AND c ANDNOT d)"),
        ("a AND NOT b", "a ANDNOT b"),
        ("(a b) c", "a AND b AND c"),
        ("NOT NOT a", "a"),
        ("NOT (a OR b)", "NOT (a OR b)"),
        ("-survey detr", "NOT survey AND detr"),
        ('detr -"a survey" -(b c)', 'detr ANDNOT "a survey" ANDNOT (b AND c)'),
        ("few-shot", "few-shot"),
        ("TI:detr Cat:CS.cv", "ti:detr AND cat:cs.CV"),
        ("title:detr author:He", "ti:detr AND au:He"),
        ("ti:(detr OR yolo)", "ti:detr OR ti:yolo"),
        ("ti:(detr au:He)", "ti:detr AND au:He"),
        ("ti: detr", "ti:detr"),
        ("ti:AND", 'ti:"AND"'),
        ("transform*", "transform*"),
        ('"vision trans*"', '"vision trans"*'),
        ('ti:"vision trans"*', 'ti:"vision trans"*'),
        ("cat:cs.NA", "cat:math.NA"),
        ("cat:cs", "cat:cs.*"),
        ("cat:cs.*", "cat:cs.*"),
        ("cat:hep-th.*", "cat:hep-th"),
        ("cat:chao-dyn", "cat:nlin.CD"),
        ("id:arXiv:2007.10909v2", "id:2007.10909"),
        ("arXiv:2007.10909", "id:2007.10909"),
        ("id:math.GT/0309136", "id:math/0309136"),
        ("all:*", "all:*"),
        ("*", "all:*"),
        ("“object  detection”（메타러닝 OR x）", '"object detection" AND (메타러닝 OR x)'),
        ("au:del_maestro", "au:del_maestro"),
        ("rn:ANL-HEP-94", "rn:ANL-HEP-94"),
    ],
)
def test_how_a_query_is_understood(typed: str, read: str) -> None:
    assert understood(parse(typed)) == read


def test_the_tree() -> None:
    query = parse('cat:cs.CV (ti:detr OR au:"He, K") ANDNOT survey')
    assert isinstance(query, And)
    category, either, no_survey = query.parts
    assert category == InCategory("cs.CV")
    assert isinstance(either, Or)
    assert isinstance(either.parts[0], Words)
    assert isinstance(either.parts[1], ByAuthor)
    assert isinstance(no_survey, Not)


@pytest.mark.parametrize(
    ("typed", "error", "at", "what"),
    [
        ("", errors.QueryEmpty, 1, ""),
        ("  ", errors.QueryEmpty, 1, ""),
        ("a AND", errors.QueryTermMissing, 6, ""),
        ("AND a", errors.QueryTermMissing, 1, "AND"),
        ("a OR OR b", errors.QueryTermMissing, 6, "OR"),
        ("a NOT", errors.QueryTermMissing, 6, ""),
        ("()", errors.QueryTermMissing, 2, ")"),
        ("ti:", errors.QueryTermMissing, 4, ""),
        ("ti: NOT a", errors.QueryTermMissing, 5, "NOT"),
        ("ti:) a", errors.QueryTermMissing, 4, ")"),
        ("a (b OR (c)", errors.QueryParenthesisOpen, 3, "("),
        ("a)", QueryError, 2, ")"),
        ('a "b', errors.QueryQuoteOpen, 3, '"b'),
        ("a foo:bar", errors.QueryUnknownField, 3, "foo"),
        ("Attention: a survey", errors.QueryUnknownField, 1, "Attention"),
        ("cat:zzzz", errors.QueryUnknownCategory, 5, "zzzz"),
        ("id:12", errors.QueryBadId, 4, "12"),
        ("a trans*former", errors.QueryBadWildcard, 3, "trans*former"),
        ("co:*", errors.QueryBadWildcard, 4, "*"),
    ],
)
def test_where_a_query_goes_wrong(typed: str, error: type[QueryError], at: int, what: str) -> None:
    with pytest.raises(error) as caught:
        parse(typed)
    assert caught.value.params["at"] == at
    assert caught.value.params["typed"] == what
    shown, mark = str(caught.value.params["pointed"]).split("\n")
    assert len(mark) == at
    assert shown[at - 1 :].startswith(what)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tit:x", "ti"),
        ("abstrct:x", "abs"),
        ("cat:cs.LGG", "cs.LG"),
        ('cat:"Machine Learning"', "cs.LG, stat.ML"),
        ("id:0808.05394", "0808.5394"),
    ],
)
def test_the_nearest_is_offered(typed: str, meant: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.params["suggestion"] == meant


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("a" * (LONGEST + 1), errors.QueryTooLong),
        ("a " * (LONGEST // 2 - 1), errors.QueryTooManyTerms),
        ("hep-* OR " * 13 + "a", errors.QueryTooManyTerms),  # four each
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), errors.QueryTooDeep),
        ("NOT " * (DEEPEST + 1) + "a", errors.QueryTooDeep),
        ("(a (b OR " * 12 + "c" + "))" * 12, errors.QueryTooDeep),
        (" ".join(f"ti:{'x' * 17}" for _ in range(47)), errors.QueryTooLong),
    ],
)
def test_limits_are_told(typed: str, error: type[QueryError]) -> None:
    with pytest.raises(error) as caught:
        parse(typed)
    assert "limit" in caught.value.params
    for language in languages():
        assert len(texts(language)(caught.value.key, **caught.value.params)) < 1000


def test_the_limits_can_be_reached() -> None:
    assert parse("a" * LONGEST) != parse("a" * (LONGEST - 1))
    assert parse("a " * MOST_TERMS) == And((parse("a"),) * MOST_TERMS)
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST) == parse("a")


def test_a_place_far_on_is_shown_with_what_is_around_it() -> None:
    with pytest.raises(QueryError) as caught:
        parse("메타러닝 " * 20 + "AND ) " + "b" * 100)
    shown, mark = str(caught.value.params["pointed"]).split("\n")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(mark) > shown.index(")")  # syllables are two columns wide


@given(queries())
def test_written_out_and_parsed_again_it_is_the_same(query: Query) -> None:
    assert parse(understood(query)) == query


def test_what_is_saved_is_not_decoded_once_more() -> None:
    """Wide signs are no address's; written out they are narrow."""
    query = parse("가%ＡＡ")
    assert understood(query) == '"가%AA"'
    assert parse_saved('"가%AA"') == query


# What is read in one way where it is typed and might be read in another where it is written out.
_BITS = [
    "a", "가", "학", "LLMs", "GPs", "ß", "é", "ﬁ", "²", "\u0301", "\u200b", "He", "van", "K.",
    "%", "AA", "ＡＡ", "%20", "%AA", "％２０", "+", "&&", "|", "&", "!", "-", "–", "=", "~2", "^2",
    "#", "@x", "?", "*", "$", "/", "\\", ".", ":", ",", "，", "; ", "_", "`", "'", '"', "“", "”",
    "(", ")", "[", "]", "{", "}", "<", ">", " ", "\u3000", "and", "OR", "NOT", "제외", "cs.AI",
    "cs.*", "hep-*", "ti:", "abs=", "kw:", "all:", "au:", "cat:", "id:", "jr:", "제목:", '"ti:x"',
    "2007.10909", "https://arxiv.org/abs/2007.10909", "search_query=", "allintitle:",
    "site:arxiv.org", "&quot;", "&amp;", "C++", "1,000",
]  # fmt: skip


@given(st.lists(st.sampled_from(_BITS), max_size=9).map("".join) | st.text(max_size=30))
def test_saved_and_read_again_it_is_the_same(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    written = understood(query)
    assert parse_saved(written) == query
    assert understood(parse_saved(written)) == written


@given(st.text(st.sampled_from('aB (")*:-_.,$\\"AND OR NOTticat메\n'), max_size=60))
def test_any_text_is_a_query_or_a_mistake_with_a_place(typed: str) -> None:
    mistake = None
    try:
        query = parse(typed)
    except QueryError as error:
        mistake = error
    else:
        assert parse(understood(query)) == query
    if mistake:
        assert 1 <= int(str(mistake.params["at"])) <= len(typed) + 1
        for language in languages():
            assert len(texts(language)(mistake.key, **mistake.params)) < 1000


@given(queries())
def test_not_twice_is_not_at_all(query: Query) -> None:
    assert negated(negated(query)) == query


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("cs.LG", "cat:cs.LG"),
        ("cs.lg OR hep-th", "cat:cs.LG OR cat:hep-th"),
        ("cs.NA", "cat:math.NA"),
        ('"cs.LG"', '"cs.LG"'),
        ("ti:cs.LG", 'ti:"cs.LG"'),
        ("ti:(cs.LG)", 'ti:"cs.LG"'),
    ],
)
def test_a_category_by_itself_is_no_word(typed: str, written: str) -> None:
    assert understood(parse(typed)) == written
    assert understood(parse(written)) == written
