"""One TeX formula to Unicode, or the finding that it has no readable form."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
)


class Unreadable(ValueError):
    """A formula that Unicode text cannot show."""


def _table(plain: str, raised: str) -> dict[str, str]:
    return dict(zip(plain, raised, strict=True))


_SUPERSCRIPTS: Final = _table(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ",
) | {"*": "*", "∗": "*", "′": "′", "∘": "°", "†": "†", "⊤": "ᵀ", " ": ""}
_SUBSCRIPTS: Final = _table(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
) | {" ": ""}
_ALPHABETS: Final = {"mathbb", "mathcal", "mathfrak", "mathscr"}
_UPRIGHT: Final = {
    "mathrm", "mathbf", "mathsf", "mathit", "mathtt", "boldsymbol", "bm", "operatorname", "text",
    "textrm", "textbf", "textit", "textsf", "texttt", "emph", "mbox", "mathnormal", "pmb", "rm",
}  # fmt: skip
_COMBINING: Final = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c",
}  # fmt: skip
_NOTHING: Final = {
    "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg", "limits",
    "displaystyle", "textstyle", "nolimits", "!", "/", "bf", "it", "cal", "sf", "middle",
}  # fmt: skip
_SPACES: Final = {",": " ", ";": " ", ":": " ", " ": " ", "quad": " ", "qquad": " ", ">": " "}
_OPERATORS: Final = {
    "log", "ln", "exp", "sin", "cos", "tan", "max", "min", "sup", "inf", "lim", "det", "dim", "ker",
    "deg", "gcd", "arg", "argmax", "argmin", "Pr", "tanh", "sinh", "cosh", "arctan", "arcsin",
    "arccos", "lg", "sec", "cot", "hom", "mod",
}  # fmt: skip
_SIGNS: Final = {
    "{": "{", "}": "}", "%": "%", "$": "$", "&": "&", "#": "#", "_": "_", "|": "‖", "lbrace": "{",
    "rbrace": "}", "colon": ":", "ne": "≠", "neq": "≠", "le": "≤", "leq": "≤", "ge": "≥",
    "geq": "≥", "lesssim": "≲", "gtrsim": "≳", "to": "→", "ell": "ℓ", "hbar": "ℏ", "degree": "°",
    "prime": "′", "ldots": "…", "dots": "…", "cdots": "⋯", "backslash": "\\", "lvert": "|",
    "rvert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "vert": "|", "mid": "|", "sim": "∼",
    "top": "⊤", "ast": "∗", "star": "⋆", "circ": "∘", "dagger": "†", "langle": "⟨", "rangle": "⟩",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "cdot": "·", "leqslant": "⩽",
    "geqslant": "⩾", "varnothing": "∅", "emptyset": "∅", "slash": "/",
}  # fmt: skip
_ESCAPED: Final = re.compile(r"\\[{}$]|\\backslash|\\[lr]brace")
_SPECIALS: Final = {"~": " ", "--": "–", "---": "—", "''": "″", "``": "“"}
_SIMPLE: Final = re.compile(r"[^\W_]+|[^\W_]?[⁰-⁹₀-₉]+")
_TEXT: Final = LatexNodes2Text(math_mode="text", strict_latex_spaces=False)


@lru_cache(maxsize=2048)
def symbol(name: str) -> str | None:
    """The one character that the macro `name` stands for, or None."""
    if name in _SIGNS:
        return _SIGNS[name]
    try:
        shown = str(_TEXT.latex_to_text(f"\\{name}{{}}")).strip()
    except Exception:  # the library formats what its macro lacks: \textcolor without a text
        return None
    return shown if len(shown) == 1 and not shown.isspace() else None


def formula(tex: str) -> str:
    """The formula between its dollars as Unicode text.

    Raises Unreadable where any part of it has no form in plain text.
    """
    try:
        nodes, _, _ = LatexWalker(tex, tolerant_parsing=False).get_latex_nodes()
    except LatexWalkerError as error:
        raise Unreadable(tex) from error
    shown = re.sub(r"\s+", " ", _nodes(nodes)).strip()
    left_over = re.search(r"[\\^{}$]", shown) and not _ESCAPED.search(tex)
    if not shown or left_over:
        raise Unreadable(tex)
    return shown


def _nodes(nodes: Sequence[Any]) -> str:
    """The text of a list of nodes, scripts included."""
    out: list[str] = []
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        if isinstance(node, LatexCharsNode) and (match := re.search(r"[\^_]", node.chars)):
            out.append(_chars(node.chars[: match.start()]))
            rest = node.chars[match.end() :]
            argument = rest.lstrip()[:1]
            if argument:
                out.append(_script(match[0], _chars(argument)))
                _push(pending, rest.lstrip()[1:])
            elif pending:
                out.append(_script(match[0], _node(pending.pop())))
            else:
                raise Unreadable(node.chars)
        else:
            shown = _node(node)
            if isinstance(node, LatexMacroNode) and node.macroname in _OPERATORS:
                shown = (" " if out and out[-1][-1:].isalnum() else "") + shown  # "n\\log n"
            sign = isinstance(node, LatexMacroNode) and not shown.strip()[:1].isalpha()
            if sign and shown.strip() and out and out[-1][-1:].strip():
                shown = shown.rstrip()  # "a\\times b" had no blank before the sign
            out.append(shown)
    return "".join(out)


def _push(pending: list[Any], chars: str) -> None:
    if chars:
        pending.append(LatexCharsNode(chars=chars))


def _chars(chars: str) -> str:
    return chars.replace("'", "′").replace("~", " ").replace("\n", " ")


def _script(sign: str, text: str) -> str:
    """`text` raised (`^`) or lowered (`_`), every character of it."""
    table = _SUPERSCRIPTS if sign == "^" else _SUBSCRIPTS
    text = text.strip()
    if not text or any(character not in table for character in text):
        raise Unreadable(text)
    return "".join(table[character] for character in text)


def _node(node: Any) -> str:
    if isinstance(node, LatexCharsNode):
        return _nodes([node]) if re.search(r"[\^_]", node.chars) else _chars(node.chars)
    if isinstance(node, LatexGroupNode):
        if node.delimiters == ("{", "}"):
            return _nodes(node.nodelist)
        opener, closer = node.delimiters
        return f"{opener}{_nodes(node.nodelist)}{closer}"
    if isinstance(node, LatexMacroNode):
        return _macro(node)
    if isinstance(node, LatexSpecialsNode) and node.specials_chars in _SPECIALS:
        return _SPECIALS[node.specials_chars]
    if isinstance(node, LatexMathNode):
        return _nodes(node.nodelist)
    raise Unreadable(str(node))


def _macro(node: Any) -> str:
    name: str = node.macroname
    after: str = node.macro_post_space
    arguments = [a for a in (node.nodeargd.argnlist if node.nodeargd else None) or [] if a]
    if not arguments and (name in _NOTHING or name in _UPRIGHT):
        return ""
    if name in _SPACES:
        return _SPACES[name]
    if name in _OPERATORS:
        return name + after
    if name == "frac" or name in {"tfrac", "dfrac"}:
        return _fraction([_node(argument) for argument in arguments])
    if name == "sqrt" and len(arguments) == 1:
        inner = _node(arguments[0])
        return f"√{inner}" if _SIMPLE.fullmatch(inner) else f"√({inner})"
    if name in _UPRIGHT and len(arguments) == 1:
        return _node(arguments[0])
    if name in _ALPHABETS and len(arguments) == 1:
        return _styled(name, _node(arguments[0]))
    if name in _COMBINING and len(arguments) == 1:
        return _marked(_node(arguments[0]), _COMBINING[name])
    if name == "not" and not arguments:
        raise Unreadable(name)
    shown = symbol(name) if not arguments else None
    if shown is None:
        raise Unreadable(name)
    return shown + after


def _fraction(parts: list[str]) -> str:
    if len(parts) != 2:
        raise Unreadable("frac")
    above, below = (part if _SIMPLE.fullmatch(part) else f"({part})" for part in parts)
    return f"{above}/{below}"


def _styled(name: str, text: str) -> str:
    plain = text.isalnum() and text.isascii()
    shown = str(_TEXT.latex_to_text(f"\\{name}{{{text}}}")) if plain else ""
    if not shown or len(shown) != len(text):
        raise Unreadable(text)
    return shown


def _marked(text: str, mark: str) -> str:
    if len(unicodedata.normalize("NFC", text)) != 1:
        raise Unreadable(text)
    return unicodedata.normalize("NFC", text + mark)
