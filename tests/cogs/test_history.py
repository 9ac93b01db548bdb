"""`/settings import history`: what a channel's earlier messages link, shown, then taken in once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.archive.exporter import Format, export_archive
from bot.archive.importing.importer import import_archive
from bot.chat import history
from bot.sandbox import Fault, Person, Sandbox
from bot.sandbox.arxiv import LoopbackArxiv
from bot.store import Store
from bot.store.schema import MemberRow
from tests.bot import Bot
from tests.clock import Clock

SLICEOUT = "https://arxiv.org/abs/2007.10909"
OTHER = "https://arxiv.org/pdf/2007.10396v1"
PAPERS, REPLIES = "Take the papers in", "Papers, and answers as takes"


@pytest.fixture
def message_content() -> bool:
    return True


@pytest.fixture
async def bot(
    sandbox: Sandbox, arxiv: LoopbackArxiv, database_url: str, clock: Clock
) -> AsyncIterator[Bot]:
    made = Bot(sandbox, arxiv, database_url, clock)
    discord = made.settings.discord.model_copy(
        update={"message_content": True, "token": SecretStr(sandbox.token)}
    )
    made.settings = made.settings.model_copy(update={"discord": discord})
    await made.start()
    yield made
    await made.stop()


async def talk(grace: Person, minji: Person, clock: Clock) -> None:
    """A club's talk before it had the bot."""
    first = await grace.say(f"this one looks fun: {SLICEOUT}")
    clock.advance(minutes=1)
    answer = await minji.say("채널을 잘라내는 거네요", reply_to=first)
    clock.advance(minutes=1)
    await grace.say("yes, and cheap", reply_to=answer)
    await minji.say(f"{OTHER} and again {SLICEOUT}")
    await grace.say("a page of no paper: https://example.org/cats")
    clock.advance(days=30)


async def test_it_is_shown_first_and_taken_in_once(
    ada: Person, grace: Person, minji: Person, bot: Bot, clock: Clock
) -> None:
    await talk(grace, minji, clock)
    offer = await ada.slash("/settings import", history=True)
    assert offer.private
    assert "Not on the list yet: 2 papers" in offer.text
    assert "2 answers" in offer.text
    assert "Linked by: Grace 1, 민지 1" in offer.text
    assert "5 messages were read" in offer.text
    assert "SliceOut" not in (await ada.slash("/paper list")).text
    taken = await ada.press(offer, PAPERS)
    assert taken.private
    assert "2 papers, 0 takes" in taken.text
    shown = await grace.slash("/paper show", paper="2007.10909")
    assert "Grace" in shown.text
    assert "잘라내는" not in shown.text

    offer = await ada.slash("/settings import", history=True)
    assert "Not on the list yet: 0 papers" in offer.text
    taken = await ada.press(offer, REPLIES)
    assert "0 papers, 2 takes" in taken.text
    shown = await grace.slash("/paper show", paper="2007.10909")
    assert "채널을 잘라내는 거네요" in shown.text
    assert "yes, and cheap" in shown.text
    assert "Nothing new" in (await ada.slash("/settings import", history=True)).text
    # What is old comes in no digest, and is nobody's account's.
    assert "SliceOut" not in (await ada.slash("/digest preview")).text
    async with bot.app.store.read() as tx:
        names = {row.name: row.discord_id for row in await tx.session.scalars(select(MemberRow))}
    assert names == {"Grace": None, "민지": None}


async def test_what_was_taken_off_or_deleted_does_not_come_back(
    ada: Person, grace: Person, minji: Person, clock: Clock
) -> None:
    await talk(grace, minji, clock)
    await ada.press(await ada.slash("/settings import", history=True), REPLIES)
    await ada.slash("/paper remove", paper="2007.10909")
    assert "Nothing new" in (await ada.slash("/settings import", history=True)).text


