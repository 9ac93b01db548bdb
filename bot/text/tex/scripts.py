"""What is raised and lowered."""

from __future__ import annotations

import re
from typing import Final


def _table(plain: str, raised: str) -> dict[str, str]:
    return dict(zip(plain, raised, strict=True))


_ABOVE: Final = _table(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ",
) | {"*": "*", "∗": "*", "′": "′", "″": "″", "∘": "°", "†": "†", "‡": "‡", "⊤": "ᵀ", " ": ""}
_BELOW: Final = _table(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
) | {" ": ""}
_INDICES: Final = frozenset("ijklmnpqrstuvxyαβγδμνρσ")
"""Letters of which a script is rather a row of indices than a word."""
_AS_THEY_ARE: Final = {*"°′″*†‡⋆★♯♭§¶®™", "°C"}
_ENCLOSED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
# What needs no brackets: a number, a word, one sign.
_ONE: Final = re.compile(r"[+−-]?\d+(?:\.\d+)?%?|[^\W_]+(?:\.\d+)?|\W")
_ONE_ABOVE: Final = re.compile(r"[+−-]?\d+(?:\.\d+)?%?|[A-Za-z]+|[^\W_]|\W")


def script(sign: str, text: str, *, word: bool = False) -> tuple[str, bool]:
    """`text` raised (`^`) or lowered (`_`), and whether it is so by Unicode's own characters.

    Where one of its characters has no such form, all of it stands behind its sign: `p_T`,
    `n^(1/2)`; a `word` does so too, to be read as one: `E^miss`.
    """
    text = " ".join(text.split()).replace("′′", "″")
    if not text:
        return "", True
    table = _ABOVE if sign == "^" else _BELOW
    spelt = len(text) > 2 and text.isalpha() and (word or not _INDICES.issuperset(text))
    if not spelt and all(character in table for character in text):
        return "".join(table[character] for character in text), True
    if sign == "^" and text in _AS_THEY_ARE:
        return text, True
    one = _ONE_ABOVE if sign == "^" else _ONE
    bare = one.fullmatch(text) or _ENCLOSED.fullmatch(text)
    return f"{sign}{text}" if bare else f"{sign}({text})", False
