"""What Discord refuses, each with its status, code and nested errors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Permission, Person, Sandbox
from tests.sandbox.api import Api

V2 = 1 << 15
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


@pytest.fixture
def unchecked(sandbox: Sandbox) -> Sandbox:
    """The bodies here are wrong on purpose: the document would complain first."""
    sandbox.validator = None
    return sandbox


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, ["content"], "BASE_TYPE_MAX_LENGTH"),
        ({"content": ["x"]}, ["content"], "STRING_TYPE_CONVERT"),
        ({"content": "x", "nonce": "n" * 26}, ["nonce"], "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", "embeds": [{}] * 11}, ["embeds"], "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "t" * 257}]}, ["embeds", "0", "title"], "BASE_TYPE_MAX_LENGTH"),
        (
            {"embeds": [{"fields": [{"name": "", "value": "v"}]}]},
            ["embeds", "0", "fields", "0", "name"],
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"embeds": [{"description": "d" * 3500}] * 2},
            ["embeds"],
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
        (
            {"embeds": [{"title": "t", "url": "ftp://x"}]},
            ["embeds", "0", "url"],
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            {"content": "x", "components": [text("t")]},
            ["components", "0", "type"],
            "UNION_TYPE_CHOICES",
        ),
        (
            {"content": "x", "components": [row(BUTTON, BUTTON)]},
            ["components", "0", "components", "1", "custom_id"],
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"content": "x", "components": [row({**BUTTON, "label": "l" * 81})]},
            ["components", "0", "components", "0", "label"],
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"content": "x", "components": [row({**BUTTON, "custom_id": "c" * 101})]},
            ["components", "0", "components", "0", "custom_id"],
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {
                "content": "x",
                "components": [row(*[{**BUTTON, "custom_id": str(n)} for n in range(6)])],
            },
            ["components", "0", "components"],
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"flags": V2, "content": "x", "components": [text("t")]},
            ["content"],
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            {"flags": V2, "components": [text("t" * 2500), text("t" * 2500)]},
            ["components"],
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        (
            {"flags": V2, "components": [{"type": 17, "components": [text("t")] * 39}, text("t")]},
            ["components"],
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "123"}},
            ["message_reference"],
            "REPLIES_UNKNOWN_MESSAGE",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            ["allowed_mentions", "users"],
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
    ],
)
async def test_a_message_that_is_wrong(
    unchecked: Sandbox, api: Api, body: dict[str, Any], path: list[str], code: str
) -> None:
    answer = await api("POST", f"/channels/{api.papers}/messages", body)
    assert (answer.status, answer.code) == (400, 50035)
    assert answer.errors_at(*path) == [code]
    assert unchecked.channel("papers").messages == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/channels/{papers}/messages", {"content": " \n"}, 400, 50006),
        ("POST", "/channels/{papers}/messages", {}, 400, 50006),
        ("POST", "/channels/{forum}/messages", {"content": "x"}, 400, 50008),
        ("POST", "/channels/123456/messages", {"content": "x"}, 404, 10003),
        ("GET", "/channels/123456", None, 404, 10003),
        ("GET", "/channels/{papers}/messages/123456", None, 404, 10008),
        ("PATCH", "/channels/{papers}/messages/123456", {"content": "x"}, 404, 10008),
        ("DELETE", "/channels/{papers}/messages/123456", None, 404, 10008),
        ("PATCH", "/channels/{papers}/messages/{hers}", {"content": "x"}, 403, 50005),
        ("DELETE", "/channels/{papers}/messages/{hers}", None, 403, 50013),
        ("DELETE", "/channels/{papers}", None, 403, 50013),
        ("GET", "/guilds/123456", None, 404, 10004),
        ("GET", "/guilds/{guild}/members/123456", None, 404, 10007),
        ("GET", "/users/123456", None, 404, 10013),
        ("POST", "/users/@me/channels", {"recipient_id": "{app}"}, 403, 50007),
        ("GET", "/applications/123456/commands", None, 404, 10002),
        ("GET", "/applications/{app}/commands/123456", None, 404, 10063),
        ("POST", "/webhooks/{app}/nonsense", {"content": "x"}, 404, 10015),
        ("POST", "/interactions/1/nonsense/callback", {"type": 5}, 404, 10062),
        ("PUT", "/channels/{papers}/messages/{hers}/reactions/x/@me", None, 400, 10014),
        ("POST", "/channels/{papers}/messages/{hers}/threads", {"name": ""}, 400, 50035),
        ("POST", "/channels/{papers}/messages/{hers}/threads", {"name": "n" * 101}, 400, 50035),
        ("GET", "/channels/{papers}/messages?limit=101", None, 400, 50035),
        ("POST", "/channels/{forum}/threads", {"name": "n"}, 400, 50035),
        (
            "POST",
            "/channels/{forum}/threads",
            {"name": "n", "message": {"content": ""}},
            400,
            50006,
        ),
        (
            "POST",
            "/channels/{forum}/threads",
            {"name": "n", "message": {"content": "x"}, "applied_tags": ["12"]},
            400,
            10087,
        ),
        ("POST", "/channels/{papers}/messages/bulk-delete", {"messages": ["1"]}, 403, 50013),
    ],
)
async def test_codes(
    unchecked: Sandbox,
    api: Api,
    ada: Person,
    method: str,
    path: str,
    body: Any,
    status: int,
    code: int,
) -> None:
    hers = await ada.say("hers", channel="papers")
    names = {
        "papers": api.papers,
        "forum": api.forum,
        "app": api.app,
        "hers": hers.id,
        "guild": next(iter(unchecked.world.guilds)),
    }
    if isinstance(body, dict) and body.get("recipient_id"):
        body = {"recipient_id": str(api.app)}
    answer = await api(method, path.format(**names), body)
    assert (answer.status, answer.code) == (status, code)


async def test_a_wrong_token(api: Api) -> None:
    answer = await api("GET", "/users/@me", token="nonsense")
    assert (answer.status, answer.body) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_an_unknown_route_is_noted(api: Api, sandbox: Sandbox) -> None:
    assert (await api("GET", "/nothing/here")).status == 404
    assert sandbox.unknown == ["GET /api/v10/nothing/here"]
    sandbox.unknown.clear()


async def test_bodies_are_held_to_the_document(api: Api, sandbox: Sandbox) -> None:
    answer = await api("POST", f"/channels/{api.papers}/messages", {"content": {"x": 1}})
    assert answer.status == 400
    assert len(sandbox.violations) == 1
    sandbox.violations.clear()


@pytest.mark.parametrize(
    ("denied", "request_body", "code"),
    [
        (Permission.VIEW_CHANNEL, {"content": "x"}, 50001),
        (Permission.SEND_MESSAGES, {"content": "x"}, 50013),
        (Permission.EMBED_LINKS, {"embeds": [{"title": "t"}]}, 50013),
    ],
)
async def test_overwrites(
    api: Api, sandbox: Sandbox, denied: Permission, request_body: Any, code: int
) -> None:
    messages = f"/channels/{api.papers}/messages"
    sandbox.admin.set_overwrite("papers", "@everyone", deny=denied)
    assert (await api("POST", messages, request_body)).code == code
    sandbox.admin.set_overwrite("papers", "Papertakes", allow=denied)
    assert (await api("POST", messages, request_body)).status == 200
    sandbox.admin.clear_overwrites("papers")
    sandbox.admin.withdraw("@everyone", denied)
    assert (await api("POST", messages, request_body)).code == code


async def test_pinning_needs_its_own_permission(api: Api, sandbox: Sandbox) -> None:
    pins = f"/channels/{api.papers}/messages/pins/{await api.post()}"
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.PIN_MESSAGES)
    assert (await api("PUT", pins)).code == 50013
    sandbox.admin.clear_overwrites("papers")
    assert (await api("PUT", pins)).status == 204
    assert sandbox.channel("papers").messages[0].pinned
    assert len(sandbox.channel("papers").history) == 2


async def test_direct_messages_may_be_closed(api: Api, sandbox: Sandbox, ada: Person) -> None:
    opened = await api("POST", "/users/@me/channels", {"recipient_id": str(ada.id)})
    messages = f"/channels/{opened.body['id']}/messages"
    assert (await api("POST", messages, {"content": "x"})).status == 200
    ada.user.dms_open = False
    assert (await api("POST", messages, {"content": "x"})).code == 50007


async def test_a_file_too_large(api: Api) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content":"f"}')
    form.add_field("files[0]", b"x" * (10 * 1024 * 1024 + 1), filename="big")
    answer = await api("POST", f"/channels/{api.papers}/messages", data=form)
    assert (answer.status, answer.code) == (413, 40005)


async def test_second_version_messages_stay_so(unchecked: Sandbox, api: Api) -> None:
    messages = f"/channels/{api.papers}/messages"
    made = await api("POST", messages, {"flags": V2, "components": [text("t")]})
    path = f"{messages}/{made.body['id']}"
    assert (await api("PATCH", path, {"content": "x"})).errors_at("content")
    kept = await api("PATCH", path, {"flags": 0, "components": [text("u")]})
    assert kept.body["flags"] == V2
    plain = await api.post("plain")
    assert (
        await api("PATCH", f"{messages}/{plain}", {"flags": V2, "components": [text("t")]})
    ).code
    turned = await api(
        "PATCH", f"{messages}/{plain}", {"flags": V2, "content": None, "components": [text("t")]}
    )
    assert (turned.status, turned.body["content"]) == (200, "")


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"name": "Add"}, ["name"], "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "a b"}, ["name"], "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "n" * 33}, ["name"], "BASE_TYPE_BAD_LENGTH"),
        ({"description": ""}, ["description"], "BASE_TYPE_BAD_LENGTH"),
        ({"description": "d" * 101}, ["description"], "BASE_TYPE_BAD_LENGTH"),
        (
            {"name_localizations": {"ko": "A B"}},
            ["name_localizations", "ko"],
            "APPLICATION_COMMAND_INVALID_NAME",
        ),
        ({"name_localizations": {"kr": "x"}}, ["name_localizations", "kr"], "BASE_TYPE_CHOICES"),
        (
            {"options": [{"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)]},
            ["options"],
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {
                "options": [
                    {"type": 3, "name": "a", "description": "d"},
                    {"type": 3, "name": "b", "description": "d", "required": True},
                ]
            },
            ["options"],
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            {
                "options": [
                    {
                        "type": 3,
                        "name": f"o{n}",
                        "description": "d" * 100,
                        "choices": [{"name": f"{m}" * 50, "value": f"{m}" * 50} for m in range(4)],
                    }
                    for n in range(20)
                ]
            },
            [],
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_commands_that_are_wrong(
    unchecked: Sandbox, api: Api, change: dict[str, Any], path: list[str], code: str
) -> None:
    good = {"name": "추가", "description": "d"}
    everything = await api(
        "PUT", f"/applications/{api.app}/commands", [good, {**good, "name": "b", **change}]
    )
    assert (everything.status, everything.code) == (400, 50035)
    assert everything.errors_at("1", *path)[0] == code
    assert unchecked.core.commands.all(None) == []


async def test_two_hundred_commands_a_day(api: Api, sandbox: Sandbox) -> None:
    path = f"/applications/{api.app}/commands"
    for batch in range(3):
        commands = [{"name": f"c{batch}x{n}", "description": "d"} for n in range(90)]
        answer = await api("PUT", path, commands, checked=False)
        again = await api("PUT", path, commands, checked=False)
    assert (answer.status, answer.code) == (429, 30034)
    assert again.code == 30034


async def test_bulk_deletion(unchecked: Sandbox, api: Api) -> None:
    sandbox = unchecked
    sandbox.admin.set_overwrite("papers", "Papertakes", allow=Permission.MANAGE_MESSAGES)
    path = f"/channels/{api.papers}/messages/bulk-delete"
    ids = [str(await api.post(str(n))) for n in range(3)]
    assert (await api("POST", path, {"messages": ids[:1]}, checked=False)).code == 50016
    assert (await api("POST", path, {"messages": ids[:2]})).status == 204
    assert [post.text for post in sandbox.channel("papers").messages] == ["2"]


async def test_edits_of_old_messages_have_a_limit_of_their_own() -> None:
    moment = [datetime(2020, 7, 26, tzinfo=UTC)]
    server = Sandbox(clock=lambda: moment[0])
    await server.start()
    async with aiohttp.ClientSession() as session:
        api = Api(server, session)
        message = await api.post("old")
        moment[0] += timedelta(hours=2)
        path = f"/channels/{api.papers}/messages/{message}"
        codes = [(await api("PATCH", path, {"content": str(n)})) for n in range(4)]
    await server.stop()
    assert [answer.status for answer in codes] == [200, 200, 200, 429]
    assert codes[-1].code == 30046
    assert codes[-1].body["retry_after"] > 0
