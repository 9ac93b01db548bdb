"""Telling Discord the commands, only if it has others: it takes 200 creations a day and guild."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import commands
from discord.http import Route

log = structlog.get_logger(__name__)

# What Discord adds to a command that it gives back, or what says the same when it is left out.
_FOREIGN = {"id", "application_id", "guild_id", "version", "dm_permission", "handler"}
_FOREIGN |= {"name_localized", "description_localized"}


class NotRegistered(Exception):
    """Discord could not be told the commands, or its answer is none: to be tried again."""


async def sync(bot: commands.Bot) -> Mapping[str, int]:
    """Register the commands if Discord's differ; gives their ids by name. Raises NotRegistered."""
    try:
        return await _sync(bot)
    except NotRegistered:
        raise
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise NotRegistered(str(error)) from error
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # The library takes any text for an answer, and then looks for commands in it.
        raise NotRegistered(f"not understood: {error!r}") from error


async def _sync(bot: commands.Bot) -> Mapping[str, int]:
    assert bot.application_id is not None
    translator = bot.tree.translator
    ours: list[dict[str, Any]] = []
    for command in bot.tree.get_commands():
        payload = command.to_dict(bot.tree)
        if translator is not None:
            payload = await command.get_translated_payload(bot.tree, translator)
        ours.append(payload)
    # The library's own call leaves the localised names out of the answer.
    route = Route(
        "GET", "/applications/{application_id}/commands", application_id=bot.application_id
    )
    theirs = await bot.http.request(route, params={"with_localizations": "true"})
    if not isinstance(theirs, list):
        raise NotRegistered("not understood: no list of commands")
    if _plain_all(ours) == _plain_all(theirs):
        log.info("commands.unchanged", count=len(ours))
        return {one["name"]: int(one["id"]) for one in theirs}
    registered = await bot.tree.sync()
    if len(registered) != len(ours):
        raise NotRegistered("not understood: other commands than these")
    log.info("commands.registered", count=len(ours))
    return {one.name: one.id for one in registered}


def _plain_all(commands: list[dict[str, Any]]) -> dict[str, Any]:
    return {f"{command.get('type', 1)} {command['name']}": _plain(command) for command in commands}


def _plain(value: Any) -> Any:
    """A payload without what is empty, default or Discord's own."""
    if isinstance(value, dict):
        kept = {key: _plain(item) for key, item in value.items() if key not in _FOREIGN}
        return {key: item for key, item in kept.items() if item not in (None, False, "", [], {})}
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return sorted(items) if all(isinstance(item, int) for item in items) else items
    return value
