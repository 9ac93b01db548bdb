"""A take's text as the database keeps it, and back to what stood in the file, to the byte."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.archive.parser.escapes import escapes

# Beginning with one of a set, not with alternatives, it leaps over all other characters.
_ODD = re.compile(
    "[\r\x85\u2028\u2029\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff](?:(?<=\r)\n)?"
)
_LINE_ENDS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")

Patch = tuple[int, int, str]
"""Place and length in the kept text, and what stood there in the file."""


class CleanedText(NamedTuple):
    """Kept text with what has to be put back. `crlf`: its line ends were all CR LF."""

    text: str
    crlf: bool = False
    patches: tuple[Patch, ...] = ()


def clean(source: str, form: str = "") -> CleanedText:
    """Text without what cannot be kept or shown: control characters, odd line ends, stray bytes,
    and the escapes of a file's form.

    `restore` gives the source back; the patches hold none of its words.
    """
    its = escapes(form)
    odds = re.compile(f"{_ODD.pattern}|{its.pattern}") if its else _ODD
    if not odds.search(source):
        return CleanedText(source)
    crlf = "\r\n" in source and source.count("\r\n") == source.count("\n")
    out: list[str] = []
    patches: list[Patch] = []
    done = length = 0
    for match in odds.finditer(source):
        piece = source[done : match.start()]
        odd = match.group()
        if its is None or _ODD.match(odd):
            instead = "\n" if odd in _LINE_ENDS else "\ufffd" if odd >= "\ud800" else ""
        else:
            instead = its.read(odd)
        out += [piece, instead]
        length += len(piece)
        if not (crlf and odd == "\r\n"):
            patches.append((length, len(instead), odd))
        length += len(instead)
        done = match.end()
    out.append(source[done:])
    return CleanedText("".join(out), crlf, tuple(patches))


def restore(cleaned: CleanedText) -> str:
    """What `clean` was given."""
    out: list[str] = []
    done = 0
    for place, length, odd in cleaned.patches:
        out += [_line_ends(cleaned.text[done:place], crlf=cleaned.crlf), odd]
        done = place + length
    out.append(_line_ends(cleaned.text[done:], crlf=cleaned.crlf))
    return "".join(out)


def _line_ends(text: str, *, crlf: bool) -> str:
    return text.replace("\n", "\r\n") if crlf else text
