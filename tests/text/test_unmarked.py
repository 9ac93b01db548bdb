"""Markdown as the words that it shows."""

from __future__ import annotations

import pytest

from bot.text.unmarked import unmarked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**bold** and *it* `code` ~~x~~ ||spoiler||", "bold and it code x spoiler"),
        ("### Head\n> quote **메타러닝**을\n- item", "Head\nquote 메타러닝을\n- item"),
        ("[label](<https://a.b/c_d_e>), <https://x.y/__a__b>", "label, https://x.y/__a__b"),
        ("a * b * c 2*3*4 snake_case_name _it_", "a * b * c 2*3*4 snake_case_name it"),
        ("```python\nx = 1\n```\nrest", "x = 1\nrest"),
        (r"[[note|Shown]] \*lit\* ***both***", "Shown *lit* both"),
        ("**open", "**open"),
    ],
)
def test_signs_go_and_words_stay(text: str, words: str) -> None:
    assert unmarked(text) == words


@pytest.mark.parametrize("text", ["*" * 4000, "[a](" * 1000, "**a " * 1000, "`_a" * 1300])
def test_nothing_is_lost_of_what_is_no_markdown(text: str) -> None:
    assert unmarked(text).count("a") == text.count("a")
