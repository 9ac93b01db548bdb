"""A person with an altered client: what they send is what is told, and the server does its part."""

from __future__ import annotations

import asyncio

from bot.sandbox import Person, Sandbox, option
from bot.sandbox.altered import CHANNEL, USER
from tests.sandbox.club import Club


async def test_what_is_sent_is_not_checked_and_the_message_is_as_it_stands(
    club: Club, ada: Person, grace: Person
) -> None:
    card = await ada.slash("/card", title="A paper")
    heard: list[dict[str, object]] = []
    club.on_interaction = lambda asked: _note(heard, asked)  # type: ignore[attr-defined]
    asked = asyncio.create_task(grace.altered.press("anything", on=card, values=["x", 5, None]))
    while not heard:
        await asyncio.sleep(0.01)
    asked.cancel()
    [press] = heard
    assert press["data"] == {
        "custom_id": "anything", "component_type": 3, "id": 1, "values": ["x", 5, None],
    }  # fmt: skip
    assert press["message"] == card.post.id
    assert press["user"] == grace.id


async def test_an_option_refers_only_to_what_is_in_this_guild(
    club: Club, ada: Person, sandbox: Sandbox
) -> None:
    elsewhere = sandbox.world.add_channel(sandbox.world.add_guild("Other"), "elsewhere")
    heard: list[dict[str, object]] = []
    club.on_interaction = lambda asked: _note(heard, asked)  # type: ignore[attr-defined]
    here = sandbox.channel("ml-papers").id
    options = [
        option("here", str(here), CHANNEL),
        option("there", str(elsewhere.id), CHANNEL),
        option("who", str(ada.id), USER),
        option("nobody", "5", USER),
    ]
    asked = asyncio.create_task(ada.altered.command("/paper add", options))
    while not heard:
        await asyncio.sleep(0.01)
    asked.cancel()
    data = heard[0]["data"]
    assert isinstance(data, dict)
    assert list(data["resolved"]["channels"]) == [str(here)]
    assert list(data["resolved"]["users"]) == [str(ada.id)]
    assert data["options"][0]["options"] == options


async def test_an_interaction_that_is_delivered_again_is_the_same(
    club: Club, ada: Person, sandbox: Sandbox
) -> None:
    heard: list[dict[str, object]] = []
    club.on_interaction = lambda asked: _note(heard, asked)  # type: ignore[attr-defined]
    reply = await ada.slash("/card", title="A paper")
    sandbox.admin.deliver_again(reply)
    while len(heard) < 2:
        await asyncio.sleep(0.01)
    assert heard[0] == heard[1]


async def _note(heard: list[dict[str, object]], asked: object) -> None:
    message = getattr(asked, "message", None)
    heard.append(
        {
            "id": getattr(asked, "id", None),
            "token": getattr(asked, "token", None),
            "data": getattr(asked, "data", None),
            "user": getattr(getattr(asked, "user", None), "id", None),
            "message": getattr(message, "id", None),
        }
    )
