"""Formulas written anew with nothing but commands that LaTeX has."""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.text.tex.symbols import NOTHING, ONE_TEXT, SPACES, symbol
from bot.text.tex.tree import Command, Group, Node, Reader, Script, parse_formula

LONGEST: Final = 600
_DEEPEST: Final = 8

# Without an argument, in LaTeX itself (its kernel, https://www.latex-project.org).
_SYMBOLS: Final = {
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta",
    "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "varpi", "rho", "varrho",
    "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma",
    "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "pm", "mp",
    "times", "div", "ast", "star", "circ", "bullet", "cdot", "cap", "cup", "uplus", "sqcap",
    "sqcup", "vee", "wedge", "setminus", "wr", "diamond", "bigtriangleup", "bigtriangledown",
    "triangleleft", "triangleright", "oplus", "ominus", "otimes", "oslash", "odot", "bigcirc",
    "dagger", "ddagger", "amalg", "le", "leq", "ge", "geq", "equiv", "models", "prec", "succ",
    "sim", "perp", "preceq", "succeq", "simeq", "mid", "ll", "gg", "asymp", "parallel", "subset",
    "supset", "approx", "bowtie", "subseteq", "supseteq", "cong", "ne", "neq", "smile", "frown",
    "propto", "in", "ni", "notin", "vdash", "dashv", "doteq", "leftarrow", "Leftarrow",
    "rightarrow", "Rightarrow", "leftrightarrow", "Leftrightarrow", "mapsto", "hookleftarrow",
    "hookrightarrow", "leftharpoonup", "rightharpoonup", "rightleftharpoons", "longleftarrow",
    "longrightarrow", "longleftrightarrow", "longmapsto", "Longrightarrow", "Longleftarrow",
    "Longleftrightarrow", "to", "gets", "iff", "uparrow", "Uparrow", "downarrow", "Downarrow",
    "updownarrow", "nearrow", "searrow", "swarrow", "nwarrow", "ldots", "cdots", "vdots", "ddots",
    "aleph", "prime", "forall", "infty", "hbar", "emptyset", "exists", "imath", "jmath", "ell",
    "surd", "wp", "nabla", "top", "bot", "flat", "natural", "sharp", "neg", "lnot", "land", "lor",
    "partial", "angle", "triangle", "clubsuit", "diamondsuit", "heartsuit", "spadesuit", "Re",
    "Im", "backslash", "sum", "prod", "coprod", "int", "oint", "bigcap", "bigcup", "bigvee",
    "bigwedge", "bigoplus", "bigotimes", "bigodot", "biguplus", "arccos", "arcsin", "arctan",
    "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd", "hom", "inf",
    "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh",
    "sup", "tan", "tanh", "lfloor", "rfloor", "lceil", "rceil", "langle", "rangle", "lbrace",
    "rbrace", "lbrack", "rbrack", "vert", "Vert", "quad", "qquad",
}  # fmt: skip
_RENAMED: Final = {
    "dots": "ldots", "dotsc": "ldots", "dotsb": "cdots", "leqslant": "leq", "geqslant": "geq",
    "varnothing": "emptyset", "implies": "Longrightarrow", "lvert": "vert", "rvert": "vert",
    "lVert": "Vert", "rVert": "Vert", "colon": "", "iff": "iff", "square": "", "|": "Vert",
    "{": "lbrace", "}": "rbrace", "dag": "dagger", "ddag": "ddagger", "coloneqq": "",
}  # fmt: skip
_ACCENTED: Final = {
    "hat", "widehat", "bar", "overline", "tilde", "widetilde", "vec", "dot", "ddot", "check",
    "breve", "acute", "grave", "mathring", "underline", "overrightarrow", "mathrm", "mathbf",
    "mathsf", "mathit", "mathtt", "mathcal", "sqrt",
}  # fmt: skip
_STYLES: Final = {
    "boldsymbol": "mathbf", "bm": "mathbf", "operatorname": "mathrm", "operatorname*": "mathrm",
    "mathnormal": "mathit", "mathscr": "mathcal", "pmb": "mathbf", "text": "mathrm",
    "Bbb": "mathbb", "mathds": "mathbb", "mathbbm": "mathbb",
}  # fmt: skip
_DECLARED: Final = {
    "rm": "mathrm", "bf": "mathbf", "it": "mathit", "sf": "mathsf", "tt": "mathtt", "cal": "mathcal"
}  # fmt: skip
AMS: Final = {
    "mathbb": "\\providecommand{\\mathbb}[1]{\\mathbf{#1}}",
    "mathfrak": "\\providecommand{\\mathfrak}[1]{\\mathbf{#1}}",
    "lesssim": "\\providecommand{\\lesssim}{\\leq}",
    "gtrsim": "\\providecommand{\\gtrsim}{\\geq}",
}  # fmt: skip
"""What AMS's packages have, and what stands for it where they are not used."""
_PLAIN: Final = {*string.ascii_letters, *string.digits, *"+-*/=()[],.:;!?'<>| "}
_BRACKETS: Final = frozenset(("left", "right", "middle"))


