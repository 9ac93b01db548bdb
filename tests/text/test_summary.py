"""A summary is the abstract's own sentences, those that say what is new and what was shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import sentences
from bot.text.summary import summary
from bot.text.summary.leaning import leans, stand_alone

SLICEOUT = """We demonstrate 10-40% speedups and memory reduction with Wide ResNets, EfficientNets,
and Transformer models, with minimal to no loss in accuracy, using SliceOut---a new dropout scheme
designed to take advantage of GPU memory layout. By dropping contiguous sets of units at random, our
method preserves the regularization properties of dropout while allowing for more efficient
low-level implementation, resulting in training speedups through (1) fast memory access and matrix
multiplication of smaller tensors, and (2) memory savings by avoiding allocating memory to zero
units in weight gradients and activations."""
DETR = """We present a new method that views object detection as a direct set prediction problem.
Our approach streamlines the detection pipeline, effectively removing the need for many
hand-designed components. The main ingredients of the new framework, called DEtection TRansformer or
DETR, are a set-based global loss that forces unique predictions via bipartite matching, and a
transformer encoder-decoder architecture. Given a fixed small set of learned object queries, DETR
reasons about the relations of the objects and the global image context. The new model is
conceptually simple and does not require a specialized library, unlike many other modern detectors.
DETR demonstrates accuracy and run-time performance on par with the well-established and
highly-optimized Faster RCNN baseline on the challenging COCO object detection dataset. Moreover,
DETR can be easily generalized to produce panoptic segmentation in a unified manner. We show that it
significantly outperforms competitive baselines. Training code and pretrained models are available
at https://github.com/facebookresearch/detr."""
words = st.sampled_from(
    ["We propose it", "However", "results show 3.5%", "e.g. that", "한국어", "$x$"]
)
abstracts = st.lists(st.lists(words, min_size=1, max_size=30).map(" ".join), max_size=12).map(
    lambda parts: "".join(f"The {part}.\n" for part in parts)
)


@given(abstracts, st.text(max_size=40), st.integers(0, 5), st.integers(0, 700))
def test_own_words_in_order_within_limits(abstract: str, title: str, limit: int, most: int) -> None:
    """Words are left out of the abstract; none is added, and none moved."""
    chosen = summary(abstract, title, limit, most)
    assert len(chosen) <= limit
    assert len(" ".join(chosen)) <= most
    if len(chosen) != 1 or not chosen[0].endswith("…"):
        rest = iter(abstract.lower().split())
        assert all(word in rest for word in " ".join(chosen).lower().split())
    if sentences(abstract) and limit and most > 200:
        assert chosen


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("However, we show that trees grow.", "We show that trees grow."),
        ("Specifically, the model learns to wait.", "The model learns to wait."),
        ("Second, our method needs no labels at all.", "Our method needs no labels at all."),
        ("And so, our method needs no labels.", "Our method needs no labels."),
        ("To address this issue, we propose a method.", "We propose a method."),
        ("In order to overcome these limits, this paper gives a proof.",
         "This paper gives a proof."),
        ("Motivated by this, we thus study graphs again.", "We study graphs again."),
        ("Based on these findings, our model waits longer.", "Our model waits longer."),
        ("In response, we build a model of trees.", "We build a model of trees."),
        ("To achieve this, trees are grown at night.", "Trees are grown at night."),
        ("We then prove a bound.", "We prove a bound."),
        ("We can also prove a bound.", "We can prove a bound."),
        ("Here, we introduce iMAP, a map.", "Here, we introduce iMAP, a map."),
        ("Moreover, mBERT knows more languages.", "mBERT knows more languages."),
        ("To train large models, we need data.", "To train large models, we need data."),
        ("In this paper, we propose a method.", "In this paper, we propose a method."),
        ("So far, nobody has tried to do it.", "So far, nobody has tried to do it."),
        ("Yet another model is proposed here.", "Yet another model is proposed here."),
        ("First principles tell the spectrum.", "First principles tell the spectrum."),
    ],
)  # fmt: skip
def test_what_joins_a_sentence_to_the_one_before_is_cut(sentence: str, shown: str) -> None:
    assert stand_alone(sentence) == shown
    assert not leans(shown)


