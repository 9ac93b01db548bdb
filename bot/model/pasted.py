"""Pasted text in one plain form: nothing invisible, narrow characters, links by their targets."""

from __future__ import annotations

import re

_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
"""Zero-width characters and the marks that turn the direction of text."""
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x3001: ",",
    0xFF64: ",",
    0x2010: "-",
    0x2011: "-",
}
_IDEOGRAPHIC_STOP = re.compile(r"(?<=[0-9])[\u3002\uff61](?=[0-9])")


def visible(text: str) -> str:
    """Without characters that nobody sees; controls and line ends as blanks."""
    return text.translate(_INVISIBLE).translate(_CONTROLS)


def narrow(text: str) -> str:
    """Full-width characters, as East Asian input methods give them, in their ASCII form."""
    text = text.translate(_FULL_WIDTH)
    return _IDEOGRAPHIC_STOP.sub(".", text).replace("\u3002", " ")


def without_link_labels(text: str) -> str:
    """Markdown links `[label](target)` replaced by their targets."""
    out: list[str] = []
    done = 0
    at = text.find("](")
    while at >= 0:
        start = text.rfind("[", max(done, at - 300), at)
        end = _link_end(text, at + 2) if start >= 0 else -1
        if end >= 0:
            out += [text[done:start], " ", text[at + 2 : end], " "]
            done = end + 1
        at = text.find("](", max(at + 2, done))
    out.append(text[done:])
    return "".join(out)


def _link_end(text: str, start: int) -> int:
    """Where the parenthesis that opened just before `start` closes, or -1."""
    depth = 1
    for at in range(start, min(len(text), start + 2_100)):
        if text[at] == "(":
            depth += 1
        elif text[at] == "[":
            return -1
        elif text[at] == ")":
            depth -= 1
            if depth == 0:
                return at
    return -1
