"""Random queries and papers out of one small vocabulary, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.model.paper import PaperData
from bot.model.query.parse import parse
from bot.model.query.tree import And, Or, Query, joined, negated

WORDS = [
    "graph",
    "graphs",
    "attention",
    "few-shot",
    "détection",
    "GPT-4",
    "메타러닝",
    "학습",
    "C++",
]
PHRASES = [
    "graph attention",
    "메타러닝 graph",
    "few shot attention",
    "타러",
    "AND graph",
    "닝 학습",
    "cs.LG",
]
STARTS = ["gra", "att", "g", "few-sh", "러", "graph atten"]
FORENAMES = ["Kaiming", "Kai", "K.", "Xin K.", "Laurens van der", "José", "Jean-Baptiste", ""]
KEYNAMES = ["He", "Maaten", "Müller", "O'Brien", "García Márquez", "Smith Jr.", "Kai"]
TYPED_NAMES = [
    "He", "He, K", "K. He", "Kaiming He", "He K", "van der Maaten, L", "Muller", "OBrien, J",
    "García", "Smith", "J.-B. Müller", "Kai", "L. v. d. Maaten",
]  # fmt: skip
CATEGORIES = ["cs.CV", "cs.LG", "cs.NA", "math.NA", "hep-th", "stat.ML", "cs.NEW", "q-alg"]
TYPED_CATEGORIES = ["cs.CV", "cs.LG", "cs.NA", "cs.*", "math", "hep-th", "stat.*", "math.QA"]
IDS = ["2007.10909", "2401.00001", "hep-th/9901001"]
TEXT_FIELDS = ["", "ti:", "abs:", "co:", "jr:", "rn:", "all:"]


def terms() -> st.SearchStrategy[Query]:
    """One term of any kind."""
    field = st.sampled_from(TEXT_FIELDS)
    return st.one_of(
        st.builds(lambda f, w: f"{f}{w}", field, st.sampled_from(WORDS)),
        st.builds(lambda f, w: f'{f}"{w}"', field, st.sampled_from(PHRASES)),
        st.builds(lambda f, w: f'{f}"{w}"*', field, st.sampled_from(STARTS)),
        st.sampled_from(TYPED_NAMES).map(lambda name: f'au:"{name}"'),
        st.sampled_from(["au:m*", "au:Gar*", 'au:"K. H"*']),
        st.sampled_from(TYPED_CATEGORIES).map(lambda name: f"cat:{name}"),
        st.sampled_from(IDS).map(lambda value: f"id:{value}"),
        st.just("all:*"),
    ).map(parse)


def queries() -> st.SearchStrategy[Query]:
    """Trees of up to a dozen terms."""

    def grown(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
        several = st.lists(parts, min_size=1, max_size=4)
        return st.one_of(
            parts.map(negated),
            several.map(lambda found: joined(And, found)),
            several.map(lambda found: joined(Or, found)),
        )

    return st.recursive(terms(), grown, max_leaves=12)


def papers() -> st.SearchStrategy[PaperData]:
    """Papers of the same words."""
    filler = ["of", "—", r"$\alpha$", "d\\'etection", "survey", "메타", "\n"]
    text = st.lists(st.sampled_from([*WORDS, *PHRASES, *filler]), max_size=6).map(" ".join)
    author = st.builds(
        lambda first, last: f"{first} {last}".strip(),
        st.sampled_from(FORENAMES),
        st.sampled_from(KEYNAMES),
    )
    return st.builds(
        PaperData,
        arxiv_id=st.sampled_from([*IDS, None]),
        title=text,
        abstract=text,
        authors=st.lists(author, max_size=3).map(tuple),
        categories=st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True).map(tuple),
        comment=st.none() | text,
        journal_ref=st.none() | text,
        report_number=st.none() | text,
    )
