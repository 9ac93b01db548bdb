"""Formulas, code and footnotes of takes: set without a script, and never more than they say."""

from __future__ import annotations

import re

import pytest
from lxml import html

from bot.archive.site.anchors import Anchors
from bot.archive.site.code import coloured
from bot.archive.site.formulas import formula, with_formulas
from bot.archive.site.markup import Linked, Markdown

pytestmark = pytest.mark.quick
NOWHERE = Linked(url=lambda _: None, wiki=lambda _: None, tag=lambda _: None)


def shown(text: str, anchors: Anchors | None = None) -> html.HtmlElement:
    return html.fragment_fromstring(str(Markdown().render(text, NOWHERE, 3, anchors)), "div")


def formulas(text: str) -> list[str]:
    return [one.text_content() for one in shown(text).iter("math")]


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("복잡도는 $O(n^2)$이다", ["O(n2)"]),
        ("$n$번, $k$-NN, $10$ and $1.5$", ["n", "k", "10", "1.5"]),
        (r"\(a*b*c\) and \[x=\frac{a}{b}\]", ["a*b*c", "x=ab"]),
        ("$$x$$ within", ["x"]),
        ("$$\n\\mathcal L = \\sum x\n- y\n$$", ["ℒ=∑x−y"]),
        ("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", ["a=bc=d"]),
        ("*$a*b*c$* # $x$", ["a*b*c", "x"]),
        (r"$\text{확률 } p$", ["확률\xa0p"]),
        ("[$x$ here](https://a.example)", ["x"]),
        (r"$\operatorname*{arg\,max}_\theta$", ["argmaxθ"]),
        (r"$\mathbf{W}\boldsymbol\theta$", ["𝐖𝜽"]),
        ("`$x$` ```$y$```", []),
        ("It costs $5, or $10 at most; 5$ and 6$, $5-$10", []),
        ("비용은 $30이고 저건 $40이다", []),
        ("$HOME/$PATH and $HOME of US$ 3$", []),
        ("$100 for one and two for 200$", []),
        ("https://a.example/$x$y", []),
        (r"\$5 and \$6", []),
    ],
)  # fmt: skip
def test_what_is_a_formula(typed: str, set_: list[str]) -> None:
    assert formulas(typed) == set_


@pytest.mark.parametrize(
    "tex",
    [r"\foo{x}", r"\frac{a", r"\left( x", "x^^2", "{", r"\mathbb{E}_{", "a_", "x^" * 30 + "x",
     "{" * 3000, r"\left(" * 300, "x" * 5000],
)  # fmt: skip
def test_a_formula_that_fails_is_shown_as_text(tex: str) -> None:
    assert formula(tex) is None
    assert shown(f"so ${tex}$ it *is*").text_content().strip() == f"so ${tex}$ it is"
    assert shown(f"$$\n{tex}\n$$").text_content().strip() == f"$${tex}$$"


@pytest.mark.parametrize(
    "tex",
    [r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}", r"\class{top}{x}",
     r"\color{red}{x}", r"\text{<script>alert(1)</script>}", r"\unicode{x3c}",
     r"\includegraphics{https://evil.example/p.png}", r"\text{a & b &lt; c}"],
)  # fmt: skip
def test_a_formula_smuggles_nothing(tex: str) -> None:
    made = str(formula(tex) or "")
    assert not re.search(r"(?:href|style|class|src|on\w+|mathcolor|xmlns)=|<script|<image", made)


def test_an_abstract_has_its_formulas() -> None:
    made = with_formulas(r"In $O(n^2)$ for <b> and \$5 or $10.")
    assert made.startswith("In <math")
    assert made.endswith(r"for &lt;b&gt; and \$5 or $10.")


def test_code_is_coloured() -> None:
    code = 'def f(x):\n    return "<b>"  # why\n'
    element = shown(f"```python\n{code}```\n\n```nolanguage\n<i>\n```")
    assert element.xpath("//pre/code[@class='language-python']")[0].text_content() == code
    kinds = {one.get("class"): one.text for one in element.iter("span")}
    assert (kinds["hk"], kinds["hf"], kinds["hc"]) == ("return", "f", "# why")
    assert element.xpath("//pre")[1].text_content() == "<i>\n"
    assert coloured("x" * 30_000, "python") == "x" * 30_000


def test_footnotes_lead_both_ways() -> None:
    page = Anchors()
    first = shown("a[^1] b[^1] c^[*here*]\n\n[^1]: There.", page)
    second = shown("d[^x]\n\n[^x]: Else.", page)
    ids = [one for element in (first, second) for one in element.xpath("//@id")]
    assert len(ids) == len(set(ids)) == 7
    for element in (first, second):
        assert {href[1:] for href in element.xpath("//a/@href")} == set(element.xpath("//@id"))


def test_headings_have_places() -> None:
    page = Anchors()
    element = shown("# 왜 그런가\n\n## Why?\n\n# Why?\n\n#\n\n# Takes", page)
    assert element.xpath("//@id") == ["왜-그런가", "why", "why-2", "takes-2"]
    assert [(one.level, one.title) for one in page.headings] == [
        (3, "왜 그런가"), (4, "Why?"), (3, "Why?"), (3, "Takes"),
    ]  # fmt: skip


def test_links_to_files_lead_to_their_notes() -> None:
    linked = Linked(
        url=lambda _: None, tag=lambda _: None,
        wiki=lambda title: "../notes/a.html" if title.endswith("A note") else None,
    )  # fmt: skip
    made = Markdown().render(
        "[one](../2020/A%20note.md) ![[A note]] [two](gone.md) ![p](x.png) ![[y.png]]", linked
    )
    element = html.fragment_fromstring(str(made))
    assert element.xpath("//a/@href") == ["../notes/a.html"] * 2
    assert element.text_content() == "one A note two (gone.md) 🖼 p y.png"
    assert not element.xpath("//img")


def test_an_embedded_image_is_shown() -> None:
    linked = Linked(
        url=lambda _: None, wiki=lambda _: None, tag=lambda _: None,
        image=lambda source: "../images/a.png" if source == "loss curve.png" else None,
    )  # fmt: skip
    made = str(Markdown().render("![[loss curve.png|the loss]] ![[gone.png]]", linked))
    element = html.fragment_fromstring(made)
    assert [(one.get("src"), one.get("alt")) for one in element.iter("img")] == [
        ("../images/a.png", "the loss")
    ]
    assert "gone.png" in element.text_content()
