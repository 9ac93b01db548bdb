"""The index finds what a plain scan of the same texts finds, on either database."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.archive.importer import import_archive
from bot.model.channel import Channel, ChannelSettings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.search import parse_search
from bot.model.take import How
from bot.papers.search import search_in
from bot.store import Store, Transaction
from bot.store.index import rebuild
from bot.store.papers import ARXIV_SCOPE

NOW = datetime(2026, 7, 26, 12, tzinfo=UTC)
ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
WORD = re.compile(r"[가-힣]{2,6}")


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
        return sorted(hit.take.id for hit in got.hits if hit.take)


async def papers(store: Store, where: Channel, typed: str) -> list[str]:
    async with store.read() as tx:
        got = await search_in(tx, where.id, parse_search(typed), 200, 0)
        return [hit.paper.title for hit in got.hits if hit.take is None]


async def raw(store: Store, where: Channel, typed: str) -> set[int]:
    """What the index alone says, without a look at the texts."""
    async with store.read() as tx:
        return {take.id for take in await tx.searches.takes(where.id, parse_search(typed), 100_000)}


async def test_all_korean_words_of_an_archive_are_found_and_nothing_else(store: Store) -> None:
    await import_archive(store, ARCHIVE, "ml-papers", now=NOW)
    async with store.read() as tx:
        [where] = await tx.channels.named("ml-papers")
        takes = await _all_takes(tx, where.id)
        assert len(takes) > 200
        normal = {number: unicodedata.normalize("NFC", body) for number, body in takes}
        counts = Counter(word for body in normal.values() for word in WORD.findall(body))
        words = sorted(counts, key=lambda word: (-counts[word], word))
        # The most frequent ones, and inner pieces of the rarer, which no word begins with.
        asked = words[:150] + [word[1:] for word in words[150:600] if len(word) > 2]
        for word in asked:
            expected = {number for number, body in normal.items() if word in body}
            search = parse_search(word)
            got = {take.id for take in await tx.searches.takes(where.id, search, 100_000)}
            assert got == expected, word


async def _all_takes(tx: Transaction, channel_id: int) -> list[tuple[int, str]]:
    rows = await tx.session.execute(
        text(
            "SELECT t.id, t.text FROM takes t JOIN entries e ON e.id = t.entry_id"
            " WHERE e.channel_id = :channel AND e.removed_at IS NULL"
        ),
        {"channel": channel_id},
    )
    return [(number, body) for number, body in rows]


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("메타러닝을 써 봄", "메타러닝"),
        ("few shot learning의 결과", "few shot learning의"),
        ("C++ 구현과 k-NN, GPT-4", "c++ k-nn gpt-4"),
        ("Erdős–Rényi 그래프", "erdos renyi"),
        ("深層学習とデータ", "学習 データ"),
        ("see https://arxiv.org/abs/2007.10909v2", "2007.10909"),
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
    assert await raw(store, where, "before") == await raw(store, where, "other") == set()
    assert await raw(store, where, "after") == {first}
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
    assert await raw(store, where, "undone") == set()
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
    async with store.read() as tx:
        hits = (await search_in(tx, where.id, parse_search("robust"), 10, 0)).hits
    assert [hit.take.id if hit.take else hit.paper.title for hit in hits] == [
        "Robust title", *last, *first
    ]  # fmt: skip


async def test_pages_hold_each_hit_once(store: Store) -> None:
    where = await channel(store)
    numbers = await write(store, where, [f"common {n}" for n in range(30)], "2007.00001")
    seen: list[int] = []
    for offset in range(0, 30, 7):
        async with store.read() as tx:
            page = await search_in(tx, where.id, parse_search("common"), 7, offset)
        seen += [hit.take.id for hit in page.hits if hit.take]
        assert page.more == (offset + 7 < 30)
    assert sorted(seen) == numbers


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


async def test_a_rebuilt_index_finds_the_same(store: Store) -> None:
    where = await channel(store)
    numbers = await write(store, where, ["하나 #tag", "둘 [[note]]"], "2007.00001")
    async with store.engine.begin() as connection:
        await connection.run_sync(rebuild)
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
            found = await tx.searches.catalogue_titles(phrases, 25)
            return [paper.data.arxiv_id for paper in found]

        assert await offered("vis") == ["2007.00002", "2007.00001"]
        assert await offered("vision trans") == ["2007.00001"]
        assert await offered("2007.0000") == ["2007.00002", "2007.00001"]
        assert await offered("v") == ["2007.00002", "2007.00001"]
        assert await offered("") == []
