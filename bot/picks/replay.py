"""A reader's past, played day by day: what would have been picked, had the bot been there."""

from __future__ import annotations

import gzip
import json
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import HostError
from bot.picks.examples import due, others
from bot.picks.taste import Taste, learn_taste
from bot.picks.words import PickPaper, Vocabulary


class BadPapers(HostError):
    """A file of papers cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class DayPicks:
    """The papers of one day's listing, best first; those noted before stand last."""

    day: date
    ids: Sequence[str]


def replayed(
    listings: Sequence[PickPaper],
    noted: Sequence[PickPaper],
    first: date,
    last: date,
    notes_at_most: int | None = None,
) -> Iterator[DayPicks]:
    """For each listing from the first to the last day: its papers in order, by what was known
    before that day. `notes_at_most`: learn from so many of the newest notes alone."""
    by_day: defaultdict[date, list[PickPaper]] = defaultdict(list)
    for paper in listings:
        by_day[paper.day].append(paper)
    noted = _completed(sorted(noted, key=lambda paper: (paper.day, paper.id)), listings)
    learnt: date | None = None
    notes = 0
    for day in sorted(day for day in by_day if first <= day <= last):
        known = noted[: bisect_left(noted, day, key=lambda paper: paper.day)]
        if due(learnt, notes, day, len(known)):
            vocabulary, taste = _learnt(listings, known, day, notes_at_most)
            learnt, notes = day, len(known)
        before = {paper.id for paper in known}
        new = [paper for paper in by_day[day] if paper.id not in before]
        ranked = taste.ranked((paper, vocabulary.vector(paper)) for paper in new)
        again = sorted({paper.id for paper in by_day[day]} & before)
        yield DayPicks(day, [*(paper.id for paper in ranked), *again])


def _learnt(
    listings: Sequence[PickPaper], known: Sequence[PickPaper], day: date, notes_at_most: int | None
) -> tuple[Vocabulary, Taste]:
    before = [paper for paper in listings if paper.day < day]
    unnoted = others(before, {paper.id for paper in known}, day)
    if notes_at_most is not None:
        known = known[max(0, len(known) - notes_at_most) :]
    vocabulary = Vocabulary.of(lambda: [*unnoted, *known])
    return vocabulary, learn_taste(vocabulary, known, unnoted, before, day)


def _completed(noted: Sequence[PickPaper], listings: Sequence[PickPaper]) -> list[PickPaper]:
    """With what the listing says of a paper where the note says nothing."""
    listed = {paper.id: paper for paper in listings}
    return [
        replace(
            paper,
            title=paper.title or listed[paper.id].title,
            abstract=paper.abstract or listed[paper.id].abstract,
            authors=paper.authors or listed[paper.id].authors,
        )
        if paper.id in listed
        else paper
        for paper in noted
    ]


def read_papers(path: Path, day: str) -> list[PickPaper]:
    """The papers of a file of JSON Lines (`.gz`: compressed): `id`, `title`, `authors`, `abstract`
    (each of the latter may be null), and a date under the name `day`. Raises BadPapers."""
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as lines
        ):
            return [
                _paper(line, day, f"{path}, line {number}")
                for number, line in enumerate(lines, 1)
                if line.strip()
            ]
    except UnicodeDecodeError:
        raise BadPapers(f"{path}: not UTF-8 text") from None
    except (OSError, EOFError, zlib.error) as error:
        raise BadPapers(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _paper(line: str, day: str, place: str) -> PickPaper:
    wanted = f'{place}: wants {{"id": "2501.00001", "title": "…", "{day}": "2025-01-31"}}'
    try:
        read: Mapping[str, Any] = json.loads(line)
        paper = PickPaper(
            id=read["id"],
            title=read.get("title") or "",
            abstract=read.get("abstract") or "",
            authors=tuple(read.get("authors") or ()),
            day=date.fromisoformat(read[day]),
        )
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise BadPapers(wanted) from None
    if not all(isinstance(text, str) for text in (*_texts(paper), *paper.authors)):
        raise BadPapers(wanted)
    return paper


def _texts(paper: PickPaper) -> tuple[object, ...]:
    return paper.id, paper.title, paper.abstract
