"""The index finds what a plain scan of the same texts finds, on either database."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.archive.importing.importer import import_archive
from bot.derived import DERIVED
from bot.model.channel import Channel, ChannelSettings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.search_parse import parse_search
from bot.model.take import How
from bot.papers.ranking import search_in
from bot.store import Store
from bot.store.derived import refresh
from bot.store.fulltext.search import anywhere
from bot.store.queries.documents import NewDocument
from bot.store.queries.papers import ARXIV_SCOPE
from tests.archive_scan import ARCHIVE, has, scanned

NOW = datetime(2026, 7, 26, 12, tzinfo=UTC)


async def channel(store: Store, number: int = 1) -> Channel:
    place = Place(number, number * 10, f"papers-{number}")
    async with store.begin() as tx:
        return await tx.channels.add(
            place, ChannelSettings(), period_start=NOW, next_digest_at=NOW, now=NOW
        )


async def write(
    store: Store, where: Channel, texts: Sequence[str], arxiv_id: str, now: datetime = NOW
) -> list[int]:
    """Takes of Ada on one paper; their numbers."""
    async with store.begin() as tx:
        data = PaperData(
            arxiv_id, f"Paper {arxiv_id}", ("Grace Hopper",), "An abstract on 강화학습."
        )
        paper = await tx.papers.keep(ARXIV_SCOPE, f"https://arxiv.org/abs/{arxiv_id}", data)
        writer = await tx.members.ensure(where.scope, Member(1, "Ada"))
        entry, _ = await tx.entries.add(where.id, paper.id, writer, How.COMMAND, NOW)
        return [(await tx.takes.add(entry.id, writer, one, now)).id for one in texts]


async def found(store: Store, where: Channel | None, typed: str) -> list[int]:
    """The numbers of the takes that are found."""
    async with store.read() as tx:
        got = await search_in(tx, where.id if where else None, parse_search(typed), 200, 0)
        return sorted(line.take.id for hit in got.hits for line in hit.lines if line.take)


async def papers(store: Store, where: Channel, typed: str) -> list[str]:
    """The titles of the papers that are found, the best first."""
    async with store.read() as tx:
        got = await search_in(tx, where.id, parse_search(typed), 200, 0)
        return [hit.paper.title for hit in got.hits if hit.paper]


async def raw(store: Store, where: Channel, typed: str) -> int:
    """On how many pages the words are by the index alone, without a look at the texts."""
    async with store.read() as tx:
        return await tx.searches.count(where.id, anywhere(parse_search(typed)), 100_000)


async def test_all_words_of_an_archive_are_found_and_nothing_else(store: Store) -> None:
    await import_archive(store, ARCHIVE, "ml-papers", now=NOW)
    async with store.read() as tx:
        [where] = await tx.channels.named("ml-papers")
        archive = await scanned(tx, where)
        assert len(archive.of_take) > 200
        words = sorted(archive.words)
        # Most of those that few files have, and every twentieth of the others.
        rare = Random(1).sample(words, 400)
        for word in {*rare, *words[::20]}:
            expected = {path for path, body in archive.files.items() if has(body, word)}
            got = await archive.found(tx, word)
            assert got.paths >= expected, word
            assert [one for one in got.texts if not has(one, word)] == [], word


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("메타러닝을 써 봄", "메타러닝"),
        ("few shot learning의 결과", "few shot learning의"),
        ("C++ 구현과 k-NN, GPT-4", "c++ k-nn gpt-4"),
        ("Erdős–Rényi 그래프", "erdos renyi"),
        ("深層学習とデータ", "学習 データ"),
        ("see https://arxiv.org/abs/2007.10909v2", "2007.10909"),
        ("see https://arxiv.org/abs/2007.10909v2", "https://arxiv.org/pdf/2007.10909.pdf"),
        ("arXiv:hep-th/9901001", "(arXiv:hep-th/9901001v1)"),
        ("few shots of k-NN", "few -other -"),
        ("few shots", 'few -"another one"'),
        ("transformers are many", "transf*"),
        ("the c7 of c1 in:c1", "c7 c1"),
        ("l'été d'Élodie", '"d\'elodie"'),
    ],
)
async def test_found_as_people_type_it(store: Store, body: str, asked: str) -> None:
    where = await channel(store)
    [number, _] = await write(store, where, [body, "another one"], "2007.00001")
    assert await found(store, where, asked) == [number]


async def test_nothing_of_another_channel_is_found(store: Store) -> None:
    here, there = await channel(store, 1), await channel(store, 2)
    mine = await write(store, here, ["공통 단어", "c1 c2"], "2007.00001")
    theirs = await write(store, there, ["공통 단어", "c1 c2"], "2007.00002")
    assert await found(store, here, "공통") == mine[:1]
    assert await found(store, there, "공통") == theirs[:1]
    # A channel's own word, typed as a word, opens nothing.
    assert await found(store, here, f"c{there.id}") == mine[1:]
    assert await found(store, None, "공통") == sorted([mine[0], theirs[0]])
    assert await papers(store, here, "강화학습") == ["Paper 2007.00001"]


async def test_the_index_follows_edits_and_deletions(store: Store) -> None:
    where = await channel(store)
    first, second = await write(store, where, ["before #old", "other"], "2007.00001")
    async with store.begin() as tx:
        await tx.takes.edit(first, "after #new", NOW)
        await tx.takes.delete(second)
    assert await raw(store, where, "before") == await raw(store, where, "other") == 0
    assert await raw(store, where, "after") == 1
    async with store.read() as tx:
        assert await tx.connections.tags(where.id) == [("new", 1)]


async def test_what_is_rolled_back_is_not_found(store: Store) -> None:
    where = await channel(store)
    with contextlib.suppress(RuntimeError):
        async with store.begin() as tx:
            data = PaperData("2007.00003", "Undone")
            paper = await tx.papers.keep(ARXIV_SCOPE, "https://arxiv.org/abs/2007.00003", data)
            writer = await tx.members.ensure(where.scope, Member(1, "Ada"))
            entry, _ = await tx.entries.add(where.id, paper.id, writer, How.COMMAND, NOW)
            await tx.takes.add(entry.id, writer, "undone", NOW)
            raise RuntimeError
    assert await raw(store, where, "undone") == 0
    assert await papers(store, where, "undone") == []


async def test_a_paper_taken_off_the_list_comes_back(store: Store) -> None:
    where = await channel(store)
    [number] = await write(store, where, ["its take"], "2007.00001")
    async with store.begin() as tx:
        [entry] = await tx.entries.matching(where.id, "", 5)
        await tx.entries.remove(entry.id, NOW)
    assert await papers(store, where, "paper") == []
    assert await found(store, where, "take") == []
    async with store.begin() as tx:
        writer = await tx.members.ensure(where.scope, Member(1, "Ada"))
        await tx.entries.add(where.id, entry.paper.id, writer, How.COMMAND, NOW)
    assert await papers(store, where, "paper") == ["Paper 2007.00001"]
    assert await found(store, where, "take") == [number]


async def test_metadata_that_comes_later_is_found(store: Store) -> None:
    where = await channel(store)
    await write(store, where, ["a take"], "2007.00001")
    async with store.begin() as tx:
        data = PaperData("2007.00001", "A better title", ("Emmy Noether",), "New words")
        await tx.papers.keep(ARXIV_SCOPE, "https://arxiv.org/abs/2007.00001", data)
    assert await papers(store, where, "better") == ["A better title"]
    assert await papers(store, where, "author:noether") == ["A better title"]
    assert await papers(store, where, "author:hopper") == []
    async with store.begin() as tx:
        again = PaperData("2007.00001", "A third title", ("Emmy Noether",), "New words")
        await tx.papers.keep_many([again], exact=True)
    assert await papers(store, where, "better") == []
    assert await papers(store, where, "third noether words") == ["A third title"]


async def test_titles_come_first_then_the_newest(store: Store) -> None:
    where = await channel(store)
    first = await write(store, where, ["robust once"], "2007.00001")
    last = await write(store, where, ["robust twice"], "2007.00002", NOW + timedelta(hours=1))
    async with store.begin() as tx:
        data = PaperData("2007.00001", "Robust title")
        await tx.papers.keep(ARXIV_SCOPE, "https://arxiv.org/abs/2007.00001", data)
    assert await papers(store, where, "robust") == ["Robust title", "Paper 2007.00002"]
    assert await found(store, where, "robust") == [*first, *last]


async def test_pages_hold_each_hit_once(store: Store) -> None:
    where = await channel(store)
    for number in range(30):
        await write(store, where, ["common"] * 2, f"2007.{number:05}")
    seen: list[str] = []
    for offset in range(0, 30, 7):
        async with store.read() as tx:
            page = await search_in(tx, where.id, parse_search("common"), 7, offset)
        seen += [hit.paper.title for hit in page.hits if hit.paper]
        assert page.more == (offset + 7 < 30)
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("tag:review", [0]),
        ("tag:#Review words", [0]),
        ("by:ada words", [0, 1]),
        ("by:nobody words", []),
        ("author:hopper words", [0, 1]),
        ('author:"grace hopper" words', [0, 1]),
        ("author:noether words", []),
        ("author: hopper words", [0, 1]),
        ("words -alone", [0]),
        ("tag:review -alon*", [0]),
        ("tag:review -words", []),
        ("before:2026-07-26 words", []),
        ("after:2026-07-26 words", [0, 1]),
        ("after:2026 before:2027 words", [0, 1]),
    ],
)
async def test_filters(store: Store, asked: str, expected: list[int]) -> None:
    where = await channel(store)
    numbers = await write(store, where, ["words #review", "words alone"], "2007.00001")
    assert await found(store, where, asked) == [numbers[at] for at in expected]


@pytest.mark.parametrize(
    "body",
    [
        "x " * 400 + "needle in hay",
        "가" * 4000 + " 바늘",
        " ".join(f"w{n}" for n in range(20_000)) + " needle in hay",
        "y" * 3000 + " needle in hay",
    ],
    ids=["often the same word", "one run", "many words", "a long word"],
)
async def test_long_texts_are_found_to_their_end(store: Store, body: str) -> None:
    where = await channel(store)
    [number, _] = await write(store, where, [body, "hay in needle w1"], "2007.00001")
    word = '"needle in hay"' if "needle" in body else "바늘"
    assert await found(store, where, word) == [number]
    assert await found(store, where, '"hay needle in"') == []


async def rebuild(store: Store) -> None:
    """All indexes anew, as after an update that changes what a word is."""
    indexes = [replace(one, version=one.version + 1) for one in DERIVED if one.begin]
    await refresh(store, indexes)


async def test_a_rebuilt_index_finds_the_same(store: Store) -> None:
    where = await channel(store)
    numbers = await write(store, where, ["하나 #tag", "둘 [[note]]"], "2007.00001")
    await rebuild(store)
    assert await found(store, where, "하나") == numbers[:1]
    assert await papers(store, where, "강화학습") == ["Paper 2007.00001"]
    async with store.read() as tx:
        assert await tx.connections.tags(where.id) == [("tag", 1)]


async def test_titles_of_the_catalogue_are_offered_while_typing(store: Store) -> None:
    from bot.text.bigrams import query

    async with store.begin() as tx:
        brought = [
            PaperData("2007.00001", "Vision Transformers at scale"),
            PaperData("2007.00002", "A vision of C++"),
        ]
        await tx.papers.keep_many(brought, exact=True)
        # Somebody's own addition is nobody else's business.
        own = PaperData("2007.00003", "Vision transfer in private")
        await tx.papers.keep(ARXIV_SCOPE, "https://arxiv.org/abs/2007.00003", own)
    async with store.read() as tx:

        async def offered(typed: str) -> list[str | None]:
            phrases = query(typed, unfinished=True)
            found = await tx.titles.catalogue_titles(phrases, 25)
            return [paper.data.arxiv_id for paper in found]

        assert await offered("vis") == ["2007.00002", "2007.00001"]
        assert await offered("vision trans") == ["2007.00001"]
        assert await offered("2007.0000") == ["2007.00002", "2007.00001"]
        assert await offered("v") == ["2007.00002", "2007.00001"]
        assert await offered("at v") == ["2007.00001"] == await offered("at vision-t")
        assert await offered("vision-transformers sca") == ["2007.00001"]
        assert await offered("transformers-vi") == await offered("vision tranz") == []
        assert await offered("vision C+") == ["2007.00002"]
        assert await offered("") == []


# -- files of an archive ---------------------------------------------------------------------------


def file(path: str, prose: str, day: date | None = None, title: str = "A file") -> NewDocument:
    return NewDocument(path, "note", "0" * 64, day, title, None, '{"p":[],"m":{}}', prose)


async def files(store: Store, where: Channel | None, typed: str) -> list[str]:
    """The paths of the files that are found, in their order."""
    async with store.read() as tx:
        got = await search_in(tx, where.id if where else None, parse_search(typed), 200, 0)
        return [hit.document.path for hit in got.hits if hit.document]


async def test_files_are_found_in_their_own_channel(store: Store) -> None:
    here, there = await channel(store, 1), await channel(store, 2)
    async with store.begin() as tx:
        mine = [file("a.md", "첫 번째 산문"), file("b.md", "", title="산문")]
        await tx.documents.add(here.id, mine, NOW)
        await tx.documents.add(there.id, [file("a.md", "두 번째 산문")], NOW)
    assert await files(store, here, "산문") == ["a.md"]
    assert await files(store, here, "두") == []
    assert await files(store, here, '"번째 산문" file') == ["a.md"]
    assert await files(store, None, "산문") == ["a.md", "a.md"]
    assert await files(store, here, f"c{there.id}") == []


async def test_a_file_that_changes_is_found_by_its_new_words(store: Store) -> None:
    where = await channel(store)
    async with store.begin() as tx:
        await tx.documents.add(where.id, [file("a.md", "before words")], NOW)
        kept = await tx.documents.by_paths(where.id, ["a.md"])
        await tx.documents.replace(kept["a.md"].id, file("a.md", "after words"), NOW)
    for _ in range(2):
        assert await files(store, where, "before") == []
        assert await files(store, where, "after") == ["a.md"]
        await rebuild(store)


async def test_files_stand_among_papers_by_their_days(store: Store) -> None:
    where = await channel(store)
    await write(store, where, ["common take"], "2007.00001", datetime(2021, 1, 1, tzinfo=UTC))
    new = [
        file("undated.md", "common"),
        file("late.md", "common", date(2022, 1, 1)),
        file("early.md", "common", date(2020, 1, 1)),
    ]
    async with store.begin() as tx:
        await tx.documents.add(where.id, new, NOW)
        found = await search_in(tx, where.id, parse_search("common"), 200, 0)
        some = await search_in(tx, where.id, parse_search("common"), 2, 1)
    order = [hit.document.path if hit.document else hit.kind for hit in found.hits]
    assert order == ["paper", "late.md", "early.md", "undated.md"]
    assert some.hits == found.hits[1:3]
    assert some.more


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("common before:2020-02-03", []),
        ("common after:2020-02-03 before:2020-02-04", ["a.md"]),
        ("common after:2020-02-04", []),
        ("after:2020", []),
        ("common tag:x", []),
        ("common by:ada", []),
        ("common author:ada", []),
        ("common cat:cs.*", []),
    ],
)
async def test_files_have_days_and_words_only(
    store: Store, asked: str, expected: list[str]
) -> None:
    where = await channel(store)
    async with store.begin() as tx:
        dated = file("a.md", "common #x", date(2020, 2, 3))
        await tx.documents.add(where.id, [dated, file("b.md", "common")], NOW)
    assert await files(store, where, asked) == expected


async def test_alternatives_titles_and_exact_words(store: Store) -> None:
    where = await channel(store)
    said = ["GANs are fun", "a VAE here", "neither", "one GAN"]
    gans, vae, _, gan = await write(store, where, said, "2007.00001")
    assert set(await found(store, where, "GAN OR VAE")) == {gans, vae, gan}
    assert set(await found(store, where, "gan|vae")) == {gans, vae, gan}
    assert set(await found(store, where, "GAN")) == {gans, gan}
    assert await found(store, where, "=GAN") == [gan]
    assert await found(store, where, "=gans") == [gans]
    assert await found(store, where, "GAN -fun") == [gan]
    assert await papers(store, where, "title:papers") == ["Paper 2007.00001"]
    assert await papers(store, where, "title:강화학습") == []
    assert set(await found(store, where, "title:paper GAN")) == {gans, gan}
    assert await papers(store, where, "강화학습 OR nothing") == ["Paper 2007.00001"]
