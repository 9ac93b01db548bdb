"""Words with a letter wrong."""

from __future__ import annotations

import pytest

from bot.text.near import is_near


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("resnt", "resnet"),
        ("attenton", "attention"),
        ("atention", "attention"),
        ("vaswnai", "vaswani"),
        ("vaswami", "vaswani"),
        ("transfromrs", "transformers"),
        ("attention", "attentions"),
    ],
)
def test_a_letter_wrong(typed: str, word: str) -> None:
    assert is_near(typed, word)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("bert", "best"),
        ("2017x", "2018x"),
        ("20171", "20172"),
        ("resnt", "resets"),
        ("vision", "fusion"),
        ("detection", "detector"),
        ("", ""),
    ],
)
def test_another_word(typed: str, word: str) -> None:
    assert not is_near(typed, word)
