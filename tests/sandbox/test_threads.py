"""Threads and forum posts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.sandbox import ClientRefused, Permission, Person, RateLimits, Sandbox
from tests.sandbox.api import Api
from tests.sandbox.club import Club


async def thread(api: Api, name: str = "talk") -> int:
    message = await api.post("starter")
    made = await api("POST", f"/channels/{api.papers}/messages/{message}/threads", {"name": name})
    assert int(made.body["id"]) == message
    return message


async def test_a_thread_has_its_messages_id_and_is_made_once(api: Api, sandbox: Sandbox) -> None:
    made = await thread(api)
    again = await api("POST", f"/channels/{api.papers}/messages/{made}/threads", {"name": "b"})
    assert (again.status, again.code) == (400, 160004)
    place = sandbox.channel("papers").threads[0]
    assert place.starter is not None
    assert place.starter.text == "starter"
    assert place.messages == []
    assert [post.record.type for post in place.history] == [21]
    fetched = await api("GET", f"/channels/{api.papers}/messages/{made}")
    assert fetched.body["thread"]["id"] == str(made)


async def test_the_client_library_makes_and_finds_threads(
    club: Club, sandbox: Sandbox, ada: Person
) -> None:
    channel = club.get_channel(sandbox.channel("papers").id)
    forum = club.get_channel(sandbox.channel("reading-room").id)
    message = await channel.send("starter")
    made = await message.create_thread(name="talk", auto_archive_duration=60)
    await made.send("inside", suppress_embeds=True)
    post = await forum.create_thread(name="200726", content="first")
    await post.thread.send("second")
    assert [t.name for t in await channel.guild.active_threads()] == ["200726", "talk"]
    assert [m.content async for m in made.history(oldest_first=True)] == ["", "inside"]
    assert post.message.id == post.thread.id
    assert [p.text for p in ada.sees("200726")] == ["first", "second"]
    await made.edit(archived=True, locked=True)
    assert [t.name async for t in channel.archived_threads()] == ["talk"]
    assert sandbox.channel("talk").archived
    assert await club.fetch_channel(made.id) == made
    await message.pin()
    assert [m.content async for m in channel.pins()] == ["starter"]


async def test_writing_wakes_an_archived_thread(api: Api, sandbox: Sandbox) -> None:
    made = await thread(api)
    message = await api("POST", f"/channels/{made}/messages", {"content": "x"})
    sandbox.admin.archive(made)
    path = f"/channels/{made}/messages/{message.body['id']}"
    assert (await api("PATCH", path, {"content": "y"})).code == 50083
    assert (await api("PUT", f"{path}/reactions/%F0%9F%93%8C/@me")).code == 50083
    assert (await api("PATCH", f"/channels/{made}", {"name": "n"})).code == 50083
    assert (await api("POST", f"/channels/{made}/messages", {"content": "z"})).status == 200
    assert not sandbox.channel(made).archived
    assert (await api("PATCH", path, {"content": "y"})).status == 200


async def test_a_locked_thread_is_for_those_who_manage_threads(
    api: Api, sandbox: Sandbox, grace: Person
) -> None:
    made = await thread(api)
    sandbox.admin.lock(made)
    with pytest.raises(ClientRefused, match="locked"):
        await grace.say("x", channel=made)
    assert (await api("POST", f"/channels/{made}/messages", {"content": "x"})).status == 200
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.MANAGE_THREADS)
    answer = await api("POST", f"/channels/{made}/messages", {"content": "x"})
    assert (answer.status, answer.code) == (403, 160005)


async def test_forum_posts_carry_tags(api: Api, sandbox: Sandbox) -> None:
    place = sandbox.admin.create_channel("library", forum=True, tags=["digest", "other"])
    tag = str(place.record.tags[0].id)
    body = {"name": "week", "message": {"content": "x"}, "applied_tags": [tag]}
    made = await api("POST", f"/channels/{place.id}/threads", body)
    assert sandbox.channel("week").tags == ["digest"]
    place.record.flags |= 1 << 4
    untagged = {"name": "week", "message": {"content": "x"}}
    assert (await api("POST", f"/channels/{place.id}/threads", untagged)).code == 40067
    found = await api("GET", f"/channels/{place.id}/threads/search?name=WEEK")
    assert [t["id"] for t in found.body["threads"]] == [made.body["id"]]
    assert found.body["first_messages"][0]["content"] == "x"


async def test_threads_that_are_many(api: Api, sandbox: Sandbox) -> None:
    sandbox.core.threads.most_active = 1
    await thread(api)
    message = await api.post("next")
    path = f"/channels/{api.papers}/messages/{message}/threads"
    assert (await api("POST", path, {"name": "x"})).code == 160006


async def test_a_deleted_channel_takes_its_threads_along(
    club: Club, sandbox: Sandbox, api: Api
) -> None:
    made = await thread(api)
    sandbox.admin.delete_channel("papers")
    assert (await api("POST", f"/channels/{made}/messages", {"content": "x"})).code == 10003
    assert (await api("GET", f"/channels/{api.papers}")).code == 10003


@pytest.fixture
async def slow_api() -> AsyncIterator[tuple[Api, list[datetime]]]:
    moment = [datetime(2020, 7, 26, tzinfo=UTC)]
    server = Sandbox(clock=lambda: moment[0], limits=RateLimits.off())
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Api(server, session), moment
    await server.stop()


async def test_silent_threads_archive_themselves(
    slow_api: tuple[Api, list[datetime]],
) -> None:
    api, moment = slow_api
    message = await api.post("starter")
    body = {"name": "talk", "auto_archive_duration": 60}
    await api("POST", f"/channels/{api.papers}/messages/{message}/threads", body)
    moment[0] += timedelta(minutes=50)
    await api("POST", f"/channels/{message}/messages", {"content": "still here"})
    moment[0] += timedelta(minutes=50)
    shown = await api("GET", f"/channels/{message}")
    assert not shown.body["thread_metadata"]["archived"]
    moment[0] += timedelta(minutes=11)
    shown = await api("GET", f"/channels/{message}")
    assert shown.body["thread_metadata"]["archived"]


async def test_people_open_threads(ada: Person, grace: Person) -> None:
    post = await grace.say("what about https://arxiv.org/abs/1 and <https://arxiv.org/abs/2>?")
    assert post.previews == ["https://arxiv.org/abs/1"]
    place = await ada.open_thread("about this", on=post)
    assert post.thread == place
    await grace.say("yes", channel=place)
    assert [p.text for p in ada.sees("about this")] == ["yes"]
    assert place in grace.places()
    await grace.delete(grace.sees(place)[0])
    with pytest.raises(ClientRefused, match="50013"):
        await grace.delete_channel(place)
    await ada.delete_channel(place)
    with pytest.raises(ClientRefused, match="not there any more"):
        ada.sees(place)
