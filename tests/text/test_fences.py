"""Fences as Discord is given them: what a member sees is what Markdown means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import fences
from bot.text.fences import APART, closed_fence, plain_fences
from bot.text.markdown import tame
from bot.text.scan import SpanKind, scan

TICKS = f"`{APART}`{APART}`"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("````\n```\na_b\n```\n````\nend", f"```\n{TICKS}\na_b\n{TICKS}\n```\nend"),
        ("````md\n```js\na\n```\n````", f"```md\n{TICKS}js\na\n{TICKS}\n```"),
        ("```\n```py\nx_1*2*\n```\n```\nend", f"```\n{TICKS}py\nx_1*2*\n{TICKS}\n```\nend"),
        ("```py\nx = '```'\ny\n```\nend", f"```py\nx = '{TICKS}'\ny\n```\nend"),
        ("~~~py\na_b\n```\n~~~\nend *x*", f"```py\na_b\n{TICKS}\n```\nend *x*"),
        ("~~~~\n~~~\nx\n~~~\n~~~~", "```\n~~~\nx\n~~~\n```"),
        ("````\nopen a_b", "```\nopen a_b\n```"),
        ("````\nclosed by fewer\n```\nend", "```\nclosed by fewer\n```\nend"),
        ("> ```\n> open\nafter *x*", "> ```\n> open\n> ```\nafter *x*"),
        (
            "> ````\n> ```\n> a\n> ```\n> ````\nafter",
            f"> ```\n> {TICKS}\n> a\n> {TICKS}\n> ```\nafter",
        ),
        ("a ```` b ``` c ```` d", f"a ```b {TICKS} c``` d"),
    ],
)
def test_what_discord_would_end_early(written: str, shown: str) -> None:
    assert plain_fences(written) == shown
    assert tame(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "```py\nx\n```",
        "```code one\nline two```\ntext\n```\nmore\n```",
        "```\ncode```\ntext *x*\n```\nmore\n```",
        "```js\na\n```\ntext\n```py\nb\n```",
        "```x``` y ```z```",
        "~~struck~~ ~~~ three ~~~",
        "> quote\n```\ncode\n```\n> again",
        "1. a\n   ```\n   b\n   ```\n2. c",
        "||```\nx\n```||",
        "```py\na\n``` trailing",
    ],
)
def test_what_people_write_in_chat_stays(written: str) -> None:
    assert plain_fences(written) == written
    assert tame(written) == written


def test_an_open_one_ends_with_the_text() -> None:
    assert tame("```py\nx = '*'") == "```py\nx = '*'\n```"


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("```py\nopen", "```py\nopen\n```"),
        ("````\na\n```", "````\na\n```\n````"),
        ("~~~\na", "~~~\na\n~~~"),
        ("```\na\n```", "```\na\n```"),
        ("```x``` is code in a line", "```x``` is code in a line"),
        ("> ```\n> a quote ends by itself\n", "> ```\n> a quote ends by itself\n"),
    ],
)
def test_in_a_file_nothing_that_follows_is_taken_into_it(text: str, closed: str) -> None:
    assert closed_fence(text) == closed
    assert closed_fence(closed) == closed


@given(
    st.lists(
        st.sampled_from(
            ["```", "````", "~~~", "```py", "> ```", "> ", "a_b *c*", "x```", "", "  ```", ">>> "]
        ),
        max_size=12,
    ).map("\n".join)
)
def test_no_letter_is_lost_and_nothing_stays_open(text: str) -> None:
    shown = tame(text)
    assert [c for c in shown if c.isalpha()] == [c for c in text if c.isalpha()]
    assert not [mark for _, mark in scan(shown).unclosed if mark == "```"]


@given(st.text(alphabet="ab`~ \n>", max_size=60))
def test_what_follows_a_fence_is_outside_of_it(text: str) -> None:
    """However the fence is written, the text after it is read as text."""
    shown = tame(f"````\n{text.replace('````', '')}\n````\n**end**")
    last = [span for span in scan(shown).spans if span.kind is SpanKind.FENCE]
    assert shown.endswith("**end**")
    assert not any(span.end > len(shown) - len("**end**") for span in last)


@pytest.mark.parametrize(
    "line", ["``` ", "~~~", "```py", "```py\n```py\n```", "~~~~ x\n~~~", "> ```py", "````"]
)
def test_each_line_is_looked_at_once(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of fences that nobody closes took a time that grew with its square."""
    text = "\n".join([line] * 500)
    looked = 0
    opener = fences._opener

    def counted(one: str) -> fences._Opener | None:
        nonlocal looked
        looked += 1
        return opener(one)

    monkeypatch.setattr(fences, "_opener", counted)
    plain_fences(text)
    assert looked == text.count("\n") + 1
