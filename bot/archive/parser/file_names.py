"""What a file's name tells: its date and its title."""

from __future__ import annotations

import re
from datetime import date

_DATED = re.compile(
    r"(?:(?P<y4>(?:19|20)\d\d)(?P<sep>[-_.]?)(?P<m4>\d\d)(?P=sep)(?P<d4>\d\d)|"
    r"(?P<y2>\d\d)(?P<m2>\d\d)(?P<d2>\d\d))"
    r"(?!\d)[\s_.-]*"
)


_FOLDERS_OWN = {"readme", "index", "_index"}
"""Names of files that are called by their folder."""
_ID = re.compile(r"[ _-][0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$", re.IGNORECASE)
"""What Notion puts behind the name of each page and folder."""


def file_stem(path: str) -> str:
    """The name of a file without its folders and its suffix."""
    name = path.rpartition("/")[2]
    for suffix in (".md", ".markdown", ".txt", ".bib", ".ris", ".csl.json", ".json", ".csv"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def note_name(path: str) -> str:
    """What a note is called: by its file; one called `README` or `index` by its folder."""
    stem = file_stem(path)
    folder = path.rpartition("/")[0].rpartition("/")[2]
    if stem.casefold() in _FOLDERS_OWN and folder:
        stem = folder
    return _ID.sub("", stem) or stem


def dated(text: str) -> tuple[date | None, str]:
    """The date that `YYMMDD Title` (or `YYYY-MM-DD Title`) begins with, and the title.

    Logseq calls a day's page `YYYY_MM_DD`; others write `YYYY.MM.DD`.
    Years 70 to 99 are of the last century. Without a date that exists, the whole text is title.
    """
    match = _DATED.match(text.strip())
    if match is None:
        return None, text.strip()
    try:
        if match["y4"]:
            day = date(int(match["y4"]), int(match["m4"]), int(match["d4"]))
        else:
            short = int(match["y2"])
            century = 1900 if short >= 70 else 2000
            day = date(century + short, int(match["m2"]), int(match["d2"]))
    except ValueError:
        return None, text.strip()
    return day, text.strip()[match.end() :].strip()
