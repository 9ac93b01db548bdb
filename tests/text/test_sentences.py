"""Sentences end where readers say they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import boundaries, sentences

noise = st.text(
    st.one_of(st.sampled_from(list('.!?…。！？؟ \n"”)$aA1가のと다\\')), st.characters())
)


@given(noise)
def test_joined_they_are_the_text_but_for_whitespace(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() != "" for sentence in sentences(text))


@given(noise)
def test_boundaries_ascend_and_leave_out_whitespace_alone(text: str) -> None:
    position = 0
    for end, start in boundaries(text):
        assert position < end <= start < len(text)
        assert not text[end:start].strip()
        position = start


@pytest.mark.parametrize(
    "sentence",
    [
        "He et al. (2016) proposed it, as did Ren et al. [12] before.",
        "We follow Smith et al. in this.",
        "Methods, i.e. SGD, e.g. Adam, cf. Eq. (4), Fig. 3, Figs. 4 and Sec. 2, help.",
        "It is better (82.5 vs. 81.0) at p < 0.05 and 1.5x faster.",
        "J. Smith, K. M. Jones and J.-P. Serre agree.",
        "A set of i.i.d. samples w.r.t. the prior, etc. is drawn.",
        "We solve $x. Y = 3. Z$ exactly.",
        "The end... but not quite.",
        "See No. 5, vol. 3, pp. 10 of Proc.",
        "At https://arxiv.org/abs/2001.10913 it stands.",
        "음... 그렇다.",
        "「そう。」と言った。",
        "1. First item",
        "Version v1.0.2 costs $5 or 3.14.",
    ],
)
def test_one_sentence_is_one(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "parts",
    [
        ["We build on He et al.", "We propose more."],
        ["It works for images, text, etc.", "However, it is slow."],
        ["Costs $5.", "But $6 is too much."],
        ["It works!", "Does it?", "Yes."],
        ['He said "no."', "Then (yes.)", "End."],
        ["Yes...", "And no."],
        ["It gains 3.5.", "In 2019.", "We did."],
        ["This is class A.", "We show it."],
        [
            "결과는 상당히 흥미로운 듯.",
            "312 MAdds & 7.7 M 파라미터로 78.3%.",
            "pytorch 같은 경우는?",
            "모르겠다!",
        ],
        ["هل هذا صحيح؟", "نعم.", "هذا جيد."],
        ["यह वाक्य है।", "दूसरा वाक्य।"],
        ["Кто это?", "Это я.", "Да."],
    ],
)
def test_sentences_with_blanks_between(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts
    assert sentences("\n".join(parts)) == parts
    assert sentences("\n\n".join(parts)) == parts


def test_sentences_without_blanks_between() -> None:
    assert sentences("これは文です。次！？「引用。」終わり") == [
        "これは文です。",
        "次！？",
        "「引用。」",
        "終わり",
    ]
    assert sentences("这是一句。这是另一句？好") == ["这是一句。", "这是另一句？", "好"]
    assert sentences("좋다.그래서 뭐?") == ["좋다.", "그래서 뭐?"]


def test_a_blank_line_ends_a_sentence() -> None:
    assert sentences("a title\n\nthe text") == ["a title", "the text"]
    assert sentences("a line\nof text") == ["a line\nof text"]


@pytest.mark.slow
def test_long_runs_are_read() -> None:
    for unit in (".", ".)", ". ", "。", "a\n", "$a. ", "A. ", "...x", ".\n\n"):
        assert sentences(unit * 50_000)
