"""Saved queries stay what they were meant to be when the language changes."""

from __future__ import annotations

import pytest

from bot.subscriptions.rewritten import rewritten


@pytest.mark.parametrize(
    ("saved", "now"),
    [
        ("search AND and AND rescue", "search AND rescue"),
        ("LLM AND or AND VLM", "LLM OR VLM"),
        ("LLM AND not AND survey", "LLM ANDNOT survey"),
        ('cat:cs.CV AND (ti:"object detection" OR abs:detr)',
         'cat:cs.CV AND (ti:"object detection" OR abs:detr)'),
        ("cat:cs.AI AND cat:cs.CL", "cat:cs.AI AND cat:cs.CL"),
        ('"search and rescue"', '"search and rescue"'),
        ('"가%AA"', '"가%AA"'),  # decoded when it was typed, if at all
        ("cs.NLP", "cs.NLP"),  # meant nothing, and cannot be read any more: told where it is listed
    ],
)  # fmt: skip
def test_a_saved_query(saved: str, now: str) -> None:
    assert rewritten(saved) == now
    assert rewritten(now) == now
