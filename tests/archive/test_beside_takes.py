"""Tags, links and names of a file that stand in no take are those of its paper all the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.archive.importing.importer import import_archive
from bot.papers.search import PaperSearch
from bot.store import Store

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
BLEND, DET = "https://arxiv.org/abs/2001.00309", "https://arxiv.org/abs/1903.10970"
FILES = {
    "200129 BlendMask.md": f"---\naliases: [Blend It, 섞기]\n---\n{BLEND}\n\n#instance_segm\n",
    "200129 DetNAS.md": f"{DET}\n\n[[200129 BlendMask]]\n#nas #instance_segm\n",
    "200130 Other.md": "https://arxiv.org/abs/1912.05992\n\n글이다.\n\n# Links\n\n[[섞기]]\n",
    "200131 Far.md": "https://arxiv.org/abs/1912.05993\n\n글이다. #nas\n",
}


@pytest.fixture
async def entries(store: Store, tmp_path: Path) -> dict[str, int]:
    """The entries of the papers by the last figure of their ids."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    await import_archive(store, tmp_path, "ml", now=NOW)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        named = await tx.entries.names(channel.id, 10)
        return {(paper.arxiv_id or "")[-1]: number for number, paper, *_ in named}


async def test_a_paper_is_found_by_a_tag_beside_takes(
    store: Store, entries: dict[str, int]
) -> None:
    for query, expected in (
        ("tag:instance_segm", {"9", "0"}),
        ("tag:nas", {"0", "3"}),
        ("tag:instance", set()),
        ("tag:nas by:nobody", set()),
        ("instance_segm", {"9", "0"}),
        ("섞기", {"9", "2"}),
    ):
        found = await PaperSearch(store).search_named("ml", query)
        assert {(hit.entry.paper.data.arxiv_id or "")[-1] for hit in found.hits} == expected, query


async def test_tags_and_links_beside_takes_bring_papers_together(
    store: Store, entries: dict[str, int]
) -> None:
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        assert await tx.connections.tags(channel.id) == [("instance_segm", 2), ("nas", 2)]
        assert await tx.connections.sharing_tags(channel.id, entries["0"], 9) == [
            entries["3"],
            entries["9"],
        ]
        assert await tx.connections.mentions(channel.id, entries["9"], 9) == sorted(
            [entries["0"], entries["2"]], reverse=True
        )
        [lead] = await tx.connections.leads(entries["0"])
        assert (lead.kind.value, lead.target) == ("note", "200129 blendmask")
        for name in ("200129 blendmask", "blendmask", "blend it", "섞기"):
            assert await tx.connections.of_note(channel.id, name) == [entries["9"]], name
