"""What becomes of a posted digest when a take in it is edited or deleted."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from bot.store import Store, upgrade
from bot.store.migrate import config
from tests.clock import Clock
from tests.digest.clubs import ADA, GRACE, MINJI, PLACE, Club


@pytest.fixture
def club(store: Store, clock: Clock) -> Club:
    return Club(store, clock)


async def posted(club: Club) -> None:
    """Post the digest, and let everything be sent."""
    await club.services.digests.post(PLACE, ADA)
    await club.mark_sent()


async def choice(club: Club, text: str) -> str:
    taken = await club.services.takes.complete(PLACE, None, 25, text)
    return f"take:{taken[0].take.id}"


async def test_an_edited_take_changes_its_message_and_no_other(club: Club) -> None:
    await club.take(1, "first", GRACE)
    await club.take(2, "second", GRACE)
    await posted(club)
    before = len(await club.rows())
    await club.services.takes.edit(PLACE, await choice(club, "first"), GRACE, "first, mended")
    [row] = (await club.rows())[before:]
    assert row.kind == "edit"
    assert row.text.endswith("first, mended")
    meant = next(one for one in await club.rows() if one.key == row.edits)
    assert "Paper 1" in meant.text


async def test_before_it_is_sent_the_message_itself_is_changed(club: Club) -> None:
    await club.take(1, "first", GRACE)
    await club.services.digests.post(PLACE, ADA)
    before = len(await club.rows())
    await club.services.takes.edit(PLACE, await choice(club, "first"), GRACE, "mended")
    rows = await club.rows()
    assert len(rows) == before
    assert sum(row.text.endswith("mended") for row in rows) == 1


async def test_a_longer_take_goes_on_in_another_message_with_a_link(club: Club) -> None:
    await club.take(1, "short", GRACE)
    await posted(club)
    before = len(await club.rows())
    text = " ".join(f"word{number}." for number in range(330))
    await club.services.takes.edit(PLACE, await choice(club, "short"), GRACE, text)
    more, edit = (await club.rows())[before:]
    assert (more.kind, edit.kind) == ("message", "edit")
    assert len(more.text) <= 2000
    assert f"\ue0f0{more.key}\ue0f1" in edit.text
    said = edit.text.split("\n-# ")[0] + " " + more.text
    assert [f"word{number}." in said for number in range(330)] == [True] * 330
    await club.mark_sent()
    before = len(await club.rows())
    await club.services.takes.edit(PLACE, await choice(club, "word"), GRACE, "short again")
    edit, delete = (await club.rows())[before:]
    assert (edit.kind, edit.text.endswith("short again")) == ("edit", True)
    assert (delete.kind, delete.edits) == ("delete", more.key)


async def test_a_deleted_take_disappears_and_the_others_stay(club: Club) -> None:
    await club.take(1, "mine", GRACE)
    await club.take(1, "hers", MINJI)
    await club.take(2, "more", MINJI)
    await posted(club)
    before = len(await club.rows())
    await club.services.takes.delete(PLACE, await choice(club, "mine"), GRACE)
    row, starter = (await club.rows())[before:]
    assert "mine" not in row.text
    assert "hers" in row.text
    # One member is left of two, and the counts say so.
    assert "2 papers · " in starter.text
    assert starter.take_counts == "2 takes · 민지"
    assert not any("mine" in text for text in await club.texts())


async def test_the_counts_of_digests_of_earlier_versions_still_follow_the_takes(club: Club) -> None:
    await club.take(1, "mine", GRACE)
    await club.take(1, "hers", MINJI)
    await club.services.digests.set_intro(PLACE, ADA, "-# 1. this · that")
    await posted(club)
    before = [(row.key, row.text, row.take_counts) for row in await club.rows()]
    async with club.store.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0014"))
        texts = await connection.scalars(text("SELECT text FROM outbox ORDER BY id"))
        assert texts.first().endswith("-# 1 paper · 2 takes\n1. Paper 1")
    await upgrade(club.store)
    assert [(row.key, row.text, row.take_counts) for row in await club.rows()] == before
    assert [counts for *_, counts in before if counts] == ["2 takes", "2 takes"]


async def test_a_take_that_no_digest_holds_changes_nothing(club: Club) -> None:
    await club.take(1, "first", GRACE)
    await posted(club)
    await club.take(1, "later", GRACE)
    before = await club.rows()
    await club.services.takes.edit(PLACE, await choice(club, "later"), GRACE, "later, mended")
    assert await club.rows() == before
