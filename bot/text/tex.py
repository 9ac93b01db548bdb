"""TeX in titles and abstracts, as arXiv has it, to readable Unicode."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bot.text.formula import formula, symbol

_LONGEST_FORMULA: Final = 600

_ACCENT: Final = re.compile(
    r"""\\(?:
      (?P<sign>['"`^~=.])\ ?(?:\{(?P<a>\\?[A-Za-z])\}|(?P<b>\\[ij](?![A-Za-z])|[A-Za-z]))
    | (?P<letter>[cvuHkrbdt])(?:\ ?\{(?P<c>\\?[A-Za-z])\}|(?<=\w\\[cvH])\ (?P<d>[A-Za-z]))
    )""",
    re.X,
)
_COMBINING: Final = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
    "r": "\u030a", "b": "\u0331", "d": "\u0323", "t": "\u0361",
}  # fmt: skip
_DOTLESS: Final = {"\\i": "i", "\\j": "j"}
_LETTERS: Final = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "ldots": "…", "dots": "…", "textendash": "–", "textemdash": "—", "textbackslash": "\\",
    "textasciitilde": "~", "copyright": "©", "LaTeX": "LaTeX", "TeX": "TeX",
}  # fmt: skip
_STYLE: Final = re.compile(
    r"\\(?:emph|text(?:it|bf|sf|tt|rm|sc|sl|up|md|normal)?|mbox|uline|underline)\s?\{([^{}$\\]*)\}"
    r"|\{\\(?:it|em|bf|sf|tt|rm|sc|sl|itshape|bfseries)\s+([^{}$\\]*)\}"
)
_URL_MACRO: Final = re.compile(r"\\url\{([^{}\s]+)\}|\\href\{([^{}\s]+)\}\{([^{}]+)\}")
_MACRO: Final = re.compile(r"(?<!\\)\\([A-Za-z]+)(\{\}|\s+(?=[A-Za-z])|(?![A-Za-z]))")
_ESCAPED: Final = re.compile(r"(?<!\\)\\([%&$_#{}])")
_BRACED: Final = re.compile(r"\{([^\x00-\x7f])\}")  # what was {\'e} or {\o}
_QUOTES: Final = re.compile(r"``([^`'\n]{1,300}?)''")
_DASH: Final = re.compile(r"(?<=\w)--(?=\w)|(?<=\w)---(?=\w)")
_TIE: Final = re.compile(r"(?<=[A-Za-z][A-Za-z.])~(?=[\d\[(\\$])|(?<=\.)~(?=[\w\[(\\$])")
_WINDOWS_PATH: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\\S*")
_CONTROL_SPACE: Final = re.compile(r"(?<=[\w.)}])\\ (?=\S)")  # i.i.d.\ samples
_TEX: Final = re.compile(r"\\|\$|``|--|~|\{")  # each begins with a letter: quick to look for
_DELIMITED: Final = re.compile(r"(?<!\\)\$\$?|\\\(|\\\[")
_CLOSERS: Final = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_TEX_SIGN: Final = re.compile(r"[\\^_=<>]")
_PROSE: Final = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def readable(text: str) -> str:
    """`text` with its TeX as Unicode where that is possible, on one line.

    `$\\alpha$` is α, `\\'e` é, `$10^{-3}$` 10⁻³, `$\\mathbb{R}^n$` ℝⁿ. A formula that has no such
    form stays as it was written, whole; so does what is no TeX: `100% of 3$`, `C:\\path`, `A & B`.
    Line breaks and runs of blanks become one blank. Never raises.
    """
    text = " ".join(text.split())
    if not _TEX.search(text):
        return text
    return _converted(text)


@lru_cache(maxsize=1024)
def _converted(text: str) -> str:
    return " ".join(_convert(text).split())


def _convert(text: str) -> str:
    out: list[str] = []
    position = plain = 0
    while match := _DELIMITED.search(text, position):
        opener = match[0]
        close = _close(text, opener, match.end())
        shown = None
        if close >= 0:
            body = text[match.end() : close]
            end = close + len(opener)
            if _is_formula(body, text[end : end + 1]):
                shown = _formula(body)
                raw = text[match.start() : end]
                out += [_prose(text[plain : match.start()]), raw if shown is None else shown]
                position = plain = end
                continue
        position = match.end()
    return "".join([*out, _prose(text[plain:])])


def _close(text: str, opener: str, start: int) -> int:
    """The offset of what closes the formula that `opener` begins before `start`, or -1."""
    closer = _CLOSERS[opener]
    stop = start + _LONGEST_FORMULA
    found = text.find(closer, start, stop)
    while found > 0 and closer == "$" and text[found - 1] == "\\":
        found = text.find(closer, found + 1, stop)
    return found


def _is_formula(body: str, after: str) -> bool:
    """Whether what stands between two dollars is TeX rather than prose between two prices."""
    if not body.strip():
        return False
    signs = _TEX_SIGN.search(body) is not None
    if signs:
        return "\\" in body or not _PROSE.search(body)
    if len(body.strip()) == 1 and body.strip().isalpha():
        return True
    if body != body.strip() or after.isdigit():
        return False
    return not _PROSE.search(body)


def _formula(body: str) -> str | None:
    try:
        return formula(body)
    except Exception:  # whatever the parser trips over, the reader gets the formula as written
        return None


def _prose(text: str) -> str:
    """Text outside of formulas, file paths of Windows left alone."""
    out: list[str] = []
    position = 0
    for match in _WINDOWS_PATH.finditer(text):
        out += [_words(text[position : match.start()]), match[0]]
        position = match.end()
    return "".join([*out, _words(text[position:])])


def _words(text: str) -> str:
    if not _TEX.search(text):
        return text
    text = _CONTROL_SPACE.sub(" ", _TIE.sub(" ", text))
    text = _URL_MACRO.sub(lambda match: match[1] or f"{match[3]} ({match[2]})", text)
    text = _ACCENT.sub(_accented, text)
    text = _MACRO.sub(_macro, text)
    for _ in range(3):  # styles inside styles
        text, changed = _STYLE.subn(lambda match: match[1] or match[2] or "", text)
        if not changed:
            break
    text = _BRACED.sub(r"\1", text)
    text = _QUOTES.sub(r"“\1”", text)
    text = _DASH.sub(lambda match: "–" if len(match[0]) == 2 else "—", text)
    return _ESCAPED.sub(r"\1", text)


def _accented(match: re.Match[str]) -> str:
    accent = match["sign"] or match["letter"]
    letter = match["a"] or match["b"] or match["c"] or match["d"]
    letter = _DOTLESS.get(letter, letter)
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
    return composed if len(composed) == 1 else match[0]


def _macro(match: re.Match[str]) -> str:
    name, after = match[1], match[2]
    letter = _LETTERS.get(name)
    if letter is not None:
        return letter
    shown = symbol(name) if len(name) > 1 else None
    if shown is None or shown.isascii():
        return match[0]
    return shown + (" " if after.isspace() else "")
