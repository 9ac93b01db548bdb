"""`papertakes search`: what it finds in archives that exist in the database only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.archive.importing.importer import import_archive
from bot.config import DatabaseConfig, Settings
from bot.errors import NoChannel, NotListed, SearchEmpty
from bot.store import Store
from bot.verbs import related_rows, search_text

REVIEWS = Path(__file__).parents[1] / "data" / "ml-papers" / "reviews"
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)


async def test_an_imported_archive_is_searched_at_once(store: Store) -> None:
    await import_archive(store, REVIEWS, "ml", now=NOW)
    settings = Settings(
        database=DatabaseConfig(url=store.url.render_as_string(hide_password=False))
    )
    text, hits = await search_text(settings, "transferability", "ml")
    assert "robustness와 transferability 3." in text
    assert json.loads(json.dumps(hits))[0]["kind"] in {"take", "paper"}
    asked = {part["text"].casefold() for hit in hits for part in hit["snippet"] if part["asked"]}
    assert asked == {"transferability"}
    assert (await search_text(settings, "transferability", None))[1] == hits
    text, [hit] = await search_text(settings, "놀아서", "ml")
    assert "200726 Thoughts on recent papers.md" in text
    assert hit["document"] == {"path": "200726 Thoughts on recent papers.md", "day": "2020-07-26"}
    assert (hit["kind"], hit["url"], hit["take"]) == ("document", None, None)
    assert await search_text(settings, "unheard-of-word", None) == ("", [])
    with pytest.raises(NoChannel):
        await search_text(settings, "transferability", "nope")
    with pytest.raises(SearchEmpty):
        await search_text(settings, "***", None)


async def test_papers_around_one_come_with_a_reason(store: Store) -> None:
    await import_archive(store, REVIEWS.parent, "ml", now=NOW)
    settings = Settings(
        database=DatabaseConfig(url=store.url.render_as_string(hide_password=False))
    )
    rows = await related_rows(settings, "2007.10909", "ml", 10)
    assert len(rows) == 10
    assert all(row["title"] and row["url"] and row["reason"] for row in rows)
    assert "2007.10909" not in {row["id"] for row in rows}
    assert await related_rows(settings, "2007.10909", "ml", 3) == rows[:3]
    with pytest.raises(NotListed):
        await related_rows(settings, "1706.03762", "ml", 3)
    with pytest.raises(NoChannel):
        await related_rows(settings, "2007.10909", "nope", 3)
