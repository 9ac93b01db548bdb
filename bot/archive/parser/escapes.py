"""What stands for a character in a file of some form, and is not to be seen in a take.

`\\|` in a table, `""` in a CSV, `\\n` in JSON, `\\&` in BibTeX, `<p>` in Zotero's notes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Final, NamedTuple

_TAG: Final = r"</?(?:p|br|b|i|em|strong|u|div|span|sub|sup|ul|ol|li|h[1-6])(?:\s[^<>]*)?/?>"
_ENTITY: Final = r"&(?:amp|lt|gt|quot|nbsp|apos|#39|#x27);"
_JSON: Final = {"\\n": "\n", "\\r": "", "\\t": "\t", '\\"': '"', "\\\\": "\\", "\\/": "/"}


class Escapes(NamedTuple):
    """What is written otherwise in a file, what it stands for, and how a new text is written."""

    pattern: str
    read: Callable[[str], str]
    write: Callable[[str], str]


def escapes(name: str) -> Escapes | None:
    """Those of a form, by its name in `ArchivedTake.form`."""
    return _ALL.get(name)


def _html(odd: str) -> str:
    if odd.startswith("&"):
        return html.unescape(odd).replace("\xa0", " ")
    name = odd.strip("</> \t").split()[0].casefold()
    return "\n" if name == "br" or (odd.startswith("</") and name in ("p", "div", "li")) else ""


def _in_table(odd: str) -> str:
    return "|" if odd == "\\|" else "\n"


def _in_json(odd: str) -> str:
    return _html(odd) if odd[0] in "<&" else _JSON[odd]


def _in_bibtex(odd: str) -> str:
    if odd[0] in "<&":
        return _html(odd)
    return odd[1] if odd[0] == "\\" else ""


_ALL: Final = {
    "table": Escapes(
        r"\\\||<br\s*/?>",
        _in_table,
        lambda text: text.replace("|", "\\|").replace("\n", "<br>"),
    ),
    "csv": Escapes('""', lambda _: '"', lambda text: text.replace('"', '""')),
    "cell": Escapes(
        "(?!)",
        str,
        lambda text: (
            f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",;\t\n]', text) else text
        ),
    ),
    "json": Escapes(
        rf'\\[ntr"\\/]|{_TAG}|{_ENTITY}',
        _in_json,
        lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    ),
    "bibtex": Escapes(
        rf"\\[&%_#$]|[{{}}]|{_TAG}|{_ENTITY}",
        _in_bibtex,
        lambda text: re.sub(r"([&%_#$])", r"\\\1", text.replace("{", "(").replace("}", ")")),
    ),
    "ris": Escapes(
        rf"{_TAG}|{_ENTITY}",
        _html,
        lambda text: re.sub(r"\n+", "\n", text),
    ),
}
