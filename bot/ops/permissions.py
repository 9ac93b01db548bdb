"""What the bot may do in a channel, from Discord's plain answers.

The order of roles and overwrites is Discord's:
https://discord.com/developers/docs/topics/permissions#permission-overwrites
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

VIEW: Final = 1 << 10
NEEDED: Final[Mapping[str, int]] = {
    "View Channels": VIEW,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
PIN: Final[Mapping[str, int]] = {"Pin Messages": 1 << 51}
"""Needed where digests are pinned."""
REACT: Final[Mapping[str, int]] = {"Add Reactions": 1 << 6}
"""Asked for, and done without: a reply to a card is then not marked."""
_ADMINISTRATOR: Final = 1 << 3
_ALL: Final = (1 << 53) - 1


def lacking(granted: int, needed: Mapping[str, int]) -> list[str]:
    """The names of what is needed and not granted."""
    return [name for name, bit in needed.items() if not granted & bit]


def everywhere(granted: int) -> int:
    """Permissions as they count: an administrator has all."""
    return _ALL if granted & _ADMINISTRATOR else granted


def in_channel(channel: Any, guild: Any, member: Any) -> int:
    """The permissions of `member` in `channel`, all three as Discord answers them."""
    own = set(member["roles"])
    granted = 0
    for role in guild["roles"]:
        if role["id"] == guild["id"] or role["id"] in own:
            granted |= int(role["permissions"])
    if member["user"]["id"] == guild.get("owner_id") or granted & _ADMINISTRATOR:
        return _ALL
    overwrites: Sequence[Any] = channel.get("permission_overwrites") or ()
    by_id = {one["id"]: one for one in overwrites}
    roles = [by_id[role] for role in own if role in by_id]
    for group in ([by_id.get(guild["id"])], roles, [by_id.get(member["user"]["id"])]):
        known = [one for one in group if one is not None]
        for one in known:
            granted &= ~int(one["deny"])
        for one in known:
            granted |= int(one["allow"])
    return granted if granted & VIEW else 0
