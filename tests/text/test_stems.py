"""Two numbers of a word are one, and two words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.bigrams import pieces, query, stems
from bot.text.find import find, holds
from bot.text.stems import forms, kin, stem, uncased

ALIKE = """
model models · transformer transformers · policy policies · study studies · city cities
movie movies · tie ties · lie lies · box boxes · class classes · process processes · bias biases
gas gases · lens lenses · virus viruses · bus buses · status statuses · corpus corpora corpuses
focus foci focuses · case cases · phase phases · database databases · response responses
size sizes · match matches · patch patches · cache caches · niche niches · hash hashes
quiz quizzes · hero heroes · shoe shoes · MoE MoEs · echo echoes · matrix matrices matrixes
vertex vertices vertexes · index indices indexes · simplex simplices · axis axes
analysis analyses · hypothesis hypotheses · basis basis · thesis theses · crisis crises
criterion criteria · phenomenon phenomena · spectrum spectra spectrums · equilibrium equilibria
maximum maxima · automaton automata · stimulus stimuli · nucleus nuclei · radius radii
formula formulae formulas · supernova supernovae · child children · woman women · mouse mice
foot feet · wave waves · curve curves · leaf leaves · half halves · life lives · LLM LLMs llms
GNN GNNs · GPU GPUs gpus · CPU cpus · PDE PDEs pdes · VAE VAEs · GP GPs · NN NNs · RIS RISs
API APIs · IoT IoTs · ViT ViTs · NeRF NeRFs · LoRA LoRAs · 3DGS 3DGSs · VLA vlas · UAV UAVs
ID IDs · topic topics · metric metrics · heuristic heuristics · characteristic characteristics
geodesic geodesics · day days · key keys · play plays · halo halos haloes · tsunami tsunamis
wiki wikis · emoji emojis · Moore Moore's · Alzheimer Alzheimer’s · physics physics · news news
"""
APART = """
transformer transform transformation · universe university · organ organization · news new
general generative · policy police · means mean · semantics semantic · dynamics dynamic
genetics genetic · statistics static · physics physical · mars mar · aids aid · goods good
odds odd · its it · has ha · was wa · GPS GP · AIS AI · IDS ID · AdS ad · plan plane · cod code
rat rate · learn learning learned learner · generate generating · embed embedding
process processing · class classification · bus us · species specie · series serie · lens len
data date · media medium · corps corp · gauss gaus · less les · this thi · does doe
bayes bayesian · train training · reason reasoning · agent agentic agency · robot robotics
optic optics · logic logical
"""


def groups(table: str) -> list[list[str]]:
    return [group.split() for line in table.strip().splitlines() for group in line.split("·")]


@pytest.mark.parametrize("words", groups(ALIKE), ids="-".join)
def test_numbers_of_a_word_are_one(words: list[str]) -> None:
    assert len({tuple(stems(word)) for word in words}) == 1


@pytest.mark.parametrize("words", groups(APART), ids="-".join)
def test_two_words_are_two(words: list[str]) -> None:
    assert len({tuple(stems(word)) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Denoising Diffusion Models", '"diffusion model"'),
        ("a Transformer", "transformers"),
        ("LLMs as judges", "LLM judge"),
        ("LLM as a judge", "llms"),
        ("Few-Shot Learners", '"few shot learner"'),
        ("few shot learners", "few-shot"),
        ("GPT-4 and GPT-3", "GPT-4"),
        ("GPs for regression", "gps"),
        ("GPS for rovers", "gps"),
        ("GPs for regression", "GP"),
        ("Moore's law", '"moore law"'),
        ("LLMs를 쓴 결과", "LLM"),
        ("LLM의 한계", "LLMs의"),
        ("Diffusion models", '="diffusion models"'),
        ("Diffusion models", "=models"),
        ("policies", "polici*"),
        ("policies", "policies*"),
        ("Vision-language models", '"vision language mod"*'),
    ],
)
def test_a_text_has_what_is_asked(text: str, asked: str) -> None:
    phrases = query(asked)
    assert all(holds(text, phrases))
    assert all(find(text, phrases))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Diffusion models", "=model"),
        ("Diffusion models", '="diffusion model"'),
        ("Fourier transforms", "transformers"),
        ("GPS for rovers", "GP"),
        ("policy", "policies*"),
        ("a new way", "news"),
        ("GPT-4o", "GPT-4"),
    ],
)
def test_a_text_has_not_what_is_asked(text: str, asked: str) -> None:
    phrases = query(asked)
    assert not all(holds(text, phrases))
    assert not all(find(text, phrases))


def test_names_have_no_other_forms() -> None:
    assert holds("Ryan Adams", query("adam"), names=True) == [False]
    assert holds("Ryan Adams", query("adams"), names=True) == [True]
    assert [len(its) for its in find("Ryan Adams", query("adam adams"), names=True)] == [0, 1]


words = st.text(st.sampled_from("aeiousxyzchnmltrd"), min_size=1, max_size=9)


@pytest.mark.parametrize("words", groups(ALIKE), ids="-".join)
def test_each_number_of_a_word_is_told_by_any(words: list[str]) -> None:
    plain = [word for word in words if word.isalpha() and word.islower() and len(word) > 2]
    for word in plain:
        assert set(plain) <= forms(word)


@given(words)
def test_forms_are_of_one_word(word: str) -> None:
    assert word in forms(word)
    assert {stem(form) for form in forms(word)} == {stem(word)}


@given(words, st.integers(3, 9))
def test_the_form_of_a_word_is_found_from_its_beginning(word: str, size: int) -> None:
    """What an index has of a word begins as the word does, or is one of its beginning's kin."""
    begun = word[:size]
    assert stem(word).startswith(begun) or stem(word) in kin(begun)


@given(st.text(st.sampled_from("GPS sAIDs'’ words 메타 \n"), max_size=30))
def test_places_stay(text: str) -> None:
    assert len(uncased(text)) == len(text)
    assert len(stems(text)) <= len(pieces(text))
