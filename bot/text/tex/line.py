"""A formula as it is written piece by piece, with blanks where its author had them or they help."""

from __future__ import annotations

import re
from typing import Final

from bot.text.tex.scripts import script

_ERRORS: Final = re.compile(r"[+−-]\d[\d.]*")
_MEASURED: Final = {*"0123456789)"}
ORDINALS: Final = {"th", "st", "nd", "rd"}


class Line:
    """What is written so far of a formula."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._loose = ""  # what a blank must keep apart from what comes: `k_B T`, `log n`, `L^∞ 2`
        self._blank = False  # one after a letter, which counts only before a sign
        self._raised = ("", "", -1)  # the last script: sign, text, place

    def text(self) -> str:
        return "".join(self._out)

    def add(self, text: str) -> None:
        if not text:
            return
        first = text[0]
        apart = self._blank and first in "=<>+-≤≥≈→∈~"
        if self._loose == "-":
            apart = first in "+-−"
        elif self._loose:
            letters = first.isdigit() if self._loose == "∞" else first.isalnum()
            apart = apart or letters or (self._loose == "/" and first == "(")
        if apart and not first.isspace():
            self._out.append(" ")
        self._loose, self._blank = "", False
        self._out.append(text)

    def script(self, sign: str, text: str, word: bool) -> None:
        self._blank = False
        if text in ORDINALS and sign == "^" and (not self._out or self._last().isdigit()):
            self._out.append(text)
            return
        if text == "o" and sign == "^" and (not self._out or self._last().isdigit()):
            text = "°"  # 20$^{\rm o}$C
        if self._errors(sign, text):
            return
        made, whole = script(sign, text, word=word)
        if made:
            self._raised = (sign, text, len(self._out))
            self._out.append(made)
            alike = made[-1].isalnum() or made[-1] == ")"
            self._loose = "" if whole else made if alike else "∞"

    def _errors(self, sign: str, text: str) -> bool:
        """Whether this completes the two limits of a measured value: `1.2 (+0.3/-0.2)`."""
        other, limit, at = self._raised
        if at != len(self._out) - 1 or other == sign or not _ERRORS.fullmatch(text):
            return False
        if not _ERRORS.fullmatch(limit) or not (at and self._out[at - 1][-1:] in _MEASURED):
            return False
        above, below = (limit, text) if other == "^" else (text, limit)
        self._out[at:] = [f" ({above}/{below})"]
        self._loose = ")"
        return True

    def fraction(self, text: str) -> None:
        """`1 1/2 (a+b)`: apart from a number before it and what is multiplied by it."""
        self.add(" " if self._last().isdigit() else "")
        self.add(text)
        self._loose = "/"

    def operator(self, name: str, blank: bool) -> None:
        if self._last().isalnum() or self._last() in ")]}":
            self._out.append(" ")
        self._loose, self._blank = "", False
        self._out.append(name)
        self._loose = name
        if blank and not self._last().isspace():
            self._blank = True

    def sign(self, shown: str, blank: bool) -> None:
        """A symbol. A blank that only ends its command's name is none of the formula's."""
        if shown[0].isalpha() or shown[0] in "∂∇∞∅ℓ√∫∑∏¬∀∃":
            self.add(shown)
            self._blank = blank
            return
        if self._blank and not self._last().isspace():
            self._out.append(" ")
        spaced = self._last().isspace()
        self._loose = "" if spaced or not blank else "-"  # "≲ -2", but "∼10"
        self._blank = False
        self._out.append(shown + (" " if blank and spaced else ""))

    def _last(self) -> str:
        return self._out[-1][-1:] if self._out else ""
