"""A summary is the abstract's own sentences, those that say what is new and what was shown."""

from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import sentences
from bot.text.summary import summary

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
def test_own_sentences_in_order_within_limits(
    abstract: str, title: str, limit: int, most: int
) -> None:
    own = sentences(" ".join(abstract.split()))
    chosen = summary(abstract, title, limit, most)
    assert len(chosen) <= limit
    assert len(" ".join(chosen)) <= most
    if len(chosen) != 1 or not chosen[0].endswith("…"):
        rest = iter(own)
        assert all(sentence in rest for sentence in chosen)
    if own and limit and most > 200:
        assert chosen


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
