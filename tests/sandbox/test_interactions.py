"""Interactions at the level of HTTP: deadlines, double answers, follow-ups, privacy."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Person, RateLimits, Sandbox
from bot.sandbox.interaction import Asked, Interaction
from tests.sandbox.api import Answered, Api


class Desk:
    """A sandbox whose bot is this test: it asks, and answers by hand."""

    def __init__(self, api: Api, moment: list[datetime]) -> None:
        self.api = api
        self.sandbox = api.sandbox
        self.moment = moment
        self.ada: Person = api.sandbox.person("Ada")

    def ask(self, asked: Asked = Asked.COMMAND, **more: Any) -> Interaction:
        channel = self.sandbox.world.channels[self.api.papers]
        data = {"id": "1", "name": "do", "type": 1}
        return self.sandbox.core.interactions.ask(asked, self.ada.user, channel, data, **more)

    async def answer(
        self, asked: Interaction, kind: int, data: Any = None, query: str = ""
    ) -> Answered:
        path = f"/interactions/{asked.id}/{asked.token}/callback{query}"
        return await self.api("POST", path, {"type": kind, "data": data or {}})

    async def hook(
        self, method: str, asked: Interaction, path: str = "", body: Any = None
    ) -> Answered:
        return await self.api(method, f"/webhooks/{self.api.app}/{asked.token}{path}", body)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    moment = [datetime(2020, 7, 26, tzinfo=UTC)]
    server = Sandbox(clock=lambda: moment[0], limits=RateLimits.off(), respond_within=0.1)
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Desk(Api(server, session), moment)
    await server.stop()


async def test_an_answer_in_time_and_once(desk: Desk) -> None:
    asked = desk.ask()
    first = await desk.answer(asked, 4, {"content": "yes"}, "?with_response=true")
    assert (
        first.body["interaction"]["response_message_id"] == first.body["resource"]["message"]["id"]
    )
    assert first.body["resource"]["type"] == 4
    second = await desk.answer(asked, 4, {"content": "no"})
    assert (second.status, second.code) == (400, 40060)
    assert (await desk.answer(desk.ask(), 5)).status == 204


async def test_too_late_is_unknown(desk: Desk) -> None:
    asked = desk.ask()
    await asyncio.sleep(0.12)
    answer = await desk.answer(asked, 4, {"content": "late"})
    assert (answer.status, answer.code) == (404, 10062)
    assert (await desk.hook("POST", asked, body={"content": "late"})).code == 10015
    assert desk.sandbox.channel("papers").messages == []


async def test_a_refused_answer_may_be_given_again(desk: Desk) -> None:
    asked = desk.ask()
    assert (await desk.answer(asked, 4, {"content": ""})).code == 50006
    assert (await desk.answer(asked, 4, {"content": "x" * 2001})).code == 50035
    assert (await desk.answer(asked, 4, {"content": "x"})).status == 204


async def test_private_answers_are_in_no_history(desk: Desk) -> None:
    asked = desk.ask()
    await desk.answer(asked, 4, {"content": "psst", "flags": 64})
    listed = await desk.api("GET", f"/channels/{desk.api.papers}/messages")
    assert listed.body == []
    private = desk.ada.sees("papers")[0]
    assert private.private
    path = f"/channels/{desk.api.papers}/messages/{private.id}"
    assert (await desk.api("GET", path)).code == 10008
    assert (await desk.api("PATCH", path, {"content": "x"})).code == 10008
    edited = await desk.hook("PATCH", asked, "/messages/@original", {"content": "psst!"})
    assert edited.body["flags"] & 64
    assert private.text == "psst!"
    assert desk.sandbox.person("Grace").sees("papers") == []
    assert (await desk.hook("DELETE", asked, "/messages/@original")).status == 204
    assert desk.ada.sees("papers") == []


@pytest.mark.parametrize(("deferred", "then"), [(64, 0), (0, 64)])
async def test_the_deferral_decides_on_privacy(desk: Desk, deferred: int, then: int) -> None:
    asked = desk.ask()
    await desk.answer(asked, 5, {"flags": deferred})
    original = (await desk.hook("GET", asked, "/messages/@original")).body
    assert original["flags"] & 128
    first = await desk.hook("POST", asked, body={"content": "x", "flags": then})
    assert first.body["id"] == original["id"]
    assert first.body["flags"] & 64 == deferred
    second = await desk.hook("POST", asked, body={"content": "y", "flags": then})
    assert second.body["flags"] & 64 == then


async def test_follow_ups_end_after_a_quarter_of_an_hour(desk: Desk) -> None:
    asked = desk.ask()
    assert (await desk.hook("POST", asked, body={"content": "early"})).code == 10015
    await desk.answer(asked, 5)
    desk.moment[0] += timedelta(minutes=14)
    assert (await desk.hook("POST", asked, body={"content": "x"})).status == 200
    desk.moment[0] += timedelta(minutes=2)
    late = await desk.hook("POST", asked, body={"content": "x"})
    assert (late.status, late.code) == (401, 50027)


MODAL = {
    "title": "T",
    "custom_id": "c",
    "components": [
        {
            "type": 18,
            "label": "L",
            "component": {"type": 4, "custom_id": "t", "style": 2, "max_length": 10},
        }
    ],
}


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"title": "t" * 46}, ["data", "title"], "BASE_TYPE_BAD_LENGTH"),
        ({"custom_id": ""}, ["data", "custom_id"], "BASE_TYPE_BAD_LENGTH"),
        ({"components": []}, ["data", "components"], "BASE_TYPE_BAD_LENGTH"),
        (
            {"components": [{**MODAL["components"][0], "label": "l" * 46}]},  # type: ignore[dict-item]
            ["data", "components", "0", "label"],
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {
                "components": [
                    {
                        "type": 18,
                        "label": "L",
                        "component": {
                            "type": 4,
                            "custom_id": "t",
                            "style": 1,
                            "placeholder": "p" * 101,
                        },
                    }
                ]
            },
            ["data", "components", "0", "component", "placeholder"],
            "BASE_TYPE_MAX_LENGTH",
        ),
    ],
)
async def test_modals_that_are_wrong(
    desk: Desk, change: dict[str, Any], path: list[str], code: str
) -> None:
    answer = await desk.answer(desk.ask(), 9, MODAL | change)
    assert answer.code == 50035
    assert answer.errors_at(*path) == [code]


async def test_a_modal_is_a_first_answer_and_not_to_a_modal(desk: Desk) -> None:
    asked = desk.ask()
    assert (await desk.answer(asked, 9, MODAL)).status == 204
    deferred = desk.ask()
    await desk.answer(deferred, 5)
    assert (await desk.answer(deferred, 9, MODAL)).code == 40060
    submitted = desk.ask(Asked.MODAL, triggered_by=asked)
    assert (await desk.answer(submitted, 9, MODAL)).errors_at("type") == ["BASE_TYPE_CHOICES"]
    assert (await desk.answer(submitted, 7, {"content": "x"})).code == 50035
    assert (await desk.answer(submitted, 4, {"content": "x"})).status == 204


async def test_autocompletion_is_limited(desk: Desk) -> None:
    asked = desk.ask(Asked.AUTOCOMPLETE)
    choice = {"name": "n", "value": "v"}
    assert (await desk.answer(asked, 4, {"content": "x"})).code == 50035
    many = await desk.answer(asked, 8, {"choices": [choice] * 26})
    assert many.errors_at("data", "choices") == ["BASE_TYPE_MAX_LENGTH"]
    long = await desk.answer(asked, 8, {"choices": [{"name": "n" * 101, "value": "v" * 101}]})
    assert long.errors_at("data", "choices", "0", "name") == ["BASE_TYPE_BAD_LENGTH"]
    assert long.errors_at("data", "choices", "0", "value") == ["BASE_TYPE_MAX_LENGTH"]
    assert (await desk.answer(asked, 8, {"choices": [choice] * 25})).status == 204


async def test_a_channel_deleted_meanwhile(desk: Desk) -> None:
    asked, waiting = desk.ask(), desk.ask()
    await desk.answer(waiting, 5)
    desk.sandbox.admin.delete_channel("papers")
    assert (await desk.answer(asked, 4, {"content": "x"})).code == 10003
    assert (
        await desk.hook("PATCH", waiting, "/messages/@original", {"content": "x"})
    ).code == 10008
    assert (await desk.hook("POST", waiting, body={"content": "x"})).code == 10003
