"""Whom a message pings."""

from typing import Any

import pytest

from bot.sandbox import Permission, Person, Sandbox
from tests.sandbox.api import Api


def pings(sandbox: Sandbox) -> tuple[set[str], bool]:
    found = sandbox.channel("papers").messages[-1].pings
    return {sandbox.world.users[u].username for u in found.users}, found.everyone


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, {"ada", "grace"}),
        ({"parse": []}, set()),
        ({"parse": ["users"]}, {"ada", "grace"}),
        ({"parse": [], "users": ["{ada}"]}, {"ada"}),
    ],
)
async def test_users(
    api: Api, sandbox: Sandbox, ada: Person, grace: Person, allowed: Any, pinged: set[str]
) -> None:
    if allowed and allowed.get("users"):
        allowed = {**allowed, "users": [str(ada.id)]}
    more = {"allowed_mentions": allowed} if allowed is not None else {}
    await api.post(f"<@{ada.id}> <@!{grace.id}> `<@{sandbox.world.bot.id}>`", **more)
    assert pings(sandbox) == (pinged, False)


async def test_everyone_needs_permission_and_leave(api: Api, sandbox: Sandbox) -> None:
    await api.post("@everyone")
    assert pings(sandbox) == (set(), False)
    sandbox.admin.set_overwrite("papers", "Papertakes", allow=Permission.MENTION_EVERYONE)
    await api.post("@everyone")
    assert pings(sandbox) == (set(), True)
    await api.post("@everyone", allowed_mentions={"parse": ["users"]})
    assert pings(sandbox) == (set(), False)


async def test_replies_ping_unless_told_not_to(api: Api, sandbox: Sandbox, ada: Person) -> None:
    post = await ada.say("x")
    reference = {"message_reference": {"message_id": str(post.id)}}
    await api.post("re", **reference)
    assert pings(sandbox) == ({"ada"}, False)
    await api.post("re", **reference, allowed_mentions={"parse": [], "replied_user": False})
    assert pings(sandbox) == (set(), False)


async def test_an_edit_pings_nobody(api: Api, sandbox: Sandbox, ada: Person) -> None:
    message = await api.post("x")
    path = f"/channels/{api.papers}/messages/{message}"
    edited = await api("PATCH", path, {"content": f"<@{ada.id}>"})
    assert [user["username"] for user in edited.body["mentions"]] == ["ada"]
    assert pings(sandbox) == (set(), False)


async def test_text_displays_ping_too(api: Api, sandbox: Sandbox, ada: Person) -> None:
    body = {"flags": 1 << 15, "components": [{"type": 10, "content": f"<@{ada.id}>"}]}
    await api("POST", f"/channels/{api.papers}/messages", body)
    assert pings(sandbox) == ({"ada"}, False)