@pytest.mark.parametrize(
    "sentence",
    [
        "It fails on images.",
        "This makes the model slow.",
        "These results hold for trees.",
        "In these cases the bound is tight.",
        "Such models are slow.",
        "We address this problem by a method.",
        "Both of them fail.",
        "The latter is slow.",
        "Their weights are shared.",
        "To address this issue, a new method is proposed.",
    ],
)
def test_what_still_points_back_leans(sentence: str) -> None:
    assert leans(sentence)
    assert stand_alone(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "It is well known that trees have no circles.",
        "This paper is about trees.",
        "Both trees and graphs are sampled.",
        "Methods such as these are slow.",
        "Those who read know more.",
        "The first proof of the theorem of Gauss is given.",
    ],
)
def test_what_stands_by_itself_does_not_lean(sentence: str) -> None:
    assert not leans(sentence)


LEANING = (
    "Trees are widely used in many fields of research and industry. "
    "It is the most important of all data structures that have ever been proposed by anybody. "
    "We propose a new method for trees, called Oak, that grows trees in linear time. "
    "It outperforms the best earlier method by 3.5% on three datasets. "
    "These numbers have been measured with care on a large machine with many cores."
)


def test_a_sentence_that_leans_comes_after_the_one_it_leans_on() -> None:
    assert summary(LEANING, "Oak: trees in linear time", 1)[0].startswith("We propose")
    chosen = summary(LEANING, "Oak: trees in linear time", 2)
    assert chosen[0].startswith("We propose")
    assert chosen[1] == "It outperforms the best earlier method by 3.5% on three datasets."


def test_sentences_that_are_glued_are_parted() -> None:
    glued = "We propose Oak, a method that grows trees, in v4.Source code is on the web page now."
    assert summary(glued, "Oak", 1) == ["We propose Oak, a method that grows trees, in v4."]


def test_a_sentence_of_a_few_empty_words_is_none() -> None:
    told = summary(f"Results. {LEANING} See below.", "Oak", 3)
    assert "Results." not in told
    assert "See below." not in told
    assert summary("Withdrawn.") == ["Withdrawn."]


@pytest.mark.parametrize("abstract", ["", " ", "$x$", "x" * 10_000, "A b c d. " * 1_200, "。" * 50])
def test_any_abstract_is_read(abstract: str) -> None:
    assert len(" ".join(summary(abstract, "Title", 2, 300))) <= 300


def test_a_short_abstract_is_whole() -> None:
    assert summary("One. Two!\nThree?") == ["One.", "Two!", "Three?"]
    assert summary("") == []
    assert len(summary(SLICEOUT, max_chars=1000)) == 2


def test_what_is_new_and_what_was_shown() -> None:
    chosen = summary(DETR, "End-to-End Object Detection with Transformers")
    assert chosen[0].startswith("We present a new method")
    assert "We show that it significantly outperforms competitive baselines." in chosen
    assert not any("github" in sentence for sentence in chosen)


def test_background_is_left_out() -> None:
    abstract = (
        "Recently, transformers have been widely used in many areas of research and of industry. "
        "However, their cost remains a challenging problem for everybody who trains them. "
        "In this paper, we propose SlimFormer, a model whose cost grows linearly with its input. "
        "It was trained on a number of public datasets with eight accelerators for a week or so. "
        "Experiments show that SlimFormer improves over the baseline by 3.2 points on GLUE. "
        "Our code is available at https://example.org/slim."
    )
    first, second = summary(abstract, limit=2)
    assert first.startswith("In this paper, we propose SlimFormer")
    assert second.startswith("Experiments show")


def test_one_endless_sentence_is_shortened() -> None:
    (only,) = summary("We propose " + "a very long thing " * 100 + ".", max_chars=100)
    assert len(only) <= 100
    assert only.endswith("…")
