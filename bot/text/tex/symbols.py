"""What single commands stand for."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from pylatexenc.latex2text import LatexNodes2Text

_TEXT: Final = LatexNodes2Text(math_mode="text", strict_latex_spaces=False)

# Where the library knows nothing, knows more than one character, or knows a rarer one.
_SIGNS: Final = {
    "{": "{", "}": "}", "%": "%", "$": "$", "&": "&", "#": "#", "_": "_", "|": "‖", "lbrace": "{",
    "rbrace": "}", "lbrack": "[", "rbrack": "]", "colon": ": ", "ne": "≠", "neq": "≠", "le": "≤",
    "leq": "≤", "ge": "≥", "geq": "≥", "lesssim": "≲", "gtrsim": "≳", "to": "→", "ell": "ℓ",
    "hbar": "ℏ", "degree": "°", "prime": "′", "ldots": "…", "dots": "…", "dotsc": "…",
    "dotso": "…", "hdots": "…", "cdots": "⋯", "dotsb": "⋯", "backslash": "\\", "lvert": "|",
    "rvert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "vert": "|", "mid": "|", "sim": "∼",
    "top": "⊤", "bot": "⊥", "ast": "∗", "star": "⋆", "circ": "∘", "dagger": "†", "ddagger": "‡",
    "dag": "†", "ddag": "‡", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋",
    "lceil": "⌈", "rceil": "⌉", "cdot": "·", "leqslant": "⩽", "geqslant": "⩾", "varnothing": "∅",
    "emptyset": "∅", "slash": "/", "ggg": "⋙", "lll": "⋘", "iff": "⇔", "implies": "⇒",
    "impliedby": "⇐", "land": "∧", "lor": "∨", "neg": "¬", "lnot": "¬", "Re": "Re", "Im": "Im",
    "Box": "□", "square": "□", "triangle": "△", "Diamond": "◇", "diamond": "⋄", "clubsuit": "♣",
    "spadesuit": "♠", "heartsuit": "♥", "diamondsuit": "♦", "checkmark": "✓", "models": "⊨",
    "leadsto": "⇝", "restriction": "↾", "imath": "ı", "jmath": "ȷ", "bigstar": "★", "bullet": "•",
    "qed": "∎", "coloneqq": "≔", "eqqcolon": "≕", "coloneq": "≔", "thicksim": "∼",
    "varpropto": "∝", "lhd": "◁", "rhd": "▷", "unlhd": "⊴", "unrhd": "⊵", "Bbbk": "𝕜",
    "bigsqcup": "⨆", "earth": "⊕", "oplus": "⊕", "sun": "☉", "astrosun": "☉", "mars": "♂",
    "male": "♂", "female": "♀", "venus": "♀", "circledR": "®", "ohm": "Ω", "mho": "℧",
    "celsius": "°C", "arcdeg": "°", "arcmin": "′", "arcsec": "″", "farcs": "″.", "farcm": "′.",
    "fdg": "°.", "micron": "μm", "angstrom": "Å", "AA": "Å", "micro": "μ", "textmu": "μ", "S": "§",
    "P": "¶", "textsection": "§", "pounds": "£", "textsterling": "£", "euro": "€", "texteuro": "€",
    "EUR": "€", "EURtm": "€", "textdollar": "$", "copyright": "©", "textcopyright": "©",
    "textless": "<", "textgreater": ">", "textbar": "|", "lt": "<", "gt": ">",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_",
    "textquotesingle": "'", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotedbl": '"', "lq": "‘", "rq": "’", "textendash": "–",
    "textemdash": "—", "textellipsis": "…", "textdegree": "°", "textohm": "Ω", "texttimes": "×",
    "textpm": "±", "textrightarrow": "→", "textperthousand": "‰", "LaTeX": "LaTeX", "TeX": "TeX",
    "LaTeXe": "LaTeX2ε", "BibTeX": "BibTeX", "eps": "ε", "Msun": "M_⊙", "msun": "M_⊙",
    "Msol": "M_⊙", "Lsun": "L_⊙", "lsun": "L_⊙", "Rsun": "R_⊙", "rsun": "R_⊙", "Lya": "Lyα",
    "lya": "Lyα", "Halpha": "Hα", "halpha": "Hα", "lcdm": "ΛCDM", "LCDM": "ΛCDM", "kms": "km/s",
    "kmsMpc": "km/s/Mpc", "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.", "cf": "cf.",
    "wrt": "w.r.t.", "vs": "vs.", "dd": "d", "fb": "fb", "pb": "pb", "GeV": "GeV", "TeV": "TeV",
    "MeV": "MeV", "keV": "keV", "eV": "eV", "HI": "H I", "HII": "H II", "hi": "H I", "hii": "H II",
    "Planck": "Planck", "bigotimes": "⨂", "bigoplus": "⨁", "longrightarrow": "⟶", "lbbrack": "⟦",
    "llbracket": "⟦", "rrbracket": "⟧", "R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ",
    "CC": "ℂ", "RR": "ℝ", "ZZ": "ℤ", "NN": "ℕ", "QQ": "ℚ", "reals": "ℝ", "Tr": "Tr", "tr": "tr",
    "Reals": "ℝ",
}  # fmt: skip

OPERATORS: Final = {
    "log", "ln", "exp", "sin", "cos", "tan", "max", "min", "sup", "inf", "lim", "det", "dim",
    "ker", "deg", "gcd", "arg", "argmax", "argmin", "Pr", "tanh", "sinh", "cosh", "arctan",
    "arcsin", "arccos", "lg", "sec", "csc", "cot", "coth", "hom", "mod", "bmod", "limsup",
    "liminf", "rank", "diag", "sgn", "sign", "tr", "Tr", "Re", "Im", "supp", "poly", "polylog",
    "erf", "varlimsup", "varliminf", "injlim", "projlim", "rad", "GL", "SL", "SU", "SO", "Spec",
    "Proj", "Hom", "Ext", "Tor", "End", "Aut", "Gal", "coker", "im", "id", "Id", "vol", "Vol",
    "Var", "Cov",
}  # fmt: skip
_SPELT: Final = {
    "limsup": "lim sup", "liminf": "lim inf", "bmod": "mod", "varlimsup": "lim sup",
    "varliminf": "lim inf",
}  # fmt: skip

SPACES: Final = {
    ",": " ", ";": " ", ":": " ", " ": " ", ">": " ", "quad": " ", "qquad": " ", "enspace": " ",
    "thinspace": " ", "enskip": " ", "space": " ", "hfill": " ", "newline": " ", "linebreak": " ",
    "par": " ", "\\": " ", "hfil": " ", "bigskip": " ", "medskip": " ", "smallskip": " ",
    "thickspace": " ", "medspace": " ", "break": " ", "\n": " ", "\t": " ",
}  # fmt: skip

NOTHING: Final = {
    "!", "/", "-", "@", "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr",
    "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "Bigm", "limits", "nolimits",
    "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "displaylimits", "nonumber",
    "notag", "negthinspace", "boldmath", "unboldmath", "xspace", "protect", "relax", "noindent",
    "indent", "centering", "allowbreak", "nobreak", "nolinebreak", "nopagebreak", "leavevmode",
    "normalsize", "small", "footnotesize", "scriptsize", "tiny", "large", "Large", "LARGE", "huge",
    "Huge", "em", "it", "bf", "sf", "tt", "rm", "sc", "sl", "itshape", "bfseries", "ttfamily",
    "rmfamily", "sffamily", "scshape", "slshape", "upshape", "mdseries", "normalfont",
    "selectfont", "mit", "frenchspacing", "sloppy", "raggedright", "hline", "maketitle", "strut",
    "null", "mathstrut", "ignorespaces", "unskip", "bgroup", "egroup", "begingroup", "endgroup",
}  # fmt: skip
"""Commands that change looks or nothing."""

ONE_TEXT: Final = {
    "emph", "text", "textit", "textbf", "textsf", "texttt", "textrm", "textsc", "textsl", "textup",
    "textmd", "textnormal", "mbox", "hbox", "fbox", "makebox", "framebox", "uline", "uuline",
    "underline", "uwave", "sout", "st", "hl", "so", "ul", "textlf", "enquote", "section",
    "subsection", "paragraph", "textls", "lowercase", "uppercase", "MakeUppercase",
    "MakeLowercase", "MakeTextUppercase", "ac", "acs", "acl", "acf", "acp", "gls", "Gls", "glspl",
    "abbr", "intertext", "centerline", "textquote", "caption", "vbox", "textcompwordmark",
    "keywords", "abstract", "term", "code", "mono", "todo", "nobreakdash", "smash", "lstinline",
    "mintinline", "textin", "red", "blue", "green", "rev", "revised", "new", "add", "added",
    "edit", "textred",
}  # fmt: skip
"""Commands of running text that show their one argument."""

UPRIGHT: Final = {
    "mathrm", "mathbf", "mathsf", "mathit", "mathtt", "boldsymbol", "bm", "operatorname",
    "operatorname*", "mathnormal", "pmb", "mathop", "mathrel", "mathbin", "mathord", "mathopen",
    "mathclose", "mathpunct", "mathinner", "boxed", "symbf", "symrm", "symit", "mathbfit", "bold",
    "vb", "vb*", "va", "mathbold", "bs", "mathsfit", "tens", "ensuremath", "underbrace",
    "overbrace", "cancel", "mathlarger", "lefteqn", "smash", "mathclap", "mathllap", "mathrlap",
    "unit", "underline",
}  # fmt: skip
"""Commands of formulas that show their one argument."""

HIDDEN: Final = {
    "label": 1, "vspace": 1, "vspace*": 1, "hspace": 1, "hspace*": 1, "phantom": 1, "hphantom": 1,
    "vphantom": 1, "color": 1, "pagestyle": 1, "thispagestyle": 1, "bibliographystyle": 1,
    "setcounter": 2, "setlength": 2, "pagecolor": 1, "fontsize": 2, "rule": 2, "index": 1,
    "hypertarget": 1, "pdfbookmark": 2, "usepackage": 1, "documentclass": 1,
}  # fmt: skip
"""Commands whose arguments nobody is to see, and how many these are."""

ALPHABETS: Final = {
    "mathbb": "mathbb", "mathcal": "mathcal", "mathfrak": "mathfrak", "mathscr": "mathscr",
    "Bbb": "mathbb", "mathds": "mathbb", "mathbbm": "mathbb", "cal": "mathcal", "frak": "mathfrak",
    "scr": "mathscr", "EuScript": "mathcal", "mathpzc": "mathcal", "mathbbmss": "mathbb",
    "symbb": "mathbb", "symcal": "mathcal", "symfrak": "mathfrak", "mathfrk": "mathfrak",
    "eufrak": "mathfrak",
}  # fmt: skip
"""By command the one of the same letters that the library has."""

DECLARED: Final = {"cal", "frak", "scr", "Bbb"}
r"""Alphabets that hold for the rest of their group: `{\cal N}`."""

MARKS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0305", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c",
    "widecheck": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "mathring": "\u030a", "overrightarrow": "\u20d7", "slashed": "\u0338", "dddot": "\u20db",
    "utilde": "\u0330", "underbar": "\u0332", "Hat": "\u0302", "Bar": "\u0304", "Tilde": "\u0303",
    "Dot": "\u0307",
}  # fmt: skip
"""Marks above (or through) what they are put on."""


@lru_cache(maxsize=4096)
def symbol(name: str) -> str | None:
    """What the command `name` stands for where it has no argument, or None."""
    if name in _SIGNS:
        return _SIGNS[name]
    if name in OPERATORS:
        return _SPELT.get(name, name)
    if not name.isalpha():
        return None
    try:
        shown = str(_TEXT.latex_to_text(f"\\{name}{{}}")).strip()
    except Exception:  # the library formats what its macro lacks: \textcolor without a text
        return None
    return shown if len(shown) == 1 and not shown.isspace() else None


@lru_cache(maxsize=1024)
def styled(alphabet: str, text: str) -> str:
    """ASCII letters and digits of `text` in one of mathematics' alphabets: ℝ, 𝒪, 𝔤."""
    return "".join(_styled(ALPHABETS[alphabet], character) for character in text)


def _styled(alphabet: str, character: str) -> str:
    if not (character.isascii() and character.isalnum()):
        return character
    if alphabet == "mathbb" and character.isdigit():
        return chr(ord("𝟘") + int(character))
    shown = str(_TEXT.latex_to_text(f"\\{alphabet}{{{character}}}"))
    return shown if len(shown) == 1 else character


def marked(text: str, mark: str) -> str | None:
    """`text` with the mark on its character, or on each of a few; None where it has no room."""
    plain = unicodedata.normalize("NFC", text)
    if len(plain) == 1:
        if mark == "\u0305" and plain.isalnum():
            mark = "\u0304"  # one letter has its macron
        return unicodedata.normalize("NFC", plain + mark)
    letters = [one for one in plain if not unicodedata.combining(one)]
    if 2 <= len(letters) <= 4 and all(one.isalnum() for one in letters):
        return unicodedata.normalize("NFC", "".join(one + mark for one in plain))
    return None
