"""Splitting loses nothing, keeps the limit, and tears nothing that fits."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.graphemes import ends
from bot.text.scan import scan
from bot.text.split import Piece, cut, join, length, split

ATOMS = [
    "https://arxiv.org/abs/2007.10909",
    "[SliceOut](<https://arxiv.org/abs/2007.10909>)",
    "[a *label*](https://example.org/a_(b))",
    "<https://example.org/x?y=1>",
    "<@123>",
    "<@&9>",
    "<#77>",
    "<:party:1>",
    "<t:1700000000:R>",
    "`a code span`",
    "``a ` b``",
    "**bold words here**",
    "*em words*",
    "__under lined__",
    "||a spoiler||",
    "~~gone words~~",
    r"\*",
]
BLOCKS = [
    "```python\nx = 1\n\ny = 2\n```",
    "```\nplain\n```",
    "> a quote of some words\n> and more",
    "# Heading",
    "## 제목",
    "- item one\n- item two",
    "1. first",
]
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
KOREAN = ["채널이나", "map의", "일부만을", "좋다."]
WORDS = [*KOREAN, "feature", "e.g.", "End.", "これは文です。", FAMILY, "é"]

fragments = st.sampled_from([*ATOMS, *WORDS])
lines = st.lists(fragments, min_size=1, max_size=12).map(" ".join)
documents = st.lists(st.one_of(lines, st.sampled_from(BLOCKS)), min_size=1, max_size=8).flatmap(
    lambda parts: st.sampled_from(["\n", "\n\n"]).map(lambda gap: gap.join(parts))
)
noise = st.text(
    st.one_of(
        st.sampled_from(list("*_~|`<>[]()\\# \n.!?:/@h0。가あ\u0301\u200d👩")),
        st.characters(),
    ),
    max_size=300,
)


def check(text: str, limit: int, first_limit: int | None = None) -> list[Piece]:
    pieces = cut(text, limit, first_limit=first_limit)
    assert split(text, limit, first_limit=first_limit) == [piece.text for piece in pieces]
    assert join(pieces) == text or not text.strip()
    for index, piece in enumerate(pieces):
        room = limit if index or first_limit is None else min(limit, first_limit)
        assert length(piece.text) <= room
        assert not piece.before.strip()
        assert not piece.after.strip()
        if index or first_limit is None:
            assert piece.text.strip()
            assert piece.body
        assert re.fullmatch(r"(>>> |> )?([*_~|`]*|(> )?```[^\s`]*\n(> )?)+", piece.opening)
        assert re.fullmatch(r"([*_~|`]|\n(> )?```)*", piece.closing)
    return pieces


@given(noise, st.integers(1, 60))
@example("x" * 100 + "🇰🇷" * 50, 7)
@example("```py\n" + "a\n" * 40 + "```", 20)
@example("> ```py\n> " + "a b\n> " * 40 + "```", 40)
@example("**" + "a *b* " * 40 + "**", 13)
@example("`" + " " * 90 + "`", 10)
def test_joining_gives_the_text_back(text: str, limit: int) -> None:
    check(text, limit)


@given(documents, st.integers(1, 200))
def test_joining_gives_real_markdown_back(text: str, limit: int) -> None:
    check(text, limit)


@given(st.one_of(documents, noise), st.integers(20, 200), st.integers(0, 200))
def test_the_first_message_may_have_less_room(text: str, limit: int, first: int) -> None:
    check(text, limit, first)


def bounds(pieces: list[Piece]) -> list[int]:
    """The offsets of the text at which pieces begin, but for the first."""
    found, position = [], 0
    for piece in pieces:
        found.append(position + len(piece.before))
        position += len(piece.before) + len(piece.body) + len(piece.after)
    return found[1:]


@given(documents, st.integers(100, 300))
def test_what_fits_a_message_is_never_torn(text: str, limit: int) -> None:
    pieces = check(text, limit)
    cuts = bounds(pieces)
    for span in scan(text.strip()).spans:
        if span.end - span.start <= limit - 30:
            shift = len(text) - len(text.lstrip())
            inside = [at for at in cuts if span.start + shift < at < span.end + shift]
            assert not inside, text[span.start : span.end]


@given(documents, st.integers(100, 300))
def test_a_heading_never_stands_alone_at_the_end(text: str, limit: int) -> None:
    for piece in check(text, limit)[:-1]:
        assert not piece.text.rsplit("\n", 1)[-1].startswith(("# ", "## "))


@given(documents, st.integers(40, 300))
def test_every_piece_has_its_formatting_closed(text: str, limit: int) -> None:
    if scan(text).unclosed:
        return
    for piece in split(text, limit):
        assert not [s for s in scan(piece).unclosed if s[1] in {"**", "||", "~~", "`", "```"}]


CLUSTERS = st.sampled_from([FAMILY, "🇰🇷", "각", "é", "क्षि", "a"])


@given(st.lists(CLUSTERS, max_size=80), st.integers(12, 40))
def test_graphemes_stay_whole(clusters: list[str], limit: int) -> None:
    text = "".join(clusters)
    boundaries = {0, *ends(text)}
    assert set(bounds(cut(text, limit))) <= boundaries


def test_a_blank_text_has_no_pieces() -> None:
    assert split("") == []
    assert split(" \n\t\n") == []


def test_what_fits_is_one_piece_as_discord_would_keep_it() -> None:
    assert split("  a take\n") == ["a take"]
    assert split("가" * 2000) == ["가" * 2000]
    assert split("👩" * 2000) == ["👩" * 2000]  # 4,000 UTF-16 units, 2,000 for Discord


def test_paragraphs_stay_whole_before_sentences_do() -> None:
    one, two = "A first one. And more.", "A second one. And much more."
    assert split(f"{one}\n\n{two}", 45) == [one, two]


def test_sentences_stay_whole_before_words_do() -> None:
    text = "첫 문장은 이렇게 끝난다. 둘째 문장도 이렇게 끝난다. 셋째 문장이 마지막이다."
    assert split(text, 32) == [
        "첫 문장은 이렇게 끝난다. 둘째 문장도 이렇게 끝난다.",
        "셋째 문장이 마지막이다.",
    ]
    assert split("これは文です。次の文です。終わり。", 14) == [
        "これは文です。次の文です。",
        "終わり。",
    ]
    assert split("هذه جملة؟ وهذه أخرى. نعم", 22) == ["هذه جملة؟ وهذه أخرى.", "نعم"]


def test_a_long_fence_is_reopened_with_its_language() -> None:
    text = "```python\n" + "x = 1\n" * 12 + "```"
    pieces = split(text, 50)
    assert len(pieces) > 1
    assert all(p.startswith("```python\nx") and p.endswith("1\n```") for p in pieces)


def test_a_long_quote_goes_on_as_a_quote() -> None:
    pieces = split("> " + "words of a quote " * 10, 40)
    assert all(piece.startswith("> ") for piece in pieces)
    pieces = split(">>> " + "words of a quote\n\n" * 10, 40)
    assert all(piece.startswith(">>> ") for piece in pieces)


def test_long_emphasis_is_closed_and_reopened() -> None:
    pieces = split("**" + "very *bold* words " * 10 + "end**", 40)
    assert all(p.startswith("**") and p.endswith("**") and len(p) > 4 for p in pieces)


def test_a_sign_in_running_text_does_not_become_a_block() -> None:
    for sign in ("> b c", "- b c", "# b c", "1. b c"):
        for piece in split(f"aaaa bbbb cccc {sign} dddd eeee", 16)[1:]:
            assert not piece.startswith(sign[:2])


def test_a_heading_moves_on_with_its_text() -> None:
    pieces = split("words " * 14 + "\n\n# Heading\n\nThe text below.", 100)
    assert pieces[-1] == "# Heading\n\nThe text below."


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/" + "a" * 60_000,
        "a" + "\u0301" * 3000,
        "[" + "label " * 1000 + "](https://example.org)",
        "`" + "x" * 5000 + "`",
        "🇰🇷" * 3000,
    ],
)
def test_what_fits_no_message_is_cut_all_the_same(text: str) -> None:
    pieces = check(text, 2000)
    assert len(pieces) <= len(text) // 1900 + 2


UNITS = [
    *("word ", "가나다. ", "*", "**a", "[", "](", "`", "``` ", "<", "https://)", "_a ", "||"),
    *("> a\n", "# a\n", "\n", ". ", "!", "。", "🇰🇷", "\u0301", "$a. ", "\\", "((", "[[a"),
    *("```\n\n", "> ", "*a _b ", "**a __b ~~c ||d *e _f ", "[x](https://a", "`a``b", "1. A\n\n"),
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_hundreds_of_thousands_of_characters_are_cut(unit: str) -> None:
    # Anything quadratic would not come back within the run's patience.
    check(unit * (200_000 // len(unit)), 2000)
