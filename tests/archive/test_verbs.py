"""The verbs' functions: what they do on a store and what they tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.archive.exporter import Format
from bot.archive.formats.tree import TreeOptions
from bot.archive.verbs import export_verb, exported_data, exported_text, import_verb
from bot.config import DatabaseConfig, Settings
from bot.errors import NoChannel
from bot.store import Store
from bot.verbs import digest_text

REVIEWS = Path(__file__).parents[1] / "data" / "ml-papers" / "reviews"
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
PLAIN = TreeOptions()


async def test_import_tells_what_was_understood(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    report = await import_verb(store, REVIEWS, "ml", now=NOW)
    assert report.as_text().startswith("8 files: 8 imported, 0 updated, 0 unchanged, 0 skipped\n")
    assert "URL, then title (authors)" in report.as_text()
    assert "200802 Thoughts on recent papers.md:67: Mumford-Sha" in report.as_text()
    assert json.loads(json.dumps(report.as_data()))["digests"] == 8
    # No progress bar where nobody looks, and nothing on standard output.
    assert capsys.readouterr() == ("", "")


async def test_export_of_one_channel_and_of_all(store: Store, tmp_path: Path) -> None:
    assert exported_text([]).startswith("nothing to export")
    for name in ("ml", "My/Club"):
        await import_verb(store, REVIEWS, name, now=NOW)
    [one] = await export_verb(store, tmp_path / "one", "ml", Format.MARKDOWN, options=PLAIN)
    assert exported_text([one]) == f"{tmp_path / 'one'}: 9 added, 0 changed, 0 removed, 0 unchanged"
    done = await export_verb(store, tmp_path / "all", None, Format.BIBTEX, options=PLAIN)
    assert [entry["added"] for entry in exported_data(done)] == [["ml.bib"], ["My Club.bib"]]
    assert {path.parent.name for path in (tmp_path / "all").rglob("*.bib")} == {"ml", "My Club"}
    with pytest.raises(NoChannel):
        await export_verb(store, tmp_path, "nothing", Format.MARKDOWN, options=PLAIN)


@pytest.mark.parametrize("post", sorted(REVIEWS.glob("*.md")), ids=lambda path: path.stem[:6])
async def test_digest_prints_an_imported_post_as_its_author_wrote_it(
    store: Store, database_url: str, post: Path
) -> None:
    await import_verb(store, REVIEWS.parent, "ml", now=NOW)
    day = datetime.strptime(post.stem[:6], "%y%m%d").replace(tzinfo=UTC).date()
    settings = Settings(database=DatabaseConfig(url=database_url))
    printed = await digest_text(settings, "ml", day.isoformat(), as_messages=False)
    same_day = [path.read_bytes().decode() for path in REVIEWS.glob(f"{post.stem[:6]}*.md")]
    assert printed in same_day
