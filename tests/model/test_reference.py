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
    "https://www.alphaxiv.org/abs/{}",
    "https://huggingface.co/papers/{}",
    "10.48550/arXiv.{}",
    "doi:10.48550/arXiv.{}",
    "DOI: 10.48550/ARXIV.{}",
    "https://doi.org/10.48550/arXiv.{}",
    "http://dx.doi.org/10.48550/arxiv.{}",
    "doi.org/10.48550/arXiv.{}",
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
    parse_references(text)


def test_an_id_has_its_addresses() -> None:
    assert OLD.id.url == OLD.url == "https://arxiv.org/abs/hep-th/9901001"
    assert ArxivReference(SLICE_OUT.id, 2).url == "https://arxiv.org/abs/2007.10909v2"
    assert SLICE_OUT.id.pdf_url == "https://arxiv.org/pdf/2007.10909"
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
        ("https://openreview.net/forum?id=aBc&noteId=x", None),
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
        ("https://arxiv.org/list/cs.LG/recent", None),
        ("https://web.archive.org/web/2020/https://arxiv.org/abs/2007.10909", None),
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
    "**",
    "<",
]


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
