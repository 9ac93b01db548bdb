"""References: every rendering of an identifier means it, everything else is told apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.arxiv_id import OLD_ARCHIVES
from bot.model.reference import (
    ArxivId,
    ArxivReference,
    MalformedId,
    MalformedUrl,
    NotAPaper,
    OtherIdentifier,
    PageReference,
    TitleReference,
    parse_arxiv_id,
    parse_references,
)

SLICE_OUT = ArxivReference(ArxivId("2007.10909"))
OLD = ArxivReference(ArxivId("hep-th/9901001"))


@st.composite
def new_ids(draw: st.DrawFn) -> str:
    year, month = draw(st.integers(7, 99)), draw(st.integers(1, 12))
    if year == 7:
        month = max(month, 4)
    digits = 4 if (year, month) <= (14, 12) else 5
    return f"{year:02}{month:02}.{draw(st.integers(1, 10**digits - 1)):0{digits}}"


@st.composite
def old_ids(draw: st.DrawFn) -> str:
    months = [
        f"{year % 100:02}{month:02}"
        for year in range(1991, 2008)
        for month in range(1, 13)
        if (1991, 8) <= (year, month) <= (2007, 3)
    ]
    number = draw(st.integers(1, 999))
    return (
        f"{draw(st.sampled_from(sorted(OLD_ARCHIVES)))}/{draw(st.sampled_from(months))}{number:03}"
    )


ids = new_ids() | old_ids()
versions = st.none() | st.integers(1, 200)

RENDERINGS = [
    "{}",
    "arXiv:{}",
    "ARXIV: {}",
    "arxiv : {}",
    "https://arxiv.org/abs/{}",
    "http://arxiv.org/abs/{}",
    "HTTPS://ArXiv.org/abs/{}",
    "https://www.arxiv.org/abs/{}",
    "https://export.arxiv.org/abs/{}",
    "https://browse.arxiv.org/abs/{}",
    "https://cn.arxiv.org/abs/{}",
    "http://xxx.lanl.gov/abs/{}",
    "arxiv.org/abs/{}",
    "www.arxiv.org/pdf/{}",
    "https://arxiv.org/pdf/{}",
    "https://arxiv.org/pdf/{}.pdf",
    "https://arxiv.org/html/{}",
    "https://arxiv.org/html/{}#S1.p2",
    "https://arxiv.org/format/{}",
    "https://arxiv.org/ps/{}",
    "https://arxiv.org/abs/{}/",
    "https://arxiv.org/abs/{}?context=cs.LG",
    "https://arxiv.org/pdf/{}.pdf?download=1#page=3",
    "https://ar5iv.labs.arxiv.org/html/{}",
    "https://ar5iv.org/abs/{}",
    "https://alphaxiv.org/abs/{}",
    "https://alphaxiv.org/ko/overview/{}",
    "http:/arxiv.org/abs/{}",
    "//arxiv.org/abs/{}",
    "https://www.alphaxiv.org/abs/{}",
    "https://huggingface.co/papers/{}",
    "10.48550/arXiv.{}",
    "doi:10.48550/arXiv.{}",
    "DOI: 10.48550/ARXIV.{}",
    "https://doi.org/10.48550/arXiv.{}",
    "http://dx.doi.org/10.48550/arxiv.{}",
    "doi.org/10.48550/arXiv.{}",
    "abs/{}",
    "/abs/{}",
    "pdf/{}.pdf",
    "https://arxiv.org/{}",
    "https://arxiv.org/bibtex/{}",
    "https://arxiv.org/cits/{}",
    "https://arxiv.org/tb/{}",
    "https://arxiv.org/refs/{}",
    "https://arxiv.org/dvi/{}",
    "https://arxiv.org//abs/{}",
    "https://arxiv.org/abs//{}",
    "https://export.arxiv.org/api/query?id_list={}",
    "https://arxiv-org.proxy.example.edu/abs/{}",
    "https://web.archive.org/web/20200801000000/https://arxiv.org/abs/{}",
    "https://web.archive.org/web/2020*/arxiv.org/abs/{}",
    "https://papers.cool/arxiv/{}",
    "https://www.emergentmind.com/papers/{}",
    "https://www.arxiv-vanity.com/papers/{}/",
    "https://www.catalyzex.com/paper/arxiv:{}",
    "https://r.jina.ai/https://arxiv.org/abs/{}",
    "https://www.google.com/url?q=https://arxiv.org/abs/{}&sa=D",
    "https://urldefense.com/v3/__https://arxiv.org/abs/{}__;!!x",
    "https://api.semanticscholar.org/arXiv:{}",
    "https://ui.adsabs.harvard.edu/abs/arXiv:{}/abstract",
]

WRAPPINGS = [
    "{}",
    "{}.",
    "{},",
    "{};",
    "{}:",
    "{}!",
    "({})",
    "({}).",
    "[{}]",
    "<{}>",
    '"{}"',
    "“{}”",
    "「{}」",
    "*{}*",
    "**{}**",
    "`{}`",
    "{}를",
    "({})에서",
    "- {}",
]

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a"


def full_width(text: str) -> str:
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char
        for char in text
    )


@given(ids, versions, st.sampled_from(RENDERINGS), st.sampled_from(WRAPPINGS), st.booleans())
def test_every_rendering_means_the_paper(
    arxiv_id: str, version: int | None, rendering: str, wrapping: str, wide: bool
) -> None:
    versioned = arxiv_id if version is None else f"{arxiv_id}v{version}"
    text = wrapping.format(rendering.format(versioned))
    if wide:
        text = full_width(text)
    parsed = parse_references(text)
    assert parsed.references == (ArxivReference(ArxivId(arxiv_id), version),)
    assert parsed.bad == ()


@given(ids, st.sampled_from(RENDERINGS), st.data())
def test_invisible_characters_change_nothing(
    arxiv_id: str, rendering: str, data: st.DataObject
) -> None:
    text = rendering.format(arxiv_id)
    for char in data.draw(st.lists(st.sampled_from(INVISIBLE), max_size=4)):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + char + text[at:]
    assert parse_references(text).references == (ArxivReference(ArxivId(arxiv_id)),)


@given(
    st.lists(
        st.tuples(ids, st.sampled_from(RENDERINGS)), max_size=8, unique_by=lambda pair: pair[0]
    ),
    st.sampled_from([" ", ", ", ",", "\n", ";", "\u3001", "\uff0c", " and ", "\r\n\t"]),
)
def test_several_are_taken_in_order(pairs: list[tuple[str, str]], separator: str) -> None:
    text = separator.join(rendering.format(arxiv_id) for arxiv_id, rendering in pairs)
    expected = tuple(ArxivReference(ArxivId(arxiv_id)) for arxiv_id, _ in pairs)
    assert parse_references(text).references == expected


@given(ids, versions)
def test_parse_of_a_canonical_id_gives_it_back(arxiv_id: str, version: int | None) -> None:
    text = arxiv_id if version is None else f"{arxiv_id}v{version}"
    assert parse_arxiv_id(f" arXiv:{text} ") == (ArxivId(arxiv_id), version)


@given(st.text(max_size=300))
def test_any_text_is_answered_and_what_is_kept_is_canonical(text: str) -> None:
    assert_canonical(text)


def assert_canonical(text: str) -> None:
    parsed = parse_references(text)
    for reference in parsed.references:
        if isinstance(reference, ArxivReference):
            assert parse_arxiv_id(reference.id.value) == (reference.id, None)
        elif isinstance(reference, PageReference):
            assert parse_references(reference.url).references == (reference,)
        else:
            assert parsed.references == (reference,)
            assert reference.text == " ".join(reference.text.split())


@given(st.text(alphabet="ht ps:/.,;[]()<>arxivob10v?#&=@2007doi-_~*가，。", max_size=120))
def test_text_near_a_reference_is_answered_too(text: str) -> None:
    assert_canonical(text)


def test_an_id_has_its_addresses() -> None:
    assert OLD.id.url == OLD.url == "https://arxiv.org/abs/hep-th/9901001"
    assert ArxivReference(SLICE_OUT.id, 2).url == "https://arxiv.org/abs/2007.10909v2"
    assert SLICE_OUT.id.doi == "10.48550/arXiv.2007.10909"
    assert str(OLD.id) == "hep-th/9901001"


@pytest.mark.parametrize("text", ["math.GT/0309136", "math/0309136", "MATH.gt/0309136v2"])
def test_the_subject_class_is_dropped(text: str) -> None:
    assert parse_arxiv_id(text)[0] == ArxivId("math/0309136")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("2013.10909", None),
        ("2000.10909", None),
        ("0703.0001", None),
        ("2007.00000", None),
        ("0808.0000", None),
        ("2007.10909v0", "2007.10909"),
        ("hep-th/9901001v0", "hep-th/9901001"),
        ("0808.05394", "0808.5394"),
        ("0808.15394", None),
        ("1501.0001", "1501.00001"),
        ("1501.0001v2", "1501.00001v2"),
        ("2007.010909", "2007.10909"),
        ("1412.12345", None),
        ("hep-th/9913001", None),
        ("hep-th/9900001", None),
        ("hep-th/9901000", None),
        ("hep-th/0704001", None),
        ("hep-th/9107001", None),
        ("hep-th/990100", None),
    ],
)
def test_an_id_that_cannot_be(text: str, suggestion: str | None) -> None:
    with pytest.raises(MalformedId) as caught:
        parse_arxiv_id(text)
    assert (caught.value.text, caught.value.suggestion) == (text, suggestion)
    for typed in (text, f"arXiv:{text}", f"https://arxiv.org/abs/{text}", f"({text})."):
        parsed = parse_references(typed)
        assert parsed.references == ()
        (bad,) = parsed.bad
        assert isinstance(bad, MalformedId)
        assert (bad.text, bad.suggestion) == (text, suggestion)


@pytest.mark.parametrize("text", ["", "abc", "nowhere/9901001", "2007", "hep-th", "2007.10909x"])
def test_what_is_no_id_at_all(text: str) -> None:
    with pytest.raises(MalformedId) as caught:
        parse_arxiv_id(text)
    assert caught.value.suggestion is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://openreview.net/forum?id=aBc&noteId=x", "https://openreview.net/forum?id=aBc"),
        ("https://en.wikipedia.org/wiki/Foo_(bar)", None),
        ("(https://en.wikipedia.org/wiki/Foo_(bar)).", "https://en.wikipedia.org/wiki/Foo_(bar)"),
        ("HTTP://Example.ORG:80/A?utm_source=x&b=1#frag", "http://example.org/A?b=1"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/a,b", "https://example.org:8443/a,b"),
        ("www.example.org/x", "https://www.example.org/x"),
        ("github.com/o/r", "https://github.com/o/r"),
        ("10.1145/3292500.3330701", "https://doi.org/10.1145/3292500.3330701"),
        ("doi:10.1016/S0140-6736(20)30183-5.", "https://doi.org/10.1016/s0140-6736(20)30183-5"),
        ("https://dx.doi.org/10.1000/AB", "https://doi.org/10.1000/ab"),
        ("[a | b](<https://x.org/y>)", "https://x.org/y"),
        ("https://huggingface.co/google/vit", None),
        ("https://web.archive.org/web/2020/https://example.org/x", None),
        ("https://example.org/2007.10909", None),
        ("https://www.semanticscholar.org/paper/SliceOut/abc123", None),
        ("viXra:2007.0109", "https://vixra.org/abs/2007.0109"),
        ("viXra: 2007.10909v2", "https://vixra.org/abs/2007.10909v2"),
        ("https://x.org/a|b`c", "https://x.org/a%7Cb%60c"),
        ("https://한국.kr/논문", "https://xn--3e0b707e.kr/논문"),
    ],
)
def test_a_page(text: str, url: str | None) -> None:
    assert parse_references(text).references == (PageReference(url or text),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://example.org/x", "scheme"),
        ("javascript://example.org/%0aalert(1)", "scheme"),
        ("https://user:secret@example.org/", "credentials"),
        ("https://arxiv.org@evil.org/abs/2007.10909", "credentials"),
        ("http://example.org:99999/", "host"),
        ("http:///path", "host"),
        ("https://exa$mple.org/", "host"),
        ("https://example.org/" + "x" * 2000, "length"),
    ],
)
def test_a_url_that_is_refused(text: str, reason: str) -> None:
    parsed = parse_references(text)
    assert parsed.references == ()
    (bad,) = parsed.bad
    assert isinstance(bad, MalformedUrl)
    assert bad.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/ftp/arxiv/papers/2007/2007.10909.pdf",
        "https://arxiv.org/PS_cache/arxiv/pdf/2007/2007.10909.pdf",
        "https://safe.example.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2007.10909&data=02",
        "https://ui.adsabs.harvard.edu/abs/2020arXiv200710909N/abstract",
        "https://dblp.org/rec/journals/corr/abs-2007-10909.html",
        "DBLP:journals/corr/abs-2007-10909",
        "eprint = {2007.10909}",
        "논문:2007.10909",
    ],
)
def test_a_paper_by_other_ways(text: str) -> None:
    assert parse_references(text).references == (SLICE_OUT,)


@pytest.mark.parametrize(
    "text",
    [
        "hepth/9901001",
        "HEPTH/9901001",
        "arXiv:hepth/9901001",
        "hep-th 9901001",
        "hep-th:9901001",
        "https://arxiv.org/abs/hepth/9901001",
        "https://arxiv.org/abs/hep-th//9901001",
        "https://arxiv.org/ftp/hep-th/papers/9901/9901001.pdf",
        "https://arxiv.org/PS_cache/hep-th/pdf/9901/9901001.pdf",
    ],
)
def test_an_old_id_as_it_is_spoken_or_stored(text: str) -> None:
    assert parse_references(text).references == (OLD,)


@pytest.mark.parametrize(
    "text",
    [
        "2007.10909/hep-th/9901001",
        "2007.10909|hep-th/9901001",
        "2007.10909+hep-th/9901001",
        "2007.10909-hep-th/9901001",
        "2007.10909&hep-th/9901001",
        "https://arxiv.org/abs/2007.10909/hep-th/9901001",
        "https://arxiv.org/abs/2007.10909,hep-th/9901001",
        "https://export.arxiv.org/api/query?id_list=2007.10909,hep-th/9901001",
    ],
)
def test_two_ids_in_one_word(text: str) -> None:
    assert parse_references(text).references == (SLICE_OUT, OLD)


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/abs/",
        "https://arxiv.org/abs",
        "arxiv.org/abs/",
        "https://arxiv.org",
        "https://arxiv.org/list/cs.LG/recent",
        "https://arxiv.org/search/?query=attention&searchtype=all",
        "https://arxiv.org/a/lecun_y_1",
        "https://info.arxiv.org/help/index.html",
        "https://rss.arxiv.org/rss/cs.LG",
        "https://huggingface.co/papers",
        "https://huggingface.co/papers/trending",
        "https://huggingface.co/papers/date/2025-01-01",
        "https://papers.cool/arxiv/cs.CL",
        "https://www.alphaxiv.org/",
    ],
)
def test_a_list_is_no_paper(text: str) -> None:
    parsed = parse_references(text)
    assert parsed.references == ()
    (bad,) = parsed.bad
    assert isinstance(bad, NotAPaper)


@pytest.mark.parametrize("text", ["bioRxiv: 2007.10909", "PMID:2007.10909", "ISBN: 9780262035613"])
def test_a_number_of_another_collection_is_not_arxiv_s(text: str) -> None:
    parsed = parse_references(text)
    assert parsed.references == ()
    assert [type(bad) for bad in parsed.bad] == [OtherIdentifier]


@pytest.mark.parametrize(
    "text",
    ["200710909", "2007-10909", "2007,10909", "2007 10909", "arxiv 2007-10909",
     "arXiv id: 2007_10909", "arxiv 2007 10909", "논문 2007-10909"],
)  # fmt: skip
def test_digits_that_lack_their_dot_are_offered_with_it(text: str) -> None:
    (bad,) = parse_references(text).bad
    assert isinstance(bad, MalformedId)
    assert bad.suggestion == "2007.10909"


WILEY = "https://doi.org/10.1002/(sici)1096-8644(199601)99:1%3C1::aid-ajpa1%3E3.0.co;2-1"


@pytest.mark.parametrize(
    ("url", "ways"),
    [
        (
            WILEY,
            "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1 "
            "https://doi.org/10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1 "
            "doi:10.1002/%28SICI%291096-8644%28199601%2999%3A1%3C1%3A%3AAID-AJPA1%3E3.0.CO%3B2-1",
        ),
        (
            "https://doi.org/10.1577/1548-8659(1994)123%3C0001:abc%3E2.3.co;2-%23",
            "10.1577/1548-8659(1994)123<0001:ABC>2.3.CO;2-#",
        ),
        (
            "https://ko.wikipedia.org/wiki/인공지능",
            "https://ko.wikipedia.org/wiki/%EC%9D%B8%EA%B3%B5%EC%A7%80%EB%8A%A5",
        ),
        ("https://x.org/a-b%20c", "https://x.org/%61-%62%20c"),
        ("https://x.org/#/app/x", "https://x.org/?utm_source=a#/app/x"),
        ("https://x.org/#/app/y", "https://x.org#/app/y"),
        (
            "https://openreview.net/forum?id=aBc",
            "https://openreview.net/pdf?id=aBc http://www.openreview.net/forum?id=aBc&noteId=d",
        ),
        (
            "https://aclanthology.org/2020.acl-main.1/",
            "https://aclanthology.org/2020.acl-main.1.pdf "
            "https://www.aclweb.org/anthology/2020.acl-main.1/",
        ),
        (
            "https://proceedings.mlr.press/v139/radford21a.html",
            "http://proceedings.mlr.press/v139/radford21a/radford21a.pdf",
        ),
        (
            "https://proceedings.neurips.cc/paper/2020/hash/1457c0d6-Abstract.html",
            "https://papers.nips.cc/paper/2020/file/1457c0d6-Paper.pdf",
        ),
        ("https://github.com/o/r", "https://github.com/o/r.git github.com/o/r/"),
    ],
)
def test_one_page_by_each_of_its_addresses(url: str, ways: str) -> None:
    for way in (url, *ways.split()):
        assert parse_references(way).references == (PageReference(url),), way


def test_a_title_is_one_reference() -> None:
    text = " SliceOut:  Training Transformers and CNNs,\nwhile using AND/OR 1.5 less\u200b memory"
    title = "SliceOut: Training Transformers and CNNs, while using AND/OR 1.5 less memory"
    assert parse_references(text).references == (TitleReference(title),)
    assert parse_references("주의 집중，만 있으면 된다").references == (
        TitleReference("주의 집중，만 있으면 된다"),
    )


def test_words_beside_references_are_ignored_and_told() -> None:
    parsed = parse_references(
        "see [this one](https://arxiv.org/abs/2007.10909) (and hep-th/9901001)!"
    )
    assert parsed.references == (SLICE_OUT, OLD)
    assert parsed.ignored == ("see",)
    stamp = parse_references("arXiv:2007.10909v2 [cs.CV] 3 Aug 2020")
    assert stamp.references == (ArxivReference(ArxivId("2007.10909"), 2),)
    assert stamp.ignored == ("cs.CV", "3", "Aug", "2020")


def test_a_paper_named_twice_is_one_reference() -> None:
    text = "2007.10909 https://arxiv.org/pdf/2007.10909v3 [2007.10909](https://arxiv.org/abs/2007.10909)"
    assert parse_references(text).references == (SLICE_OUT,)
    glued = "https://arxiv.org/abs/2007.10909https://arxiv.org/abs/hep-th/9901001"
    assert parse_references(glued).references == (SLICE_OUT, OLD)


def test_good_and_bad_stand_side_by_side() -> None:
    parsed = parse_references("2007.10909 2013.10909 2013.10909 ftp://x.org/y")
    assert parsed.references == (SLICE_OUT,)
    assert [bad.text for bad in parsed.bad] == ["2013.10909", "ftp://x.org/y"]


def test_nothing_gives_nothing() -> None:
    for text in ("", "  \n\t", "\u200b\ufeff", "\u3000"):
        parsed = parse_references(text)
        assert (parsed.references, parsed.bad, parsed.ignored) == ((), (), ())


def test_neither_reference_nor_title() -> None:
    assert parse_references("!!! ???").ignored == ("!!! ???",)
    assert parse_references("word " * 200).references == ()
    assert parse_references("word " * 200).ignored
    assert [bad.text for bad in parse_references("20071.0909").bad] == ["20071.0909"]


PIECES = [
    "a",
    "1",
    "10.",
    "http://",
    "[",
    "](",
    "[](",
    "(",
    ")",
    "arXiv:",
    "2007.10909",
    "hep-th/",
    "x.",
    "https://a.b/,",
    "10.1234/",
    "doi:",
    "a-",
    "www.",
    ",",
    ";",
    "arxiv.org/",
    "가",
    "，",
    "\u200b",
    "https://x.y/)",
    "github.com/",
    "oai:arxiv.org:",
    "[a](b",
    "a:",
    "+a",
    "?utm_a&",
    "9901001",
    "v1",
    "/web/2/",
    "?q=",
    "viXra:",
    "hep-th ",
    "%ea%b0%80",
    "10.1000/<1>",
    "abs/",
    "**",
    "<",
]


@pytest.mark.slow
def test_a_long_paste_is_never_slow() -> None:
    """Sixty thousand characters of the worst that patterns can meet, alone and mixed."""
    chance = random.Random(7)
    pastes = [(piece * 60_000)[:60_000] for piece in PIECES]
    pastes += ["https://x.y/" + paste for paste in pastes]
    pastes += [(piece + " ") * (60_000 // len(piece + " ")) for piece in PIECES]
    pastes += ["".join(chance.choices(PIECES, k=10_000)) for _ in range(5)]
    # No clock here: one quadratic step makes this test take minutes instead of seconds.
    for paste in pastes:
        assert len(parse_references(paste).references) <= 60_000
