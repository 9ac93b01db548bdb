"""What several files say of one paper: the best title stands, and a title finds its address."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.archive.importing.importer import import_archive, import_bytes
from bot.archive.parser.body import assemble, load
from bot.store import Store
from bot.store.queries.own_words import TitleSource, joined

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
URL = "https://arxiv.org/abs/1912.04958"
TITLE = "Analyzing and Improving the Image Quality of StyleGAN"
POST = "# 200726 최근 논문들에 대한 생각\n\n"


async def bring(store: Store, name: str, text: str) -> None:
    await import_bytes(store, name, text.encode(), "ml", now=NOW)


async def shown(store: Store) -> dict[str, str]:
    """The titles of the channel's papers by their addresses."""
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        return dict(await tx.entries.addresses(channel.id))


async def test_a_title_stands_until_a_better_one_is_known(store: Store) -> None:
    await bring(store, "200122 StyleGAN 2.md", f"{URL}\n\n#gan\n")
    assert await shown(store) == {URL: "StyleGAN 2"}
    await bring(store, "200123 Links.md", f"[StyleGAN2]({URL})\n\n[Other](https://a.org/b)\n")
    assert (await shown(store))[URL] == "StyleGAN2"
    await bring(
        store, "200124 Post.md", f"{POST}{TITLE} (Tero Karras, Samuli Laine)\n\n{URL}\n\n글."
    )
    assert (await shown(store))[URL] == TITLE
    await bring(store, "200125 Some name.md", f"{URL}\n\n다시 읽은 글.\n")
    assert (await shown(store))[URL] == TITLE


async def test_of_one_folder_the_best_title_stands(store: Store, tmp_path: Path) -> None:
    (tmp_path / "200101 Name.md").write_text(f"{URL}\n\n글.\n")
    (tmp_path / "200102 Post.md").write_text(f"{POST}{URL}\n\n*{TITLE}* (NVIDIA)\n\n글.\n")
    await import_archive(store, tmp_path, "ml", now=NOW)
    assert await shown(store) == {URL: TITLE}


def test_what_is_said_goes_together() -> None:
    name = {"title": "Name", "authors": [], "abstract": "Told.", "source": TitleSource.FILE_NAME}
    head = {"title": "Title: of it", "authors": ["Ada"], "abstract": ""}
    both = {"title": "Title: of it", "authors": ["Ada"], "abstract": "Told."}
    assert joined(name, head) == joined(head, name) == both
    assert joined(None, head) == joined(head, None) == head
    short, long = ({**head, "title": one, "source": 2} for one in ("Beta", "Beta: A Survey"))
    assert joined(short, long) == joined(long, short) == long


async def test_a_take_on_a_title_goes_to_its_paper(store: Store, tmp_path: Path) -> None:
    here, nowhere = f"*{TITLE}* (Tero Karras, Ann Lee)", "*Nowhere to be Found* (Bo Li, Cy Roe)"
    text = f"{POST}{here}\n\n한 사람의 글.\n\n{nowhere}\n\n갈 곳 없는 글.\n"
    (tmp_path / "200101 Post.md").write_text(text)
    (tmp_path / "200102 Later.md").write_text(f"{URL}\n\n{TITLE.upper()} (Tero Karras, Ann Lee)\n")
    report = await import_archive(store, tmp_path, "ml", now=NOW)
    assert (report.papers, report.takes, report.digests) == (1, 1, 1)
    assert [one.text for one in report.kept["200101 Post.md"]] == ["갈 곳 없는 글."]
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        [document] = (await tx.documents.by_paths(channel.id, ["200101 Post.md"])).values()
        body = load(document.body)
        takes = await tx.documents.take_texts(list(body.marks))
    assert list(takes.values()) == ["한 사람의 글."]
    assert assemble(body, takes) == text
    assert "갈 곳 없는" in document.prose
    assert "한 사람의" not in document.prose
    again = await import_archive(store, tmp_path, "ml", now=NOW)
    assert (again.unchanged, again.takes) == (2, 0)
    await bring(store, "200103 More.md", f"{POST}{here}\n\n또 한 사람의 글.\n")
    async with store.read() as tx:
        [document] = (await tx.documents.by_paths(channel.id, ["200103 More.md"])).values()
        assert len(load(document.body).marks) == 1
