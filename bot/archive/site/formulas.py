"""Formulas as MathML, which browsers set without a script; one that fails stays as it was written.

latex2mathml knows the commands. What it makes is not taken as it comes: links and styles that a
formula may carry are left out, and a formula with a command it does not know, or with an argument
missing, is none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from latex2mathml.converter import convert
from lxml import etree
from markupsafe import Markup

from bot.text.tex.spans import TexKind, spans

LONGEST: Final = 2_000
"""Characters of one formula; a longer one is shown as it is written."""
_DEEPEST: Final = 40
"""Braces within braces."""
_NAMESPACE: Final = "{http://www.w3.org/1998/Math/MathML}"
_ARGUMENTS: Final = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3,
    "munderover": 3,
}  # fmt: skip
"""How many parts these have, no more and no fewer."""
_ELEMENTS: Final = {
    *_ARGUMENTS, "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "msqrt", "mpadded",
    "mphantom", "mtable", "mtr", "mtd", "menclose", "mmultiscripts", "mprescripts", "none",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "display", "displaystyle", "scriptlevel", "stretchy", "fence", "separator", "accent",
    "accentunder", "linethickness", "mathvariant", "lspace", "rspace", "width", "height", "depth",
    "minsize", "maxsize", "movablelimits", "largeop", "form", "columnalign", "rowspacing",
    "columnspacing", "columnlines", "rowlines", "frame", "notation",
}  # fmt: skip
_MARKED: Final = re.compile(
    r"\$\$(?P<displayed>(?:\\.|[^$\\])+)\$\$"
    # As pandoc reads it: no blank inside of the dollars, no digit behind them.
    r"|\$(?![\s$])(?P<dollars>(?:\\.|[^$\\`\n]|\n(?!\s*\n))+)(?<!\s)\$(?![\d$])"
    r"|\\\((?P<parenthesised>(?:(?!\\[()])[^`])+)\\\)"
    r"|\\\[(?P<bracketed>(?:(?!\\[\[\]])[^`])+)\\\]",
    re.S,
)
_TEXT: Final = re.compile(r"\\(?:text\w*|mbox|mathrm|operatorname\*?)\s*\{[^{}]*\}")
_WORDS: Final = re.compile(r"[가-힣ぁ-ヿ一-鿿]|(?<![\\A-Za-z])[A-Za-z]{2,} +[A-Za-z]{2,}")
_WORD: Final = re.compile(r"[A-Za-z]{4}")
_SIGNS: Final = re.compile(r"[\\^_{}=<>]")
_OPERATORS: Final = re.compile(r"[-+*/|()\[\]]")
_NO_FORMULA: Final = re.compile(r"[\^_]\s*[\^_]|(?<!\\)\$")
_AMPERSAND: Final = re.compile(r"&(?!#x?[0-9A-Fa-f]+;|[a-z]+;)")
_INSTEAD: Final = (
    (re.compile(r"\\(?:label|tag)\*?\s*\{[^{}]*\}|\\(?:nonumber|notag)\b"), ""),
    (re.compile(r"\\(begin|end)\{(equation|align)\}"), r"\\\1{\2*}"),
    (re.compile(r"\\(begin|end)\{eqnarray\*?\}"), r"\\\1{align*}"),
    (re.compile(r"\\(begin|end)\{(?:gather|multline)\*?\}"), r"\\\1{matrix}"),
    (re.compile(r"\\operatorname\*?(?=\s*\{)"), r"\\mathrm"),
    (re.compile(r"(\\(?:math[a-z]+|boldsymbol|bm))\s+([A-Za-z0-9]|\\[a-z]+)"), r"\1{\2}"),
)
"""No equation of a take is referred to by its number; what the library lacks by what it has."""
_BOLD: Final = {
    "bold": ((0x41, 0x1D400), (0x61, 0x1D41A), (0x391, 0x1D6A8), (0x3B1, 0x1D6C2)),
    "bold-italic": ((0x41, 0x1D468), (0x61, 0x1D482), (0x391, 0x1D71C), (0x3B1, 0x1D736)),
}
"""Where the Latin and Greek alphabets begin, and their bold ones: browsers know no other bold."""


@lru_cache(maxsize=4_096)
def formula(tex: str, *, displayed: bool = False) -> Markup | None:
    """The MathML of a formula, without its dollars; None for what is none."""
    if len(tex) > LONGEST or _depth(tex) > _DEEPEST or _NO_FORMULA.search(tex):
        return None
    try:
        for pattern, instead in _INSTEAD:
            tex = pattern.sub(instead, tex)
        written = convert(tex, display="block" if displayed else "inline")
        root = etree.fromstring(_AMPERSAND.sub("&amp;", written), _parser())
        _check(root)
    except Exception:  # whatever the library trips over, the reader sees what was typed
        return None
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode", method="html"))


def with_formulas(text: str) -> Markup:
    """A text of arXiv's, its formulas set and its other TeX left as it is."""
    return Markup("").join(
        (one.kind is TexKind.FORMULA and formula(one.body.strip())) or one.raw
        for one in spans(text)
    )


def formula_at(text: str, place: int, end: int) -> tuple[int, str, bool] | None:
    """The formula of a take that begins at `place`: where it ends, its TeX, whether it is
    displayed. Money, variables of a shell and words between two prices are none."""
    match = _MARKED.match(text, place, min(end, place + LONGEST))
    if match is None:
        return None
    tex = next(one for one in match.groups() if one is not None).strip()
    if match["dollars"] is not None and not _is_formula(tex):
        return None
    return match.end(), tex, match["displayed"] is not None or match["bracketed"] is not None


def _is_formula(tex: str) -> bool:
    """Whether what stands between two dollars is meant as one."""
    plain = _TEXT.sub("", tex)
    if _WORDS.search(plain) or tex[0] in ",.;:!?":
        return False
    if _SIGNS.search(tex):
        return True
    if tex[0].isdigit():
        return tex.replace(".", "").isdigit()
    return len(tex) <= 3 or (bool(_OPERATORS.search(tex)) and not _WORD.search(tex))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _depth(tex: str) -> int:
    """How deep the braces go; `\\left` counts as one."""
    deepest = depth = 0
    for sign in re.findall(r"\\left\b|\\right\b|\\begin\b|\\end\b|\\.|[{}]", tex, re.S):
        if sign in {"{", r"\left", r"\begin"}:
            depth += 1
            deepest = max(deepest, depth)
        elif sign in {"}", r"\right", r"\end"}:
            depth -= 1
    return deepest


def _check(root: etree._Element) -> None:
    """Leave what is known to be harmless. Raises ValueError for what is not whole."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise ValueError("a comment or an entity")
        name = element.tag = element.tag.removeprefix(_NAMESPACE)
        if name not in _ELEMENTS or len(element) != _ARGUMENTS.get(name, len(element)):
            raise ValueError(name)
        text = (element.text or "").strip()
        if text.startswith("\\") and name != "mtext" and len(text) > 1:
            raise ValueError(text)
        if (variant := element.get("mathvariant")) in _BOLD:
            element.text = "".join(_bold(char, variant) for char in element.text or "")
        if variant != "normal":
            element.attrib.pop("mathvariant", "")
        for attribute in set(element.attrib) - _ATTRIBUTES:
            del element.attrib[attribute]


def _bold(char: str, variant: str) -> str:
    if char.isascii() and char.isdigit():
        return chr(ord(char) - 0x30 + 0x1D7CE)
    for plain, bold in _BOLD[variant]:
        if plain <= ord(char) < plain + (26 if plain < 0x391 else 25):
            return chr(ord(char) - plain + bold)
    return char
