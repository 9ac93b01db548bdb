"""What a reader takes for one character stays one."""

from hypothesis import given
from hypothesis import strategies as st

from bot.text.graphemes import count, ends, shorten

FAMILY = "👨\u200d👩\u200d👧\u200d👦"


@given(st.text())
def test_ends_walk_the_whole_text(text: str) -> None:
    found = list(ends(text))
    assert found == sorted(set(found))
    assert (found[-1] if found else 0) == len(text)


def test_counting() -> None:
    assert count("") == 0
    assert count(FAMILY + "🇰🇷🇯🇵" + "e\u0301" + "\u1100\u1161\u11a8") == 5
    assert count("🇰🇷" * 100_000) == 100_000


@given(st.text(max_size=80), st.integers(0, 60))
def test_shortening_keeps_the_limit_and_the_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    if len(text) <= limit:
        assert short == text
    else:
        assert text.startswith(short.removesuffix("…"))
        assert short.removesuffix("…") in {text[:end].rstrip() for end in (0, *ends(text))} or (
            short.removesuffix("…")[-1:] not in {"\u200d", " "}
        )


def test_words_and_graphemes_stay_whole() -> None:
    assert shorten("Training Transformers and CNNs faster", 25) == "Training Transformers…"
    assert shorten("채널이나 feature map의 일부만을 잘라내서", 20) == "채널이나 feature map의…"
    assert shorten("a" * 30, 10) == "a" * 9 + "…"
    assert shorten(FAMILY * 3, 15) == FAMILY * 2 + "…"
    assert shorten(FAMILY, 4) == "…"
    assert shorten("abc", 2, "...") == "ab"
    assert shorten("abc", 0) == ""