async def test_what_is_said_in_a_thread_on_the_message_answers_it(
    ada: Person, grace: Person, minji: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAUSE", 0.0)
    linked = await grace.say(f"{SLICEOUT}")
    thread = await minji.open_thread("about it", on=linked)
    await minji.say("said in the thread", channel=thread)
    other = await grace.say("no paper here")
    await minji.say("said elsewhere", channel=await minji.open_thread("chat", on=other))
    clock.advance(days=30)
    offer = await ada.slash("/settings import", history=True)
    assert "1 paper." in offer.text
    assert "1 answer." in offer.text
    await ada.press(offer, REPLIES)
    shown = (await grace.slash("/paper show", paper="2007.10909")).text
    assert "said in the thread" in shown
    assert "said elsewhere" not in shown


async def test_it_goes_on_after_a_kill(
    ada: Person, grace: Person, minji: Person, bot: Bot, clock: Clock
) -> None:
    """What waits to be taken in is taken in by the next start, and told in the channel."""
    await talk(grace, minji, clock)
    offer = await ada.slash("/settings import", history=True)
    queue = bot.app.services.imports.queue
    async with queue._working:
        pressing = asyncio.create_task(ada.press(offer, REPLIES))
        while True:
            async with bot.app.store.read() as tx:
                if await tx.imports.next() is not None:
                    break
            await asyncio.sleep(0.02)
        await bot.kill()
    await bot.start()
    while True:
        await bot.app.tick()
        async with bot.app.store.read() as tx:
            if await tx.imports.next() is None:
                break
    pressing.cancel()
    clock.advance(minutes=2)
    await bot.app.tick()
    await bot.settle()
    assert any("is imported: 2 papers, 2 takes" in post.text for post in ada.sees())
    assert "Nothing new" in (await ada.slash("/settings import", history=True)).text


async def test_many_messages_are_read_page_by_page_and_on_where_it_stood(
    ada: Person,
    grace: Person,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
) -> None:
    monkeypatch.setattr(history, "PAUSE", 0.0)
    for number in range(230):
        await grace.say(f"arxiv.org/abs/2001.{number + 1:05}" if number % 10 == 0 else "hm")
    path = "/channels/{channel_id}/messages"
    sandbox.faults.add(Fault("GET", path, status=403, times=1, skip=1))
    told = (await ada.slash("/settings import", history=True)).text
    assert "Read Message History" in told
    offer = await ada.slash("/settings import", history=True)
    assert "230 messages were read" in offer.text
    assert "23 papers" in offer.text


def exported(*messages: dict[str, Any]) -> bytes:
    whole = {
        "guild": {"id": "1", "name": "Club"},
        "channel": {"id": "2", "type": "GuildTextChat", "name": "papers"},
        "messages": list(messages),
    }
    return json.dumps(whole, ensure_ascii=False).encode("utf-8-sig")


def written(number: int, by: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": f"2019-03-0{number}T12:00:00+00:00",
        "content": text,
        "author": {"id": str(100 + number), "name": by.lower(), "nickname": by, "isBot": False},
        "embeds": [],
        **more,
    }


async def test_an_export_of_the_channel_is_offered_too(
    ada: Person, grace: Person, bot: Bot
) -> None:
    await grace.slash("/paper add", reference="2007.10396")
    review = "https://openreview.net/forum?id=abc123"
    titled = {"embeds": [{"url": review, "title": "A Paper on OpenReview"}]}
    answers = {"type": "Reply", "reference": {"messageId": "1"}}
    data = exported(
        written(1, "Emil", f"{SLICEOUT}"),
        written(2, "Grace", "not really Grace", **answers),
        written(3, "Emil", "old news", **answers),
        written(4, "Emil", review, **titled),
        written(5, "Feed", OTHER, author={"id": "9", "name": "Feed", "isBot": True}),
    )
    offer = await ada.slash("/settings import", file=("papers.json", data))
    assert offer.private
    assert "Linked by: Emil 2" in offer.text
    taken = await ada.press(offer, REPLIES)
    assert "2 papers, 2 takes" in taken.text
    assert "A Paper on OpenReview" in (await ada.slash("/paper show", paper=review)).text
    shown = (await ada.slash("/paper show", paper="2007.10909")).text
    assert "Emil" in shown
    # A file gives nobody a name that a member here goes by.
    async with bot.app.store.read() as tx:
        names = {row.name: row.discord_id for row in await tx.session.scalars(select(MemberRow))}
    assert names["archive"] is None
    assert names["Grace"] is not None
    again = await ada.slash("/settings import", file=("papers.json", data))
    assert "Nothing new" in again.text


@pytest.mark.parametrize(
    "data", [exported({"id": "x"}), b'{"guild": 1, "channel": 2, "messages": 3}']
)
async def test_what_cannot_be_read_is_told(ada: Person, data: bytes) -> None:
    reply = await ada.slash("/settings import", file=("papers.json", data))
    assert reply.private
    assert "can't be imported" in reply.text


async def test_the_host_imports_an_export_under_its_writers_names(
    store: Store, tmp_path: Path
) -> None:
    answers = {"type": "Reply", "reference": {"messageId": "1"}}
    path = tmp_path / "papers.json"
    path.write_bytes(exported(written(1, "Emil", SLICEOUT), written(2, "Noor", "neat", **answers)))
    now = datetime(2020, 7, 26, tzinfo=UTC)
    dry = await import_archive(store, path, "ml", now=now, dry_run=True, replies=True)
    assert (dry.entries, dry.takes) == (1, 1)
    done = await import_archive(store, path, "ml", now=now, replies=True)
    assert (done.entries, done.takes) == (1, 1)
    again = await import_archive(store, path, "ml", now=now, replies=True)
    assert (again.entries, again.takes, again.unchanged) == (0, 0, 1)
    # An export of what came in brings it elsewhere, where the messages themselves add nothing.
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
    await export_archive(store, tmp_path / "out", channel, Format.JSON)
    await import_archive(store, tmp_path / "out" / "ml.jsonl", "other", now=now)
    again = await import_archive(store, path, "other", now=now, replies=True)
    assert (again.entries, again.takes) == (0, 0)
    async with store.read() as tx:
        names = set(await tx.session.scalars(select(MemberRow.name)))
    assert names == {"Emil", "Noor"}


async def test_only_moderators_and_one_thing_at_a_time(
    ada: Person, grace: Person, minji: Person, clock: Clock
) -> None:
    assert "may manage" in (await grace.slash("/settings import", history=True)).text
    assert "may manage" in (await grace.slash("/settings import", file=("x.json", exported()))).text
    assert "Choose what to import" in (await ada.slash("/settings import")).text
    both = await ada.slash("/settings import", file=("x.md", b"x"), history=True)
    assert "One thing at a time" in both.text
    await talk(grace, minji, clock)
    offer = await ada.slash("/settings import", history=True)
    assert "forgotten" in (await ada.press(offer, "Not now")).text
