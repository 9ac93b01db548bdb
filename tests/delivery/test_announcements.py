"""Announcements: drawn when they are sent, and once, though they have no text to be known by."""

from __future__ import annotations

from datetime import date

import pytest
from discord import ui

from bot.model.outbox import Draft, OutboxKind, OutboxState
from bot.subscriptions.deliver import Bundle
from tests.delivery.desk import Club
from tests.delivery.test_killed import die_and_go_on

DAY = date(2026, 11, 24)


async def draw(text: str) -> ui.LayoutView | None:
    """As the cog draws it: what tells it apart are its buttons' ids."""
    bundle = Bundle.of_text(text)
    if not bundle.papers:
        return None
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for number in bundle.papers:
        row.add_item(ui.Button(label="Add", custom_id=f"arxiv:{number}:list"))
    view = ui.LayoutView(timeout=None)
    return view.add_item(ui.TextDisplay("Papers")).add_item(row)


async def owe(club: Club, *bundles: tuple[int, ...]) -> str:
    where = club.sandbox.channel("papers").id
    lane = "arxiv:1"
    async with club.store.begin() as tx:
        seq = await tx.outbox.next_seq(lane)
        await tx.outbox.put(
            [
                Draft(
                    lane,
                    seq + at,
                    f"{lane}:{papers[0]}",
                    OutboxKind.ANNOUNCEMENT,
                    Bundle(1, papers, True, DAY, DAY, len(papers), 1, 1).to_text(),
                    target_id=where,
                )
                for at, papers in enumerate(bundles)
            ]
        )
    return lane


def shown(club: Club) -> list[list[str]]:
    """The announcements in the channel, by their buttons' ids."""
    return [
        [str(item.custom_id) for item in post.components()]
        for post in club.sandbox.channel("papers").messages
    ]


@pytest.mark.parametrize("after", [False, True], ids=["before commit", "after commit"])
async def test_killed_at_every_transaction(club: Club, database_url: str, after: bool) -> None:
    club.port.draw = draw
    at, lived = 0, False
    while not lived:
        at += 1
        lane = await owe(club, (2 * at,), (2 * at + 1,))
        lived = await die_and_go_on(club, database_url, at, after=after)
        expected = [[f"arxiv:{number}:list"] for number in range(2, 2 * at + 2)]
        assert shown(club) == expected, f"after dying at transaction {at}"
        assert set(await club.states(lane)) == {OutboxState.SENT}


async def test_drawn_anew_and_left_out_where_nothing_is_left(club: Club) -> None:
    club.port.draw = draw
    lane = await owe(club, (1, 2))
    await club.settle()
    (post,) = club.sandbox.channel("papers").messages
    async with club.store.begin() as tx:
        (row,) = await tx.outbox.of_lane(lane)
        less = Bundle(1, (1,), True, DAY, DAY, 1, 1, 1).to_text()
        gone = Bundle(1, (), True, DAY, DAY, 0, 1, 1).to_text()
        assert row.message_id == post.id
        for seq, text in enumerate((less, gone)):
            await tx.outbox.put(
                [
                    Draft(
                        "card:1",
                        seq,
                        f"card:1:{seq}",
                        OutboxKind.CARD,
                        text,
                        target_id=row.draft.target_id,
                        message_id=row.message_id,
                    )
                ]
            )
    await club.settle()
    assert shown(club) == [["arxiv:1:list"]]
    assert await club.states("card:1") == [OutboxState.SENT, OutboxState.CANCELLED]
