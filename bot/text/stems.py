"""Words in their usual form: *models* and *model* are one word, *LLMs* and *LLM*, *matrices* and
*matrix*, *Moore's* and *Moore*.

Only the plural and the possessive of English words are undone. A whole stemmer makes one word of
transformer, transform and transformation, of universe and university, of semantic and semantics.
So Snowball's is asked whether two words are forms of one, not what their stem is; what it does not
know (acronyms, Latin and Greek) or gets wrong is listed below. What the form is called does not
matter as long as both numbers have the same: *analysis* is `analysi`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import snowballstemmer

_SHORTEST: Final = 4
"""Letters; what is shorter is left as it is: GPS, AdS, its."""
_ACRONYM: Final = range(3, 7)
"""Letters of an acronym in the plural, GPs or MIMOs."""
_WORD: Final = re.compile(r"[a-z]+s")
_LATIN: Final = re.compile(r"[a-z]{3,30}")
_CASED: Final = re.compile(r"\b([A-Z0-9]+[A-Z])s(?![a-zA-Z0-9_])|(?<=\w)['’ʼ]s(?![a-zA-Z0-9_])")
"""GPs, RISs, 3DGSs, whose capitals tell the plural; the possessive."""
_SPELT: Final = re.compile(r"[^aeiouy]+[aeiouy]?s")
"""LLMs and PDEs: what is spelt out has no vowel but at its end."""

_ENDINGS: Final = (
    ("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("tzes", "tz"),
    ("zzes", "zz"), ("oes", "o"), ("s", ""),
)  # fmt: skip

_NO_PLURALS: Final = frozenset(
    """
    aids always arkansas besides caries chaos chris corps does gauss goods hers https kansas
    lens mars means mers news odds others ours pants perhaps plus rabies sars scabies series
    species texas thanks theirs this thus yours
    """.split()  # noqa: SIM905
)
"""K-means is no mean, and the news is nothing new."""
_SCIENCES: Final = "ics"
"""Physics, semantics: not the plurals of physic and semantic. But these are plurals:"""
_PLURALS_IN_ICS: Final = frozenset(
    """
    academics antibiotics ceramics characteristics classics clinics comics conics critics cubics
    dielectrics epics epidemics extrinsics fabrics ferroelectrics generics geodesics harmonics
    heuristics infographics intrinsics logics lyrics metaheuristics metrics microplastics mimics
    mnemonics mosaics multiferroics pandemics pics plastics quadrics quartics republics rubrics
    skeptics superquadrics tactics topics
    """.split()  # noqa: SIM905
)
_PLURALS_IN_US: Final = frozenset(
    ["bureaus", "emus", "gnus", "gurus", "imus", "menus", "plateaus", "qpus", "taus"]
)

_IRREGULAR: Final = {
    plural: singular
    for pair in """
    aches:ache aliases:alias alumni:alumnus analyses:analysis annuli:annulus antennae:antenna
    antitheses:antithesis apparatuses:apparatus appendices:appendix atlases:atlas
    automata:automaton avalanches:avalanche axes:axis bacilli:bacillus bacteria:bacterium
    biases:bias birdies:birdie bonuses:bonus brownies:brownie buses:bus caches:cache
    calories:calorie calves:calf campuses:campus canoes:canoe canvases:canvas censuses:census
    children:child choruses:chorus cliches:cliche codices:codex consensuses:consensus
    consortia:consortium continua:continuum cookies:cookie corpora:corpus corpuses:corpus
    cortices:cortex crises:crisis criteria:criterion curricula:curriculum diagnoses:diagnosis
    dies:die dwarves:dwarf ellipses:ellipse elves:elf emboli:embolus emphases:emphasis
    equilibria:equilibrium errata:erratum extrema:extremum feet:foot fetuses:fetus foci:focus
    focuses:focus foes:foe formulae:formula freebies:freebie fungi:fungus ganglia:ganglion
    gases:gas geese:goose genera:genus genies:genie geniuses:genius gyri:gyrus halves:half
    headaches:headache helices:helix hiatuses:hiatus hippocampi:hippocampus hoodies:hoodie
    hooves:hoof hypotheses:hypothesis indices:index irises:iris knives:knife larvae:larva
    leaves:leaf lemmata:lemma lenses:lens lies:lie lives:life loaves:loaf loci:locus
    matrices:matrix maxima:maximum men:man metalenses:metalens metastases:metastasis mice:mouse
    millennia:millennium minima:minimum misdiagnoses:misdiagnosis mitoses:mitosis
    momenta:momentum movies:movie nebulae:nebula nemeses:nemesis nexuses:nexus niches:niche
    novae:nova nuclei:nucleus oases:oasis oboes:oboe octahedra:octahedron octopuses:octopus
    optima:optimum oxen:ox pancreases:pancreas paralyses:paralysis parentheses:parenthesis
    pelvises:pelvis phenomena:phenomenon pies:pie pixies:pixie polyhedra:polyhedron
    prairies:prairie prognoses:prognosis prospectuses:prospectus prostheses:prosthesis
    psyches:psyche psychoses:psychosis quizzes:quiz radii:radius radiuses:radius
    reanalyses:reanalysis rookies:rookie scarves:scarf schemata:schema selfies:selfie
    selves:self sheaves:sheaf shelves:shelf shoes:shoe simplices:simplex sinuses:sinus
    smoothies:smoothie sorties:sortie spectra:spectrum statuses:status stenoses:stenosis
    stimuli:stimulus stimuluses:stimulus strata:stratum subindices:subindex
    submatrices:submatrix sulci:sulcus supernovae:supernova surpluses:surplus
    syllabuses:syllabus symposia:symposium synopses:synopsis syntheses:synthesis teeth:tooth
    tetrahedra:tetrahedron thalami:thalamus theses:thesis thieves:thief ties:tie toes:toe
    tori:torus tranches:tranche trellises:trellis vacua:vacuum vertebrae:vertebra
    vertices:vertex viruses:virus vortices:vortex walruses:walrus wives:wife wolves:wolf
    women:woman zombies:zombie
    """.split()  # noqa: SIM905
    for plural, _, singular in [pair.partition(":")]
}


_PLURALS: Final[dict[str, list[str]]] = {}
for _plural, _singular in _IRREGULAR.items():
    _PLURALS.setdefault(_singular, []).append(_plural)


def forms(word: str) -> frozenset[str]:
    """The words whose usual form is that of `word`, itself among them: *matrix*, *matrices* and
    *matrixes* for any of the three."""
    if not _LATIN.fullmatch(word):
        return frozenset({word})
    singulars = {word, _IRREGULAR.get(word, word)}
    singulars |= {
        word.removesuffix(ending) + singular
        for ending, singular in _ENDINGS
        if word.endswith(ending)
    }
    found = set(singulars)
    for one in singulars:
        found.update(_PLURALS.get(one, ()))
        found |= {
            one.removesuffix(singular) + ending
            for ending, singular in _ENDINGS
            if one.endswith(singular)
        }
    usual = stem(word)
    return frozenset({word, *(one for one in found if stem(one) == usual)})


def kin(word: str) -> frozenset[str]:
    """The usual forms that words beginning with these letters can have and that do not begin so:
    `polici` and `policies` are the beginning of *policies*, whose usual form is `policy`."""
    forms = {stem(word), stem(f"{word}s"), stem(f"{word}es")}
    forms |= {
        stem(one) for one in _IRREGULAR if one.startswith(word) and len(word) >= _SHORTEST - 1
    }
    return frozenset(form for form in forms if not form.startswith(word))


def told_by_case(word: str) -> bool:
    """Whether only capitals tell if this is a plural: GPs is one, GPS is not."""
    return len(word) in _ACRONYM and word.endswith("s") and stem(word) == word


def uncased(text: str) -> str:
    """`text` without what only capitals and apostrophes tell, as long as before: GPs is GP and a
    blank, GPS stays."""
    return _CASED.sub(lambda match: (match[1] or "").ljust(len(match[0])), text)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The form that a word shares with its plural; `word` is a piece of `bot.text.bigrams`."""
    word = _IRREGULAR.get(word, word)
    if len(word) < _SHORTEST or not _WORD.fullmatch(word) or word in _NO_PLURALS:
        return word
    if word in _PLURALS_IN_ICS or word in _PLURALS_IN_US or _SPELT.fullmatch(word):
        return word[:-1]
    if word.endswith((_SCIENCES, "ss", "series", "species")):
        return word
    for ending, singular in _ENDINGS:
        if word.endswith(ending):
            form = word.removesuffix(ending) + singular
            if _alike(form, word):
                return form
    return word


def _alike(one: str, other: str) -> bool:
    # A stemmer has a state, and matching runs in a thread: each has its own.
    of = snowballstemmer.stemmer("english").stemWord
    return bool(of(one) == of(other))