class _Unsafe(ValueError):
    """The formula holds what is not known to be safe."""


def formula(body: str) -> str | None:
    """What stands between a formula's dollars as LaTeX, with dollars; None if not all of it is
    known to be taken."""
    if len(body) > LONGEST:
        return None
    nodes, balanced = parse_formula(body.strip())
    if not balanced or not nodes:
        return None
    try:
        made = _nodes(nodes, 0)
    except _Unsafe:
        return None
    return f"${made.strip()}$" if made.strip() else None


def _nodes(nodes: Sequence[Node], depth: int) -> str:
    if depth > _DEEPEST:
        raise _Unsafe
    if nodes and isinstance(nodes[0], Command) and nodes[0].name in _DECLARED:
        return f"\\{_DECLARED[nodes[0].name]}{{{_nodes(nodes[1:], depth + 1)}}}"
    reader = Reader(nodes)
    out: list[str] = []
    raised = ""  # the scripts of what stands before, and its primes: none may come twice
    while reader:
        node = reader.next()
        if isinstance(node, Script):
            if node.sign in raised:
                raise _Unsafe
            raised += node.sign
            inner = _atom(reader, depth)
            out.append(
                node.sign + (inner if inner.isalnum() and len(inner) == 1 else f"{{{inner}}}")
            )
            continue
        made = _node(node, reader, depth)
        if made.lstrip().startswith("'") and "^" in raised:
            raise _Unsafe
        raised = "" if made.strip() else raised
        out.append(made)
    return "".join(out)


def _atom(reader: Reader, depth: int) -> str:
    reader.skip_blanks()
    if not reader:
        raise _Unsafe
    if isinstance(reader.peek(), Command):
        return _node(reader.next(), reader, depth + 1)
    argument = reader.argument()
    if not argument or isinstance(argument[0], Script):
        raise _Unsafe
    return _nodes(argument, depth + 1)


def _node(node: Node, reader: Reader, depth: int) -> str:
    if isinstance(node, str):
        return "".join(_character(one) for one in node)
    if isinstance(node, Group) and not node.environment:
        return f"{{{_nodes(node.nodes, depth + 1)}}}"
    if isinstance(node, Command):
        return _command(node.name, reader, depth)
    raise _Unsafe


def _command(name: str, reader: Reader, depth: int) -> str:
    name = _RENAMED.get(name, name)
    if name in _SYMBOLS or name in ("lesssim", "gtrsim"):
        return f"\\{name} "
    if name in ("%", "#", "&", "$", "_"):
        return f"\\{name}"
    if name in SPACES:
        return "\\," if name in (",", ";", ":", ">") else "\\;"
    if name in NOTHING:
        if name in _BRACKETS and isinstance(text := reader.peek(), str) and text.startswith("."):
            reader.argument()
        return ""
    if name in ("frac", "tfrac", "dfrac"):
        return f"\\frac{{{_argument(reader, depth)}}}{{{_argument(reader, depth)}}}"
    if name in ONE_TEXT:
        return _text(reader)
    name = _STYLES.get(name, name)
    if name in _ACCENTED or name in ("mathbb", "mathfrak"):
        return f"\\{name}{{{_argument(reader, depth)}}}"
    raise _Unsafe


def _argument(reader: Reader, depth: int) -> str:
    if isinstance(reader.peek(), str) and reader.option() is not None:
        raise _Unsafe
    argument = reader.argument()
    if not argument or isinstance(argument[0], Script):
        raise _Unsafe
    return _nodes(argument, depth + 1)


def _text(reader: Reader) -> str:
    """Words within a formula: letters and digits alone."""
    group = reader.group()
    if not group or not all(isinstance(one, str) for one in group):
        raise _Unsafe
    words = "".join(one for one in group if isinstance(one, str))
    if not words.isascii() or not all(one.isalnum() or one in " .,-" for one in words):
        raise _Unsafe
    return f"\\mbox{{{words}}}"


def _character(character: str) -> str:
    if character in _PLAIN:
        return character
    if character == "~":
        return "\\;"
    name = _by_character().get(character)
    if name is None:
        raise _Unsafe
    return f"\\{name} "


@cache
def _by_character() -> dict[str, str]:
    """By character the symbol that shows it."""
    names = sorted(_SYMBOLS, key=lambda name: (len(name), name), reverse=True)
    found = {shown: name for name in names if (shown := symbol(name)) and len(shown) == 1}
    found |= {"≲": "lesssim", "≳": "gtrsim", "ε": "varepsilon", "ϵ": "epsilon", "φ": "varphi"}
    found |= {"ϕ": "phi", "→": "to", "·": "cdot", "∅": "emptyset", "‖": "Vert", "∗": "ast"}
    return {shown: name for shown, name in found.items() if not shown.isascii()}
