"""Plain text shows as it stands; members' Markdown ends where it ends; controls do no harm."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.markdown import escape, is_blank, masked_link, strip_controls, tame
from bot.text.scan import SpanKind, scan

signs = st.text(
    st.one_of(
        st.sampled_from(list("*_~|`<>[]()\\#-+. \n1ab가:@!/")), st.sampled_from("\u202e\u2066é")
    ),
    max_size=60,
)
pieces = st.lists(
    st.one_of(
        signs,
        st.sampled_from(["https://a.org/x_y_z", "```", "**", "<@1>", "[a](https://b.org)", ">>> "]),
    ),
    max_size=8,
).map("".join)


def _without_notes(text: str) -> str:
    """Discord knows no links of the form `[[note]]`: what is in them is text like all other."""
    return re.sub(r"\[(?=\[)", " ", text)


@given(pieces)
@example("[[<@1>]] [[*a*]]")
@example("2 * 3 * 4")
@example("snake_case_ and _x")
@example("`<@1>` \\<@1> [<@1>https://a.org/x_y_z[a](https://b.org)")
@example("[[a](https://b.org)https://a.org/x_y_z[a](https://b.org)")
def test_escaped_text_has_no_markdown_left_and_all_its_characters(text: str) -> None:
    escaped = escape(text)
    kinds = {span.kind for span in scan(_without_notes(escaped)).spans}
    assert kinds <= {SpanKind.ESCAPE, SpanKind.URL, SpanKind.ANGLE}
    assert not scan(escaped).unclosed
    position = 0
    for character in escaped:  # nothing but backslashes added
        if position < len(text) and character == text[position]:
            position += 1
        else:
            assert character == "\\"
    assert position == len(text)


@pytest.mark.parametrize(
    "plain",
    [
        "SliceOut: Training Transformers and CNNs faster while using less memory",
        "100% of 3$, A & B, C:\\path, <b>, 2 * 3, a|b, ~10, snake_case, k-NN, C++, #review",
        "https://a.org/some_long_name_/x*y",
        "그래서 -> 이렇게. (참고)",
    ],
)
def test_what_discord_does_not_interpret_stays_as_it_is(plain: str) -> None:
    assert escape(plain) == plain


def test_what_discord_interprets_is_escaped() -> None:
    assert escape("*a*") == r"\*a\*"
    assert escape("__init__") == r"\_\_init\_\_"
    assert escape("# title\n> x\n- y\n1. z") == "\\# title\n\\> x\n\\- y\n1\\. z"
    assert escape("||s|| ~~k~~ `c`") == r"\|\|s\|\| \~\~k\~\~ \`c\`"
    assert escape("<@123>") == r"\<@123>"
    assert escape("[a](https://b.org/x_y)") == r"\[a\](https://b.org/x_y)"
    assert escape("end\\") == "end\\\\"


@given(signs, st.sampled_from(["https://a.org/x", "https://a.org/a b>c"]))
@example("1[\\]", "https://a.org/x")
def test_a_masked_link_is_one_link(label: str, url: str) -> None:
    link = masked_link(label, url)
    (span,) = (s for s in scan(link).spans if s.kind in (SpanKind.LINK, SpanKind.ANGLE))
    assert span.target.startswith("https://a.org/")
    if span.kind is SpanKind.LINK:
        assert (span.start, span.end) == (0, len(link))
        label_shown = link[1 : link.rindex("](<")]
        assert not [s for s in scan(label_shown).spans if s.marker or s.target]


def test_masked_links() -> None:
    url = "https://arxiv.org/abs/2007.10909"
    assert masked_link("SliceOut: a (b) [c]", url) == f"[SliceOut: a (b) [c]](<{url}>)"
    assert masked_link("an interval [0, 1)", url) == f"[an interval ［0, 1)](<{url}>)"
    assert masked_link("A* and\nD* Lite", url) == f"[A* and D* Lite](<{url}>)"
    assert masked_link("a *b* __c__", url) == f"[a ∗b∗ ＿＿c＿＿](<{url}>)"
    assert masked_link("", url) == masked_link("\u200b", url) == masked_link(url, url) == f"<{url}>"
    assert masked_link("see https://b.org", url) == f"[see https:\u2060//b.org](<{url}>)"
    assert masked_link("🤗 Transformers", url) == f"🤗 Transformers (<{url}>)"


@given(pieces)
@example("``````")
@example("```\n\n```")
@example("*a **b* c**")
def test_tamed_text_ends_where_it_ends(text: str) -> None:
    tamed = tame(text)
    assert not scan(tamed).unclosed
    assert not any(line.startswith(">>> ") for line in tamed.split("\n")) or "```" in tamed
    assert tame(tamed) == tamed
    after = scan(tamed + "\n\n**after** `it`")
    assert [s.end - s.start for s in after.spans[-2:]] == [9, 4]
    words = re.compile(r"\w+")
    assert "".join(words.findall(tamed)) == "".join(words.findall(strip_controls(text)))


def test_taming_leaves_whole_markdown_alone() -> None:
    whole = (
        "**bold** *it* `code` ||s||\n\n> quote\n\n```py\nx = '*'\n```\n# head [a](<https://b.org>)"
    )
    assert tame(whole) == whole
    assert tame("```py\nx = '*'") == "```py\nx = '*'\n```"
    assert tame("it`s 5* of *six") == "it\\`s 5* of \\*six"
    assert tame(">>> a\nb") == "> a\n> b"
    assert tame("KL(p||q)") == r"KL(p\|\|q)"


@given(st.text())
def test_controls_are_gone_and_stay_gone(text: str) -> None:
    clean = strip_controls(text)
    assert strip_controls(clean) == clean
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", clean)
    clean.encode()


@given(st.text(st.sampled_from("a\n\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")))
def test_every_line_ends_in_its_own_direction(text: str) -> None:
    for line in strip_controls(text).split("\n"):
        isolates = sum(line.count(sign) for sign in "\u2066\u2067\u2068")
        assert isolates == line.count("\u2069")
    assert strip_controls(strip_controls(text)) == strip_controls(text)


def test_controls() -> None:
    assert strip_controls("a\r\nb\rc\u2028d\x00\x1b[31m\tx") == "a\nb\nc\nd[31m\tx"
    assert strip_controls("\ufeffa") == "a"
    assert strip_controls("a\u202eb\nc") == "a\u202eb\u202c\nc"
    assert strip_controls("\u2067\u202ba\u2069b\u2069") == "\u2067\u202ba\u2069b"
    family = "👨\u200d👩\u200d👧\u200d👦 \u200fשלום\u200e"
    assert strip_controls(family) == family


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b\u200d\ufeff", "\u3164\u115f", "\ufe0f", "\u2800\xad"]
)
def test_nothing_to_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "가", "\u200b.", "👩", "\u1100"])
def test_something_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)
