"""Texts as TeX's grammar makes them, whole and broken, for tests of what must take any of them."""

from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st
from pylatexenc import latex2text, latexwalker

Texts = st.SearchStrategy[str]

_WORDS = ["a", "n", "x y", "Warning: this paper", "10", "é", "학습", "red", "i", "-", "=", ",", "'"]
_SIGNS = [
    "$",
    "$$",
    r"\(",
    r"\)",
    r"\[",
    r"\]",
    "{",
    "}",
    "[",
    "]",
    "^",
    "_",
    "&",
    "#",
    "~",
    "%",
    "%\n",
]
_ENDS = [
    "\\",
    r"\begin",
    r"\end",
    r"\begin{",
    r"\verb",
    r"\verb|",
    r"\verb|a|",
    "$x",
    "{\\",
    r"\\",
    "\n\n",
]


@cache
def commands() -> list[str]:
    """The names of every command and environment's body that the library for TeX knows."""
    databases = [
        latexwalker.get_default_latex_context_db(),
        latex2text.get_default_latex_context_db(),
    ]
    names = {
        name for one in databases for part in one.categories() for name in one.d[part]["macros"]
    }
    return sorted(names | {"textsubscript", "xspace", "unknown", "H", "c", "i", "left", "right"})


@cache
def environments() -> list[str]:
    """The names of the environments that the library knows, and one that it does not."""
    known = latexwalker.get_default_latex_context_db()
    return sorted(
        {n for part in known.categories() for n in known.d[part]["environments"]} | {"odd"}
    )


def tex() -> Texts:
    """Any text of commands, groups, formulas, environments, comments, and their ruins."""
    leaves = st.sampled_from(_WORDS) | st.sampled_from(_SIGNS) | st.sampled_from(_ENDS) | _bare()
    return st.recursive(leaves, _grown, max_leaves=25)


def _bare() -> Texts:
    return st.builds("\\{}{}".format, st.sampled_from(commands()), st.sampled_from(["", " ", "{}"]))


def _grown(inner: Texts) -> Texts:
    shapes: list[Callable[[str], str]] = ["{{{}}}".format, "${}$".format, "$${}$$".format]
    shapes += ["[{}]".format, r"\({}\)".format, r"\[{}\]".format, "^{{{}}}".format, "_{}".format]
    wrapped = [inner.map(shape) for shape in shapes]
    name = st.sampled_from(commands())
    return st.one_of(
        st.lists(inner, max_size=6).map("".join),
        *wrapped,
        st.builds("\\{}{{{}}}".format, name, inner),
        st.builds("\\{}{{{}}}{{{}}}".format, name, inner, inner),
        st.builds("\\{}[{}]{{{}}}".format, name, inner, inner),
        st.builds("\\{} {}".format, name, inner),
        st.builds(r"\begin{{{0}}}{1}\end{{{0}}}".format, st.sampled_from(environments()), inner),
        st.builds(r"\begin{{{}}}{}".format, st.sampled_from(environments()), inner),
    )
