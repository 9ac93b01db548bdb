"""Whom a message's text names, and whom it may notify. Source: Discord's "Allowed Mentions
Object".
"""

import re
from dataclasses import dataclass

from bot.sandbox.form import Fields
from bot.sandbox.objects import Channel, Pings, User
from bot.sandbox.permissions import Permission
from bot.sandbox.world import World

_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")
_CODE = re.compile(r"```.*?```|``.+?``|`[^`\n]+`", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A body's `allowed_mentions`; without one everything is allowed and a reply pings."""

    everyone: bool = True
    all_users: bool = True
    all_roles: bool = True
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    replied_user: bool = True


def read_allowed(body: Fields) -> Allowed:
    """Reads `allowed_mentions`; naming ids beside the same word in `parse` is an error, as at
    Discord.
    """
    given = body.child("allowed_mentions")
    if given is None:
        return Allowed()
    parse = given.items("parse")
    for index, word in enumerate(parse):
        if word not in ("users", "roles", "everyone"):
            message = "Value must be one of {'everyone', 'roles', 'users'}."
            given.errors.add((*given.path, "parse", index), "BASE_TYPE_CHOICES", message)
    ids: dict[str, frozenset[int]] = {}
    for key in ("users", "roles"):
        listed = given.snowflakes(key, most=100)
        if listed and key in parse:
            message = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            given.wrong(key, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        ids[key] = frozenset(listed)
    return Allowed(
        everyone="everyone" in parse,
        all_users="users" in parse,
        all_roles="roles" in parse,
        users=ids["users"],
        roles=ids["roles"],
        replied_user=given.flag("replied_user"),
    )


def find(
    world: World, channel: Channel, author: User, text: str, allowed: Allowed, replied: User | None
) -> Pings:
    """Whom `text` mentions as far as it is allowed: what Discord lists in `mentions` and
    notifies.
    """
    text = _CODE.sub(" ", text)
    guild = world.guild_of(channel)
    may_all = bool(world.allowed(author, channel) & Permission.MENTION_EVERYONE)
    users = {int(u) for u in _USER.findall(text) if int(u) in world.users}
    users = {u for u in users if allowed.all_users or u in allowed.users}
    roles: set[int] = set()
    if guild is not None:
        for named in map(int, _ROLE.findall(text)):
            role = guild.roles.get(named)
            permitted = allowed.all_roles or named in allowed.roles
            if role is not None and permitted and (role.mentionable or may_all):
                roles.add(named)
    if replied is not None and allowed.replied_user:
        users.add(replied.id)
    everyone = guild is not None and allowed.everyone and may_all and bool(_EVERYONE.search(text))
    return Pings(frozenset(users), frozenset(roles), everyone)
