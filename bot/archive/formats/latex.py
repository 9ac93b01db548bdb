r"""Text for a BibTeX field that no LaTeX run stops at, whatever its author wrote.

Formulas stay formulas where every command in them is known to LaTeX (or to AMS's packages, for
which a preamble speaks); everything else is written as people read it, every sign that TeX would
act on as the sign itself. So there is nothing in the output but what is made here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from bot.archive.formats.latex_math import AMS, formula
from bot.text.tex import readable
from bot.text.tex.spans import TexKind, spans

_PLACE: Final = 0xF8000
"""Private characters from here on stand for the formulas of a text while it is read."""
_PLACES: Final = 500

_SIGNS: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$",
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "$|$", "\u00a0": "~",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\ldots{}",
    "€": r"\texteuro{}", "£": r"\pounds{}", "§": r"\S{}", "¶": r"\P{}", "©": r"\copyright{}",
    "®": r"\textregistered{}", "™": r"\texttrademark{}",
    "°": r"$^\circ$", "′": "$'$", "″": "$''$", "¡": "!`", "¿": "?`",
    "«": "``", "»": "''", "„": ",,", "‚": ",", "•": r"$\bullet$", "−": "$-$", "‐": "-", "‑": "-",
    "\u200b": "", "\u00ad": "", "\ufeff": "", "\u2060": "", "\u200d": "", "\u200c": "",
}  # fmt: skip
_LETTERS: Final = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "ı": "i", "ȷ": "j", "đ": "dj", "Đ": "DJ", "ð": "dh", "Ð": "DH", "þ": "th", "Þ": "TH",
    "ŋ": "ng", "Ŋ": "NG", "å": "aa", "Å": "AA",
}  # fmt: skip
_ACCENTS: Final = {
    "\u0301": "'", "\u0300": "`", "\u0302": "^", "\u0308": '"', "\u0303": "~", "\u0304": "=",
    "\u0307": ".", "\u030c": "v", "\u0306": "u", "\u030b": "H", "\u030a": "r", "\u0327": "c",
    "\u0323": "d", "\u0331": "b", "\u0328": "k", "\u0326": "textcommabelow", "\u0361": "t",
}  # fmt: skip
# Letters that the fonts of old (encoding OT1) lack, and what is printed for them there.
_LACKING: Final = {
    "k": "[1]{#1}", "dj": "{d}", "DJ": "{D}", "dh": "{d}", "DH": "{D}", "th": "{th}", "TH": "{Th}",
    "ng": "{n}", "NG": "{N}",
}  # fmt: skip


def latex(text: str) -> str:
    """`text` (with TeX, as arXiv has it) for a field in braces: balanced, on one line."""
    formulas: list[str] = []
    kept: list[str] = []
    for span in spans("".join(one for one in text if not _is_place(one))):
        made = formula(span.body) if span.kind is TexKind.FORMULA else None
        if made is None or len(formulas) == _PLACES:
            kept.append(span.raw)
        else:
            kept.append(chr(_PLACE + len(formulas)))
            formulas.append(made)
    parts = _escaped(readable("".join(kept)))
    made = "".join(formulas[ord(one) - _PLACE] if _is_place(one) else one for one in parts)
    return " ".join(made.split())


def plain_latex(text: str) -> str:
    """Text that holds no TeX (a name, a title that a person typed) for a field in braces."""
    return " ".join("".join(_escaped(text)).split())


def preamble(written: str) -> str:
    """What BibTeX's own preamble must say so that plain LaTeX takes all that is `written`; empty
    if nothing."""
    lines = [line for name, line in AMS.items() if f"\\{name}" in written]
    lines += [
        f"\\expandafter\\providecommand\\csname OT1\\string\\{name}\\endcsname{said}"
        for name, said in _LACKING.items()
        if f"\\{name}{{" in written or f"\\{name}}}" in written
    ]
    if not written.isascii():
        # Scripts that pdfLaTeX has no letters for; the newer engines take them.
        name = "UTFviii@undefined@err"
        lines.append(
            f"\\expandafter\\ifx\\csname {name}\\endcsname\\relax\\else"
            f"\\expandafter\\gdef\\csname {name}\\endcsname#1{{?}}\\fi"
        )
    return "".join(f'@preamble{{"{line}"}}\n' for line in lines)


def _is_place(character: str) -> bool:
    return len(character) == 1 and _PLACE <= ord(character) < _PLACE + _PLACES


def _escaped(text: str) -> Sequence[str]:
    """The pieces of a text as TeX takes them, each letter with the marks that stand on it."""
    out: list[str] = []
    for shifted, run in groupby(unicodedata.normalize("NFC", text), _shift):
        if shifted:
            plain = "".join(unicodedata.normalize("NFKC", one) for one in run).replace("−", "-")
            out.append(_shifted(shifted, plain))
            continue
        for character in run:
            if unicodedata.combining(character) and out:
                out[-1] = _marked(out[-1], character)
            else:
                out.append(_character(character))
    return out


def _shift(character: str) -> str:
    """`^` or `_` for a character that is raised or lowered."""
    if character.isascii() or character in _SIGNS:
        return ""
    kind = unicodedata.decomposition(character).partition(" ")[0]
    return {"<super>": "^", "<sub>": "_"}.get(kind, "")


def _shifted(sign: str, plain: str) -> str:
    letters = any(one.isalpha() for one in plain)
    made = formula(f"{sign}{{\\mathrm{{{plain}}}}}" if letters else f"{sign}{{{plain}}}")
    return made or "".join(map(_character, plain))


@lru_cache(maxsize=4096)
def _character(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isascii():
        return character if character.isprintable() else " "
    if character in _LETTERS:
        return f"{{\\{_LETTERS[character]}}}"
    base, *marks = list(unicodedata.normalize("NFD", character))
    if marks and base.isascii() and base.isalpha() and all(mark in _ACCENTS for mark in marks):
        made = base
        for mark in marks:
            made = _marked(made, mark)
        return made
    return formula(character) or _otherwise(character)


def _otherwise(character: str) -> str:
    """A character without a command: by plain ones that mean the same, else as it is."""
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isascii() and plain.isprintable():
        return "".join(_character(one) for one in plain)
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    return "" if category.startswith("C") and category != "Co" else character


def _marked(made: str, mark: str) -> str:
    """`made` with an accent of TeX on it; without it where TeX has none or there is no letter."""
    accent = _ACCENTS.get(mark)
    inner = made[1:-1] if made.startswith("{") and made.endswith("}") else made
    letter = inner.removeprefix("\\") if inner in ("\\i", "\\j") else inner
    if accent is None or not (letter.isascii() and (letter.isalpha() or letter.startswith("\\"))):
        return made
    if len(letter) == 1 and not accent.isalpha():
        return f"{{\\{accent}{letter}}}"
    return f"{{\\{accent}{{{letter}}}}}"
