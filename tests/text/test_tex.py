"""TeX becomes readable or stays as it was; what is no TeX is left alone."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text.tex import readable
from tests.text import tex_grammar

DATA = Path(__file__).parents[1] / "data"

TOKENS = [
    *r"\$^_{}%&~'`()[]-+=<>/ ab2αé",
    *(r"\alpha", r"\frac", r"\mathbb", r"\'", r"\c", r"\left", r"\sqrt", "$$", r"\(", r"\]", "--"),
]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"$\alpha$", "α"),
        (r"\'e", "é"),
        (r"$10^{-3}$", "10⁻³"),
        (r"$\mathbb{R}^n$", "ℝⁿ"),
        (r"$CO_2$ and H$_2$O", "CO₂ and H₂O"),
        (r"H\"older, Erd\H{o}s, Fran\c{c}ois, Fran\c cois", "Hölder, Erdős, François, François"),
        (r"Schr\"{o}dinger, na\"{\i}ve, {\'E}cole, {\aa}", "Schrödinger, naïve, École, å"),
        (r"\L{}ukasz J\o rgensen Stra\ss e", "Łukasz Jørgensen Straße"),
        (r"50\% of \$3 \& \#1", "50% of $3 & #1"),
        (r"$\Lambda$CDM, \Lambda CDM", "ΛCDM, Λ CDM"),
        (r"$\sum_{i=1}^n x_i$", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"$b,c\in\mathbb Z$", "b,c∈ℤ"),
        (r"$SU(2)\times U(1)$ at $\sqrt{s} = 13$ TeV", "SU(2)×U(1) at √s = 13 TeV"),
        (r"$f: X \to Y$, $\frac{a+b}{2}$, $\|x\|_2$", "f: X → Y, (a+b)/2, ‖x‖₂"),
        (r"$\mathcal{O}(n \log n)$, $n\log(m)$, $2\,m$", "𝒪(n log n), n log(m), 2 m"),
        (r"${\rm H}_2$, $ x $, $K$-means", "H₂, x, K-means"),
        (r"\emph{in \textbf{vivo}} {\it Fermi} ``quoted''", "in vivo Fermi “quoted”"),
        (r"Kerr--Newman, Fig.~1, i.i.d.\ samples", "Kerr–Newman, Fig. 1, i.i.d. samples"),
        ("two\n  lines  of\ta title ", "two lines of a title"),
    ],
)
def test_tex_is_readable(tex: str, shown: str) -> None:
    assert readable(tex) == shown


@pytest.mark.parametrize(
    "formula",
    [
        r"$L_\infty$",
        r"$O(n^{1/2})$",
        r"$\unknownmacro{x}$",
        r"$\mathbf{x} \in \mathbb{R}^{d \times k}$",
        r"$x_q$",
        r"$\begin{matrix} a \\ b \end{matrix}$",
        r"$}$",
    ],
)
def test_a_formula_without_a_form_stays_whole(formula: str) -> None:
    assert readable(f"on {formula} and $\\beta$") == f"on {formula} and β"


@pytest.mark.parametrize(
    "plain",
    [
        "100% of 3$",
        r"C:\path and D:\alpha\times",
        "A & B",
        "<b>bold</b>",
        "a lone $",
        "$5 and $6, US$100 to $200 m, $5-$6",
        r"regex \d+ \w \path",
        "foo_bar {x: 1} {name} a^2 #tag ~10 x~N(0,1) --flag",
        "\\",
        "$$",
    ],
)
def test_what_is_no_tex_stays(plain: str) -> None:
    assert readable(plain) == plain


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
@example("$" + "{" * 500 + "$")
@example("$" + r"\sqrt" * 100 + "$")
def test_it_never_raises_and_never_converts_half_a_formula(text: str) -> None:
    shown = readable(text)
    assert "\n" not in shown
    if not re.search(r"[\\$`~{]|--", text):
        assert shown == " ".join(text.split())


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert readable(text) == readable(text).strip()


@given(tex_grammar.tex())
@settings(max_examples=400)
@example(r"\textcolor{red}{Warning: this paper has offensive words.}")
@example(r"\href")
@example(r"\fcolorbox{a}")
@example(r"\colorbox")
def test_no_tex_is_too_odd(text: str) -> None:
    assert readable(text) == readable(text).strip()


@pytest.mark.parametrize(
    "form", ["\\{}", "\\{}{{}}", "$\\{}$", "\\{}{{a}}", "$x_\\{}{{a}}{{b}}$", "\\{}["]
)
def test_every_command_that_the_library_knows_is_taken(form: str) -> None:
    for name in tex_grammar.commands():
        readable(form.format(name))


def test_recorded_answers_are_taken() -> None:
    lines = 0
    for path in sorted(DATA.rglob("*")):
        if path.is_file():
            for line in path.read_text("utf-8", "replace").splitlines():
                readable(line)
                lines += 1
    assert lines > 10_000


@pytest.mark.parametrize(
    "piece",
    [
        "$ ",
        r"\'",
        "{",
        "}",
        r"\frac{",
        r"$\sqrt{",
        r"\begin{a}",
        "$x_{",
        r"\textbf{$",
        "\\verb|",
        "``",
        "^",
        "\\",
    ],
)
def test_what_is_long_or_deep_is_read_in_time(piece: str) -> None:
    started = time.perf_counter()
    readable(piece * 20_000)
    assert time.perf_counter() - started < 5
