"""What a commit of the published archive says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.archive.exporter import ExportReport
from bot.text.graphemes import shorten

_NAMED: Final = 3
"""Digests that a commit's first line names; of more it tells the number."""
_LISTED: Final = 40


def message(done: Sequence[ExportReport]) -> str:
    """`Digest 200726: 11 papers, 12 takes` and its papers; where none is new, what has changed."""
    new = [
        (report.channel, post)
        for report in done
        if report.summary is not None
        for post in report.summary.posts
        if post.address in report.written.added
    ]
    if not new:
        return _changes(done)
    new.sort(key=lambda one: (one[1].day, one[0]))
    posts = [post for _, post in new]
    counts = f"{_count(sum(len(one.papers) for one in posts), 'paper')}, " + _count(
        sum(one.takes for one in posts), "take"
    )
    days = ", ".join(f"{post.day:%y%m%d}" for post in posts)
    if len(posts) > _NAMED:
        first = f"{len(posts)} digests: {counts}"
    else:
        first = f"Digest{'s' if len(posts) > 1 else ''} {days}: {counts}"
    several = len({report.channel for report in done}) > 1
    if several and len(posts) == 1:
        first += f" ({_line(new[0][0])})"
    lines = [f"- {_line(paper)}" for post in posts for paper in post.papers]
    if len(lines) > _LISTED:
        lines = [*lines[:_LISTED], f"- … and {len(lines) - _LISTED} more"]
    return "\n".join([first, "", *lines] if lines else [first])


def _changes(done: Sequence[ExportReport]) -> str:
    touched = sum(len(report.written.touched) for report in done)
    return f"Update the archive: {_count(touched, 'file')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _line(text: str) -> str:
    return shorten(" ".join(text.split()), 120)
