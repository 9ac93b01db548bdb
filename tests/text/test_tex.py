"""TeX becomes readable or stays as it was; what is no TeX is left alone."""

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text.tex import convert, decode, name, readable
from tests.text import tex_grammar

DATA = Path(__file__).parents[1] / "data"

TOKENS = [
    *r"\$^_{}%&~'`()[]-+=<>/ ab2αé",
    *(r"\alpha", r"\frac", r"\mathbb", r"\'", r"\c", r"\left", r"\sqrt", "$$", r"\(", r"\]", "--"),
]


EXAMPLES = [
    tuple(line.split("\t"))
    for line in (DATA / "tex" / "readable.tsv").read_text("utf-8").splitlines()
    if "\t" in line
]


def test_what_people_read() -> None:
    assert len(EXAMPLES) > 250
    wrong = [(tex, readable(tex), shown) for tex, shown in EXAMPLES if readable(tex) != shown]
    assert not wrong


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"$\unknownmacro{x}^2$", r"\unknownmacro{x}²"),
        (r"$\unknownmacro{x}+\alpha$", r"\unknownmacro{x}+α"),
        (r"$x_q$", "x_q"),
        (r"$\overline{x+y}$", r"\overline{x+y}"),
        (r"$}$", "$}$"),
        (r"$x^{2$", "$x^{2$"),
    ],
)
def test_a_formula_falls_back_piece_by_piece(formula: str, shown: str) -> None:
    assert readable(f"on {formula} and $\\beta$") == f"on {shown} and β"


@pytest.mark.parametrize(
    "plain",
    [
        "100% of 3$",
        r"C:\path and D:\alpha\times",
        "A & B",
        "a <b> tag, a < b > c",
        "a lone $",
        "$5 and $6, US$100 to $200 m, $5-$6",
        r"regex \d+ \w \path",
        "foo_bar {x: 1} {0, 1} a^2 #tag ~10 x~N(0,1) --flag",
        "\\",
        "$$",
    ],
)
def test_what_is_no_tex_stays(plain: str) -> None:
    assert readable(plain) == plain


_LAW = st.recursive(
    st.sampled_from([(w, w) for w in ("Deep", "H", "kpc", "x y", "학습", "naïve", "Zürich", "Ωm")])
    | st.sampled_from(
        [(r"\'e", "e"), (r"\"{o}", "o"), (r"{\c c}", "c"), (r"\v s", "s"), (r"\o{}", "o")]
    )
    | st.sampled_from([("https://a.org/b_c", "httpsaorgbc"), (r"\$5", ""), ("--", ""), ("~", "")])
    | st.sampled_from(
        [(r"$\alpha$", ""), (r"$x_T^2$", "xT"), (r"$10^{-3}$", ""), (r"$\sim$10", "")]
    )
    | st.sampled_from(
        [(r"$\mathbb{R}^n$", "Rn"), (r"$\frac{a}{b}$", "ab"), (r"$k_{\rm B}T$", "kBT")]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(
            lambda parts: (" ".join(p[0] for p in parts), "".join(p[1] for p in parts))
        ),
        *[
            inner.map(lambda one, form=form: (form.replace("@", one[0]), one[1]))
            for form in (
                r"\emph{@}",
                r"{\it @}",
                "{@}",
                r"\textcolor{red}{@}",
                "``@''",
                r"\footnote{@}",
            )
        ],
    ),
    max_leaves=8,
)


def _bare(text: str) -> list[str]:
    """The letters of a text, without marks and styles."""
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("ı", "i"))
    return [one for one in plain if one.isalpha()]


@given(_LAW)
def test_no_letter_is_lost(made: tuple[str, str]) -> None:
    tex, letters = made
    shown = iter(_bare(readable(tex)))
    assert all(letter in shown for letter in _bare(letters))  # in their order


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
@example("$" + "{" * 500 + "$")
@example("$" + r"\sqrt" * 100 + "$")
def test_it_never_raises_and_never_converts_half_a_formula(text: str) -> None:
    shown = readable(text)
    assert "\n" not in shown
    if not re.search(r"[\\$`~{]|--|''|[&<]", text):
        assert shown == " ".join(text.split())


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert readable(text) == readable(text).strip()


@pytest.mark.slow
@given(tex_grammar.tex())
@settings(max_examples=200)
@example(r"\textcolor{red}{Warning: this paper has offensive words.}")
@example(r"\href")
@example(r"\fcolorbox{a}")
@example(r"\colorbox")
def test_no_tex_is_too_odd(text: str) -> None:
    shown = convert(" ".join(text.split()))
    assert shown == shown.strip() == readable(text)
    assert decode(decode(text)) == decode(text)
    name(text)


@pytest.mark.parametrize(
    "form", ["\\{}", "\\{}{{}}", "$\\{}$", "\\{}{{a}}", "$x_\\{}{{a}}{{b}}$", "\\{}["]
)
def test_every_command_that_the_library_knows_is_taken(form: str) -> None:
    for command in tex_grammar.commands():
        convert(form.format(command))


@pytest.mark.slow
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
        "{}",
        "{{}}",
        "<b>",
        "a-a.",
        r"$a\over ",
        r"$a$\not",
        r"\cal ",
        r"$x^\bar",
        r"\href{",
        "`a",
        "\\'\\",
        r"\text{$",
        "https://",
        "\\",
    ],
)
def test_what_is_long_or_deep_is_read_in_time(piece: str) -> None:
    started = time.process_time()
    convert(piece * 5_000)
    name(piece * 5_000)
    assert time.process_time() - started < 5
