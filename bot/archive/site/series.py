"""Takes that are parts of a series, told by their first words alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from bot.archive.paths import Names
from bot.archive.site.addresses import slug
from bot.archive.site.model import PaperPage, Series
from bot.isolation import RecordKind, either
from bot.model.connection import part_of


def connect(pages: Iterable[PaperPage], names: Names) -> list[Series]:
    """Give each page the series that its takes are parts of; the series by their names.

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
    several: list[Series] = []
    for _, series in sorted(found.items()):
        series.parts.sort(key=lambda one: (one[0], str(one[1].day or ""), one[1].address))
        members = dict.fromkeys(page for _, page in series.parts)
        if len(members) > 1:
            several.append(series)
            series.address = names.take(f"series/{slug(series.name)}.html")
            for page in members:
                page.series.append(series)
    return several
