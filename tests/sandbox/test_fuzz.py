"""Laws: whatever a bot sends, the sandbox answers with success or with a refusal of Discord's
form.
"""

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox import RateLimits, Sandbox, World
from bot.sandbox.core import Core
from bot.sandbox.drafts import read_new
from bot.sandbox.errors import ApiError
from bot.sandbox.interaction import Asked
from bot.sandbox.rest.route import ROUTES, Call
from bot.sandbox.server import utcnow

KEYS = [
    "content",
    "embeds",
    "components",
    "flags",
    "nonce",
    "enforce_nonce",
    "message_reference",
    "message_id",
    "attachments",
    "id",
    "allowed_mentions",
    "parse",
    "users",
    "roles",
    "name",
    "message",
    "applied_tags",
    "auto_archive_duration",
    "type",
    "title",
    "url",
    "description",
    "fields",
    "value",
    "label",
    "custom_id",
    "options",
    "style",
    "accessory",
    "items",
    "media",
    "content_type",
    "data",
    "choices",
    "default_member_permissions",
    "name_localizations",
    "ko",
    "archived",
    "locked",
    "messages",
    "recipient_id",
    "component",
    "image",
    "footer",
    "text",
    "placeholder",
    "min_values",
    "max_values",
    "emoji",
]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 1 << 20),
    st.sampled_from([1, 2, 3, 4, 9, 10, 12, 17, 18, 64, 1 << 15]),
    st.text(max_size=5),
    st.sampled_from(["https://x.org", "attachment://a", "123456789012345678", "x" * 2001]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    ),
    max_leaves=20,
)
BODIES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8)
WRITING = [route for route in ROUTES if route.method in ("POST", "PUT", "PATCH")]


def core() -> Core:
    return Core(World.sample(), utcnow, timedelta(minutes=5), 3.0)


def paths(made: Core) -> dict[str, str]:
    world = made.world
    channel = next(c for c in world.channels.values() if c.name == "papers")
    message = made.messages.create(world.bot, channel, {"content": "x"})
    asked = made.interactions.ask(
        Asked.COMMAND, next(u for u in world.users.values() if not u.bot), channel, {"name": "n"}
    )
    return {
        "channel_id": str(channel.id),
        "message_id": str(message.id),
        "guild_id": str(next(iter(world.guilds))),
        "application_id": str(world.bot.id),
        "interaction_id": str(asked.id),
        "token": asked.token,
        "user_id": str(world.bot.id),
        "overwrite_id": "1",
        "command_id": "1",
        "emoji": "📌",
    }


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(WRITING), st.one_of(BODIES, VALUES), st.booleans())
def test_no_body_breaks_a_route(route: Any, body: Any, forum: bool) -> None:
    made = core()
    path = paths(made)
    if forum and route.template == "/channels/{channel_id}/threads":
        found = next(c for c in made.world.channels.values() if c.name == "reading-room")
        path["channel_id"] = str(found.id)
    refusal: ApiError | None = None
    try:
        route.handler(Call(made, path, {}, body))
    except ApiError as error:
        refusal = error
    assert refusal is None or refusal.status in (400, 401, 403, 404, 413, 429)


@settings(max_examples=100, deadline=None)
@given(BODIES)
def test_what_is_stored_keeps_the_limits(body: Any) -> None:
    made = core()
    try:
        draft = read_new(made.world, 1, body)
    except ApiError:
        return
    assert len(draft.content) <= 2000
    assert len(draft.embeds) <= 10
    assert draft.content or draft.embeds or draft.components


async def test_many_at_once_keep_their_order() -> None:
    server = Sandbox(limits=RateLimits.off())
    await server.start()
    ada = server.person("Ada")
    await asyncio.gather(*(ada.say(str(n)) for n in range(50)))
    posts = ada.sees("papers")
    await server.stop()
    assert [post.id for post in posts] == sorted(post.id for post in posts)
    assert len(posts) == 50
