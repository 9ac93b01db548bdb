"""What is derived is made anew when its version has moved, however often that is broken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.archive.importing.importer import import_archive
from bot.derived import DERIVED
from bot.model.arxiv_id import page_of
from bot.model.paper import PaperData
from bot.papers.search import PaperSearch
from bot.store import Store, Transaction
from bot.store.accents import decode_papers
from bot.store.derived import Derived, begin, refresh, remake
from bot.store.queries.addresses import remake_addresses
from bot.store.queries.papers import ARXIV_SCOPE
from bot.store.schema import TakeRow, TakeTagRow
from tests.archive_scan import ARCHIVE

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)


class Counting:
    """Something derived of ten rows, three a batch, that notes what it made."""

    def __init__(self, broken_at: int = 99) -> None:
        self.made: list[int] = []
        self.begun = 0
        self.broken_at = broken_at

    def derived(self, version: int) -> Derived:
        return Derived("numbers", version, self.remake, self.begin)

    async def begin(self, tx: Transaction) -> None:
        self.begun += 1

    async def remake(self, tx: Transaction, after: int) -> int | None:
        if after >= self.broken_at:
            raise KeyboardInterrupt
        ids = list(range(after + 1, min(after + 3, 10) + 1))
        self.made += ids
        return ids[-1] if ids else None


async def test_each_version_is_made_once(store: Store) -> None:
    numbers = Counting()
    with capture_logs() as logs:
        await refresh(store, [numbers.derived(1)])
    assert numbers.made == list(range(1, 11))
    assert [line["event"] for line in logs] == ["derived.making", "derived.made"]
    await refresh(store, [numbers.derived(1)])
    assert (numbers.begun, len(numbers.made)) == (1, 10)
    for version in (2, 1):  # also when the program goes back
        await refresh(store, [numbers.derived(version)])
    assert (numbers.begun, len(numbers.made)) == (3, 30)


async def test_what_was_broken_off_goes_on_from_there(store: Store) -> None:
    numbers = Counting(broken_at=6)
    with pytest.raises(KeyboardInterrupt):
        await refresh(store, [numbers.derived(1)])
    assert numbers.made == [1, 2, 3, 4, 5, 6]
    numbers.broken_at = 99
    await refresh(store, [numbers.derived(1)])
    assert numbers.made == list(range(1, 11))
    assert numbers.begun == 1


async def test_all_is_begun_before_any_is_made(store: Store) -> None:
    seen: list[str] = []

    def one(name: str) -> Derived:
        async def begun(tx: Transaction) -> None:
            seen.append(f"begin {name}")

        async def made(tx: Transaction, after: int) -> None:
            seen.append(f"make {name}")

        return Derived(name, 1, made, begun)

    await refresh(store, [one("a"), one("b")])
    assert seen == ["begin a", "begin b", "make a", "make b"]


async def test_a_newer_program_takes_over_what_an_older_one_is_at(store: Store) -> None:
    old, new = Counting(broken_at=3), Counting()
    with pytest.raises(KeyboardInterrupt):
        await refresh(store, [old.derived(1)])
    await begin(store, [new.derived(2)])
    await remake(store, [old.derived(1)])  # the older one, still alive: not its affair any more
    await remake(store, [new.derived(2)])
    assert new.made == list(range(1, 11))
    assert old.made == [1, 2, 3]


async def test_the_indexes_made_anew_find_the_same(store: Store) -> None:
    await import_archive(store, ARCHIVE / "2021", "ml", now=NOW)
    asked = ("학습", "transformer", "#review", '"좀 놀아서"')
    search = PaperSearch(store)

    async def seen() -> object:
        async with store.read() as tx:
            tags = await tx.session.scalar(select(func.count()).select_from(TakeTagRow))
        return [await search.search_named("ml", words) for words in asked], tags

    before = await seen()
    moved = [replace(one, version=one.version + 1) for one in DERIVED]
    await begin(store, moved)
    # Somebody writes while it is being made.
    async with store.begin() as tx:
        first = (await tx.session.scalars(select(func.min(TakeRow.id)))).one()
        was = await tx.session.scalar(select(TakeRow.text).where(TakeRow.id == first))
        await tx.takes.edit(first, "zymurgy #zymurgy", NOW)
    await remake(store, moved)
    assert len((await search.search_named("ml", "zymurgy")).hits) == 1
    async with store.begin() as tx:
        await tx.takes.edit(first, was or "", NOW)
        await tx.session.execute(
            TakeRow.__table__.update().where(TakeRow.id == first).values(edited_at=None)
        )
    assert await seen() == before


async def test_pages_of_older_versions_are_found_by_their_address_of_today(store: Store) -> None:
    encoded = "https://ko.wikipedia.org/wiki/%EB%85%BC%EB%AC%B8"
    forum = "https://openreview.net/forum?id=aBc"
    async with store.begin() as tx:
        for scope, url in ((1, encoded), (1, forum + "&noteId=1"), (2, forum), (2, forum + "&a=1")):
            await tx.papers.keep(scope, url, PaperData(arxiv_id=None, title="A page"))
        assert await remake_addresses(tx, 0) is not None
    async with store.read() as tx:
        assert await tx.papers.by_url(1, "https://ko.wikipedia.org/wiki/논문")
        assert await tx.papers.by_url(1, forum)
        # Two rows of one page stay two: something may hang on each.
        assert await tx.papers.by_url(2, forum)
        assert await tx.papers.by_url(2, forum + "&a=1")


async def test_papers_of_older_versions_are_decoded(store: Store) -> None:
    raw = PaperData(
        "2007.10909",
        r"Na\"\i ve {\c S}ets at $E_{\rm c}$",
        authors=("DeepSeek-AI", ":", r"P{\'a}l Erd{\H o}s"),
        abstract=r"A Poincar\'e map.",
        comment=r"G\"odel's",
    )
    page = PaperData(None, r"C:\'e", ("A \\'e",))
    async with store.begin() as tx:
        first = await tx.papers.keep(ARXIV_SCOPE, page_of("2007.10909"), raw)
        plain = PaperData("2007.10910", "Plain", ("A. B",))
        await tx.papers.keep(ARXIV_SCOPE, page_of("2007.10910"), plain)
        other = await tx.papers.keep(7, "https://a.org", page)
    await refresh(store, [replace(one, version=one.version + 1) for one in DERIVED])
    async with store.read() as tx:
        found = await tx.papers.by_ids([first.id, other.id])
        assert found[first.id].data == raw._replace(
            title=r"Naïve Şets at $E_{\rm c}$",
            authors=("DeepSeek-AI", "Pál Erdős"),
            abstract="A Poincaré map.",
            comment="Gödel's",
        )
        assert found[other.id].data == page  # a member's own words
        assert await decode_papers(tx, first.id + 1) is None


def test_names_are_each_ones_own() -> None:
    assert len({one.name for one in DERIVED}) == len(DERIVED)
