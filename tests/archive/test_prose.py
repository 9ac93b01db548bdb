"""What is searched of a file beside its takes and papers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.archive.formats import jsonl
from bot.archive.importing.importer import import_archive
from bot.archive.parser.body import build
from bot.archive.parser.prose import prose, read_again
from bot.archive.parser.reader import parse
from bot.store import Store
from bot.store.schema import DocumentRow
from tests.archive_scan import ARCHIVE

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
POST = """# 200726 Title

intro

https://arxiv.org/abs/2007.10909

An Earlier Title (Ada Lovelace)

A take.

## Section
"""


def test_words_that_no_take_and_no_paper_has() -> None:
    document = parse("a.md", POST.encode())
    known = {"https://arxiv.org/abs/2007.10909": "A Later Title\nAda Lovelace"}
    title = "An Earlier Title (Ada Lovelace)"
    assert prose(document, known) == f"# 200726 Title\n\nintro\n\n{title}\n\n## Section"
    same = {"https://arxiv.org/abs/2007.10909": f"{title} 2007.10909"}
    assert prose(document, same) == "# 200726 Title\n\nintro\n\n## Section"


def test_a_take_that_reads_like_prose_stays_out() -> None:
    body = build(parse("a.md", POST.encode()), [[7]])
    document, own = read_again("a.md", body, {7: "# Looks like\n\nprose"})
    found = prose(document, {}, own)
    assert "intro" in found
    assert "Looks" not in found
    assert "prose" not in found


async def test_json_lines_bring_it_back(store: Store, tmp_path: Path) -> None:
    await import_archive(store, ARCHIVE / "reviews", "ml", now=NOW)
    async with store.begin() as tx:
        [channel] = await tx.channels.named("ml")
        text = await jsonl.dump(tx, channel)
        assert '"prose"' not in text
        before = (await tx.session.scalars(select(DocumentRow.prose))).all()
        assert any(before)
    (tmp_path / "ml.jsonl").write_text(text, "utf-8")
    await import_archive(store, tmp_path / "ml.jsonl", "again", now=NOW)
    async with store.read() as tx:
        assert (await tx.session.scalars(select(DocumentRow.prose))).all() == [*before, *before]
