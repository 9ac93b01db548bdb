"""Takes that are parts of a series, told by their first words alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from bot.archive.site.model import PaperPage, Series
from bot.isolation import RecordKind, either
from bot.model.connection import part_of


def connect(pages: Iterable[PaperPage]) -> None:
    """Give each page the series that its takes are parts of.

    One part is no series: that some words and a number begin a take may be chance.
    """
    found: dict[str, Series] = {}
    for page in pages:
        for comment in page.comments:
            part = either(
                RecordKind.EXPORTED, page.address, partial(part_of, comment.text), lambda: None
            )
            if part is None:
                continue
            series = found.setdefault(part.key, Series(part.name))
            if (part.number, page) not in series.parts:
                series.parts.append((part.number, page))
    for series in found.values():
        series.parts.sort(key=lambda one: (one[0], one[1].day, one[1].address))
        members = dict.fromkeys(page for _, page in series.parts)
        if len(members) > 1:
            for page in members:
                page.series.append(series)
