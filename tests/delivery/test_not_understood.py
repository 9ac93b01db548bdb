"""Answers that do not say that the request was done: each is settled, none is believed.

A table of requests and answers. Of every pair: the request had its effect and the answer is of no
use, and: it had none, though something answered. In the end everything stands once and in order,
and nobody was told anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from discord import ui

from bot.chat.http import LONGEST_WAIT, rate_limited
from bot.delivery.answers import refusal
from bot.model.outbox import OutboxKind, OutboxState
from bot.sandbox import GARBLED, Fault
from tests.delivery.desk import Club

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
THREAD = f"{MESSAGE}/threads"
FORUM = "/channels/{channel_id}/threads"
PINS = f"{MESSAGES}/pins/{{message_id}}"
CHANNEL = "/channels/{channel_id}"
LOGIN = ("/users/@me", "/oauth2/applications/@me")

ANSWERS: dict[str, dict[str, Any]] = {
    **{how: {"garbled": how} for how in GARBLED},
    "302": {"status": 302},
    "403, a page": {"status": 403, "garbled": "page"},
    "404, no code": {"status": 404},
    "520": {"status": 520, "garbled": "page"},
}
SOME = ("no content", "page", "another", "403, a page")
"""Enough of them to see that what had no effect is asked for again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its route, and what leads to it. `check` says what must stand at the end."""

    method: str
    route: str
    plan: Callable[[Club, str], Awaitable[str]]
    check: Callable[[Club, str], None]
    skip: int = 0
    right: str = ""
    """The answer of the table that is the right one here."""


async def _digest(club: Club, text: str) -> str:
    return await club.plan([text, f"{text}, second"])


async def _forum_digest(club: Club, text: str) -> str:
    return await club.plan([text, f"{text}, second"], forum=True)


def _digest_stands(club: Club, text: str) -> None:
    assert club.threads()[-1] == [text, f"{text}, second"]
    assert len(club.posted("papers")) == len(club.threads())


def _post_stands(club: Club, text: str) -> None:
    assert club.threads("reading-room")[-1] == ["the list\n\nof papers", text, f"{text}, second"]


async def _announced(club: Club, text: str) -> str:
    async def draw(drawn: str) -> ui.LayoutView:
        return ui.LayoutView().add_item(ui.TextDisplay(drawn))

    club.port.draw = draw
    papers = f'{{"papers": [1], "text": "{text}"}}'
    await club.put(text, OutboxKind.ANNOUNCEMENT, papers, target_id=_place(club))
    return text


def _announcement_stands(club: Club, text: str) -> None:
    posts = [post for post in club.sandbox.channel("ml-papers").messages if text in post.text]
    assert len(posts) == 1


async def _direct(club: Club, text: str) -> str:
    await club.put(text, OutboxKind.DIRECT, text, target_id=club.sandbox.person("Ada").id)
    return text


def _direct_stands(club: Club, text: str) -> None:
    ada = club.sandbox.person("Ada")
    direct = [place for place in ada.places() if place.kind == "dm"]
    assert [post.content for place in direct for post in place.messages].count(text) == 1


def _place(club: Club) -> int:
    return club.sandbox.channel("ml-papers").id


async def _changed(club: Club, text: str, kind: OutboxKind) -> str:
    """A message that is there already, and a row that changes it."""
    await club.put(f"{text}, before", OutboxKind.MESSAGE, text, target_id=_place(club))
    await club.sender.drain()
    (row,) = await club.rows(f"{text}, before")
    await club.put(text, kind, f"{text}!", target_id=_place(club), message_id=row.message_id)
    return text


async def _edited(club: Club, text: str) -> str:
    return await _changed(club, text, OutboxKind.EDIT)


def _edit_stands(club: Club, text: str) -> None:
    posted = club.posted("ml-papers")
    assert (posted.count(text), posted.count(f"{text}!")) == (0, 1)


async def _deleted(club: Club, text: str) -> str:
    return await _changed(club, text, OutboxKind.DELETE)


def _deletion_stands(club: Club, text: str) -> None:
    assert text not in club.posted("ml-papers")


async def _pinned(club: Club, text: str) -> str:
    await club.put(text, OutboxKind.MESSAGE, text, target_id=_place(club))
    await club.pin(text)
    return text


def _pin_stands(club: Club, text: str) -> None:
    (post,) = [p for p in club.sandbox.channel("ml-papers").messages if p.content == text]
    assert post.record.pinned_at is not None


async def _pinned_post(club: Club, text: str) -> str:
    lane = await club.plan([text], forum=True)
    await club.pin(lane)
    return lane


def _pinned_post_stands(club: Club, text: str) -> None:
    pinned = [p for p in club.sandbox.channel("reading-room").threads if p.record.flags & 2]
    assert [club.posted(place.id)[-1] for place in pinned].count(text) == 1


REQUESTS = {
    "starter": Asked("POST", MESSAGES, _digest, _digest_stands),
    "thread": Asked("POST", THREAD, _digest, _digest_stands),
    "message": Asked("POST", MESSAGES, _digest, _digest_stands, skip=1),
    "forum post": Asked("POST", FORUM, _forum_digest, _post_stands),
    "message in a post": Asked("POST", MESSAGES, _forum_digest, _post_stands),
    "announcement": Asked("POST", MESSAGES, _announced, _announcement_stands),
    "direct message": Asked("POST", MESSAGES, _direct, _direct_stands),
    "direct channel": Asked("POST", "/users/@me/channels", _direct, _direct_stands),
    "edit": Asked("PATCH", MESSAGE, _edited, _edit_stands),
    "deletion": Asked("DELETE", MESSAGE, _deleted, _deletion_stands, right="no content"),
    "pin": Asked("PUT", PINS, _pinned, _pin_stands, right="no content"),
    "pinned post": Asked("PATCH", CHANNEL, _pinned_post, _pinned_post_stands),
}


@pytest.mark.parametrize("request_name", REQUESTS)
async def test_of_any_request(club: Club, request_name: str) -> None:
    asked = REQUESTS[request_name]
    pairs = [(name, True) for name in ANSWERS] + [(name, False) for name in SOME]
    for name, effect in pairs:
        if name == asked.right:
            continue
        fault = Fault(
            asked.method, asked.route, skip=asked.skip, after_effect=effect, **ANSWERS[name]
        )
        club.sandbox.faults.add(fault)
        text = f"{request_name}: {name}, {'done' if effect else 'not done'}"
        lane = await asked.plan(club, text)
        await club.settle()
        assert fault.hits == 1, text
        asked.check(club, text)
        assert set(await club.states(lane)) == {OutboxState.SENT}, text
        assert club.notices == []


LOOKED_AT = {
    "history": (MESSAGES, False),
    "channel": (CHANNEL, True),
    "active threads": ("/guilds/{guild_id}/threads/active", True),
    "archived threads": (f"{FORUM}/archived/public", True),
    "a single message": (MESSAGE, False),
}


@pytest.mark.parametrize("looked_at", LOOKED_AT)
async def test_what_is_looked_at_is_not_taken_for_empty(club: Club, looked_at: str) -> None:
    """A message was posted and not answered for; what should show it brings nonsense, twice."""
    route, forum = LOOKED_AT[looked_at]
    for name, answer in ANSWERS.items():
        if answer.get("garbled") == "list" and route == MESSAGES:
            # An empty history is one. (That it may not be read is seen by a single message.)
            continue
        made = Fault("POST", FORUM if forum else MESSAGES, drop="after")
        fault = Fault("GET", route, times=2, **answer)
        club.sandbox.faults.add(made)
        club.sandbox.faults.add(fault)
        plan = _forum_digest if forum else _digest
        lane = await plan(club, f"{looked_at}: {name}")
        club.sandbox.forget_nonces()
        await club.settle()
        assert made.hits == 1
        if looked_at != "a single message":
            assert fault.hits == 2, name
        (_post_stands if forum else _digest_stands)(club, f"{looked_at}: {name}")
        assert set(await club.states(lane)) == {OutboxState.SENT}
        assert club.notices == []


REFUSALS = {
    "Discord's": (403, "application/json", b'{"message": "Missing Access", "code": 50001}', 50001),
    "Discord's, of a form": (400, "application/json", b'{"code": 50035, "errors": {}}', 50035),
    "Discord's, malformed": (400, "application/json", b'{"message": "Bad", "code": 0}', 0),
    "Discord's 401": (401, "application/json", b'{"message": "Unauthorized", "code": 0}', 0),
    "a proxy's page": (403, "text/html", b"<html>", None),
    "a proxy's 401": (401, "text/html", b"<html>", None),
    "a proxy's page, said to be JSON": (404, "application/json", b"<html>", None),
    "a proxy's JSON": (403, "application/json", b'{"error": "blocked"}', None),
    "a proxy's JSON with a code of its own": (403, "application/json", b'{"code": "EBLOCK"}', None),
    "no code": (403, "application/json", b'{"message": "Forbidden", "code": 0}', None),
    "yes": (403, "application/json", b'{"code": true}', None),
    "a list": (404, "application/json", b"[]", None),
    "half of one": (404, "application/json", b'{"message": "Unknown Ch', None),
    "nothing": (405, "application/json", b"", None),
    "JSON under another name": (404, "text/plain", b'{"code": 10003}', None),
    "not even text": (400, "application/json", b"\xff\xfe\x00", None),
    "endless": (400, "application/json", b"[" * 200_000, None),
}


@pytest.mark.parametrize("whose", REFUSALS)
def test_whose_refusal_it_is(whose: str) -> None:
    status, content_type, body, code = REFUSALS[whose]
    found = refusal(status, content_type, body)
    assert (found.code if found else None) == code


async def test_a_proxys_refusal_holds_everything_and_tells_nobody(club: Club) -> None:
    """Nothing else is asked meanwhile; then all goes on as if nothing had been."""
    weather = Fault("*", "*", times=3, status=403, garbled="page")
    club.sandbox.faults.add(weather)
    lanes = [await club.plan([f"{number}"], channel="ml-papers") for number in range(20)]
    pace = replace(club.pace, weather=0.3, requests=2)
    club.sender = club.another(pace=pace)
    sending = asyncio.create_task(club.sender.drain())
    while not weather.hits:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.15)
    assert weather.hits <= pace.requests
    assert len(club.sandbox.requests) == len(LOGIN)
    await sending
    await club.settle()
    assert sorted(club.threads("ml-papers")) == sorted([f"{number}"] for number in range(20))
    assert {state for lane in lanes for state in await club.states(lane)} == {OutboxState.SENT}
    assert club.notices == []


@pytest.mark.parametrize("said", ["NaN", "-1", "1e400", '"soon"', "null", "[]"])
def test_a_wait_that_cannot_be_meant(said: str) -> None:
    """No number that a 429 may name breaks a lane or holds it up for ever."""
    for body in (f'{{"retry_after": {said}}}', said):
        limited = rate_limited(body.encode(), {"Retry-After": said})
        assert 0 <= limited.retry_after <= LONGEST_WAIT
