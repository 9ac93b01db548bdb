"""Reading RIS, as Zotero and EndNote write it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bot.archive.parser.library import LibraryRecord
from bot.archive.parser.properties import people

_LINE: Final = re.compile(r"^\ufeff?([A-Z][A-Z0-9])  ?- ?(.*)$", re.MULTILINE)
_NOTES: Final = ("N1", "RN")


def ris_records(text: str) -> Iterator[LibraryRecord]:
    """The records of a file, from `TY` to `ER`."""
    lines = list(_LINE.finditer(text))
    start: int | None = None
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        tag = line[1]
        if tag == "TY":
            start, spans = line.start(), defaultdict(list)
        elif tag == "ER" and start is not None:
            yield _record(text, start, line.end(), spans)
            start = None
        else:
            # A value goes on until the next line with a tag.
            end = following.start() if following is not None else line.end()
            spans[tag].append((line.start(2), max(line.start(2), len(text[:end].rstrip()))))


def _record(
    text: str, start: int, end: int, spans: dict[str, list[tuple[int, int]]]
) -> LibraryRecord:
    def values(*tags: str) -> list[str]:
        found = [text[low:high].strip() for tag in tags for low, high in spans.get(tag, ())]
        return [one for one in found if one]

    return LibraryRecord(
        start,
        end,
        title=next(iter(values("TI", "T1", "CT")), ""),
        authors=people([*values("AU", "A1"), ""]),
        abstract=next(iter(values("AB", "N2")), ""),
        references=values("UR", "DO", "L1", "L2", "LK", "PB", "T2", "JO", "AN", "C1", "M1"),
        tags=[one for value in values("KW") for one in re.split(r"[,;\n]", value)],
        days=values("Y2", "RD"),
        notes=[span for tag in _NOTES for span in spans.get(tag, ())],
    )
