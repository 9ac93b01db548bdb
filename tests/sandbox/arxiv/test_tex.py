"""TeX as the query API shows it."""

from __future__ import annotations

import pytest

from bot.sandbox.arxiv.tex import folded, to_unicode


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"P\'al Erd\H{o}s", "Pál Erdős"),
        (r"Lepp\"akangas", "Leppäkangas"),
        (r"B{\"o}hm, G\"{o}tz", "Böhm, Götz"),
        (r"Garc\'{\i}a, Garc\'\i a", "García, García"),
        (r"S{\o}ren, \L ukasz, Wei\ss{}l", "Søren, Łukasz, Weißl"),
        (r"\v{C}ech, Fran\c{c}ois", "Čech, François"),
        (r"$\alpha$-stable, $\leq\beta$", "$α$-stable, $\\leqβ$"),
        (r"$\mathbb{R}^n$, \emph{SimCal}", r"$\mathbb{R}^n$, \emph{SimCal}"),
        (r"\omit \rho", r"\omit ρ"),
    ],
)  # fmt: skip
def test_accents_and_greek_become_characters(tex: str, text: str) -> None:
    assert to_unicode(tex) == text


def test_folding_is_for_comparing() -> None:
    assert folded(r"Erd\H{o}s") == folded("ERDŐS") == "erdos"
