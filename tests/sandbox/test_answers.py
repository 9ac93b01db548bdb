"""Every route answers in the shape that Discord's OpenAPI document gives."""

import aiohttp
import pytest

from bot.sandbox import Person, Sandbox
from tests.sandbox.api import Api

COMMAND = {
    "name": "add",
    "description": "Adds",
    "name_localizations": {"ko": "추가"},
    "default_member_permissions": 32,
    "options": [
        {"type": 3, "name": "reference", "description": "Which", "required": True},
        {"type": 4, "name": "n", "description": "n", "choices": [{"name": "one", "value": 1}]},
    ],
}


@pytest.mark.parametrize(
    "path",
    [
        "/users/@me",
        "/users/@me/guilds",
        "/users/{ada}",
        "/applications/@me",
        "/oauth2/applications/@me",
        "/gateway",
        "/gateway/bot",
        "/guilds/{guild}",
        "/guilds/{guild}/channels",
        "/guilds/{guild}/roles",
        "/guilds/{guild}/members?limit=10",
        "/guilds/{guild}/members/{ada}",
        "/guilds/{guild}/members/search?query=ad",
        "/guilds/{guild}/threads/active",
        "/channels/{papers}",
        "/channels/{forum}",
        "/channels/{papers}/messages",
        "/channels/{papers}/messages/pins",
        "/channels/{papers}/pins",
        "/channels/{papers}/threads/archived/public",
        "/channels/{papers}/threads/search?name=first",
        "/applications/{app}/commands",
        "/applications/{app}/guilds/{guild}/commands",
    ],
)
async def test_reading(api: Api, sandbox: Sandbox, path: str, ada: Person) -> None:
    message = await api.post(f"hi <@{ada.id}>", embeds=[{"title": "t", "color": 1}])
    await api("POST", f"/channels/{api.papers}/messages/{message}/threads", {"name": "first"})
    await api("PUT", f"/channels/{api.papers}/messages/{message}/reactions/%F0%9F%93%8C/@me")
    await api("PUT", f"/channels/{api.papers}/messages/pins/{message}")
    guild = next(iter(sandbox.world.guilds))
    for scope in ("", f"/guilds/{guild}"):
        await api("POST", f"/applications/{api.app}{scope}/commands", COMMAND)
    filled = path.format(ada=ada.id, guild=guild, papers=api.papers, forum=api.forum, app=api.app)
    answer = await api("GET", filled)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body


async def test_writing(api: Api, sandbox: Sandbox) -> None:
    messages = f"/channels/{api.papers}/messages"
    made = await api("POST", messages, {"content": "one", "nonce": "n1"})
    assert made.body["nonce"] == "n1"
    message = made.body["id"]
    edited = await api("PATCH", f"{messages}/{message}", {"content": "two"})
    assert edited.body["edited_timestamp"]
    reply = await api(
        "POST", messages, {"content": "re", "message_reference": {"message_id": message}}
    )
    assert reply.body["referenced_message"]["content"] == "two"
    thread = await api("POST", f"{messages}/{message}/threads", {"name": "talk"})
    assert (thread.status, thread.body["id"]) == (201, message)
    await api("POST", f"/channels/{message}/messages", {"content": "inside"})
    await api("PATCH", f"/channels/{message}", {"name": "talks", "archived": True})
    post = await api(
        "POST", f"/channels/{api.forum}/threads", {"name": "post", "message": {"content": "x"}}
    )
    assert post.body["message"]["id"] == post.body["id"]
    assert (await api("POST", f"/channels/{api.papers}/typing")).status == 204
    assert (await api("DELETE", f"{messages}/{message}")).status == 204
    listed = await api("GET", messages)
    assert [m["type"] for m in listed.body] == [19]


async def test_files_come_back(api: Api, sandbox: Sandbox) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content":"f","attachments":[{"id":0,"filename":"a b.md"}]}')
    form.add_field("files[0]", b"# text", filename="a b.md", content_type="text/markdown")
    made = await api("POST", f"/channels/{api.papers}/messages", data=form)
    attachment = made.body["attachments"][0]
    assert attachment["filename"] == "a_b.md"
    async with api.session.get(attachment["url"]) as response:
        assert await response.read() == b"# text"
    assert sandbox.channel("papers").messages[-1].attachments[0].data == b"# text"
    emptied = await api(
        "PATCH", f"/channels/{api.papers}/messages/{made.body['id']}", {"attachments": []}
    )
    assert emptied.body["attachments"] == []


async def test_components_of_both_versions(api: Api) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    first = await api(
        "POST", f"/channels/{api.papers}/messages", {"content": "x", "components": [row]}
    )
    assert first.body["components"][0]["components"][0]["id"] == 2
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "words"}],
        "accessory": {"type": 2, "style": 5, "label": "arXiv", "url": "https://arxiv.org"},
    }
    container = {"type": 17, "accent_color": 255, "components": [section, {"type": 14}, row]}
    second = await api(
        "POST", f"/channels/{api.papers}/messages", {"flags": 1 << 15, "components": [container]}
    )
    assert second.status == 200, second.body
    assert second.body["flags"] == 1 << 15
