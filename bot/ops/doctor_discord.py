"""The doctor's checks of Discord: token, intents, permissions in each server and channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp

from bot.config import DiscordConfig
from bot.model.channel import Channel
from bot.ops.finding import Finding
from bot.ops.permissions import NEEDED, PIN, REACT, everywhere, in_channel, lacking

_MESSAGE_CONTENT = 1 << 18 | 1 << 19
"""Bits of an application's flags: the intent is on, for small bots and for verified ones."""
_LISTED = 20
"""Channels that are named at most."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, and for an answer."""

    connect: float
    answer: float


async def examine(
    settings: DiscordConfig, channels: Sequence[Channel], timeouts: Timeouts
) -> list[Finding]:
    """All that can be found out without connecting to the gateway; `channels` have lists."""
    token = settings.token.get_secret_value()
    if not token:
        return [Finding("token", False, "missing", "set discord.token or DISCORD_TOKEN")]
    timeout = aiohttp.ClientTimeout(
        total=timeouts.answer, connect=timeouts.connect, sock_connect=timeouts.connect
    )
    headers = {"Authorization": f"Bot {token}"}
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        asked = _Discord(session, settings.api_base.rstrip("/"))
        found = [await _asked("token", asked, _token)]
        if not found[0].well:
            return found  # nothing else would be answered
        found.append(await _asked("intents", asked, partial(_intents, settings)))
        found.append(await _asked("permissions", asked, _permissions))
        found.append(await _asked("channels", asked, partial(_channels, channels)))
        found.append(await _asked("invite", asked, _invite))
        return found


@dataclass(slots=True)
class _Discord:
    """Discord's REST API; each answer is asked for once."""

    session: aiohttp.ClientSession
    base: str
    _known: dict[str, Any] = field(default_factory=dict)

    async def get(self, path: str) -> Any:
        if path not in self._known:
            async with self.session.get(self.base + path) as answer:
                answer.raise_for_status()
                self._known[path] = await answer.json()
        return self._known[path]


async def _asked(
    check: str, discord: _Discord, look: Callable[[_Discord], Awaitable[Finding]]
) -> Finding:
    try:
        return await look(discord)
    except aiohttp.ContentTypeError:
        advice = "is a proxy between, or discord.api_base wrong?"
        return Finding(check, False, f"{discord.base} answers no JSON", advice)
    except aiohttp.ClientResponseError as error:
        advice = "reset the token in the Developer Portal" if error.status == 401 else "try again"
        return Finding(check, False, f"Discord answers {error.status}", advice)
    except (LookupError, TypeError, AttributeError, RecursionError):
        advice = "is a proxy between, or discord.api_base wrong?"
        return Finding(check, False, f"{discord.base} answers something else than Discord", advice)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        found = f"{discord.base} cannot be reached ({type(error).__name__})"
        return Finding(check, False, found, "check the network and discord.api_base")


async def _token(discord: _Discord) -> Finding:
    user = await discord.get("/users/@me")
    return Finding("token", True, f"logged in as {user['username']}")


async def _intents(settings: DiscordConfig, discord: _Discord) -> Finding:
    if not settings.message_content:
        return Finding("intents", True, "no privileged intent is asked for")
    flags = (await discord.get("/applications/@me")).get("flags", 0)
    if flags & _MESSAGE_CONTENT:
        return Finding("intents", True, "message content is switched on")
    advice = "switch it on in the Developer Portal, or set discord.message_content = false"
    return Finding("intents", False, "message content is switched off", advice)


async def _permissions(discord: _Discord) -> Finding:
    guilds = await discord.get("/users/@me/guilds")
    poor = [
        f"{guild['name']}: {', '.join(missing)}"
        for guild in guilds
        if (missing := lacking(everywhere(int(guild.get("permissions") or 0)), NEEDED))
    ]
    if poor:
        return Finding("permissions", False, " | ".join(poor), "grant them to the bot's role")
    return Finding("permissions", True, f"all there in {len(guilds)} servers")


async def _channels(channels: Sequence[Channel], discord: _Discord) -> Finding:
    """Where a digest is posted, its permissions are looked at, pinning among them if it is set."""
    poor: list[str] = []
    posting = [channel for channel in channels if channel.guild_id is not None]
    for channel in posting:
        needed = {**NEEDED, **(PIN if channel.settings.pin else {})}
        for discord_id in {channel.discord_id, channel.settings.post_to} - {None}:
            if missing := await _missing(discord, discord_id, needed):
                name = channel.name if discord_id == channel.discord_id else str(discord_id)
                poor.append(f"#{name}: {', '.join(missing)}")
    if poor:
        more = [f"and {len(poor) - _LISTED} more"] if len(poor) > _LISTED else []
        advice = "grant them to the bot in the channel's settings"
        return Finding("channels", False, " | ".join(poor[:_LISTED] + more), advice)
    return Finding("channels", True, f"all there in {len(posting)} channels with a list")


async def _missing(
    discord: _Discord, channel_id: int | None, needed: Mapping[str, int]
) -> list[str]:
    try:
        channel = await discord.get(f"/channels/{channel_id}")
        user = await discord.get("/users/@me")
        guild = await discord.get(f"/guilds/{channel['guild_id']}")
        member = await discord.get(f"/guilds/{channel['guild_id']}/members/{user['id']}")
    except aiohttp.ClientResponseError as error:
        if error.status not in (403, 404):
            raise
        return ["the bot cannot see it, or it is gone"]
    return lacking(in_channel(channel, guild, member), needed)


async def _invite(discord: _Discord) -> Finding:
    application = await discord.get("/applications/@me")
    permissions = sum({**NEEDED, **PIN, **REACT}.values())
    link = (
        f"https://discord.com/oauth2/authorize?client_id={application['id']}"
        f"&scope=bot+applications.commands&permissions={permissions}"
    )
    return Finding("invite", True, link)
