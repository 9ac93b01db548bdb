"""Telling Discord the commands, only if it has others: it takes 200 creations a day and guild."""

from __future__ import annotations

from typing import Any

import structlog
from discord.ext import commands
from discord.http import Route

log = structlog.get_logger(__name__)

# What Discord adds to a command that it gives back, or what says the same when it is left out.
_FOREIGN = {"id", "application_id", "guild_id", "version", "dm_permission", "handler"}
_FOREIGN |= {"name_localized", "description_localized"}


async def sync(bot: commands.Bot) -> bool:
    """Register the commands if Discord's differ. True if they did."""
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
    if _plain_all(ours) == _plain_all(theirs):
        log.info("commands.unchanged", count=len(ours))
        return False
    await bot.tree.sync()
    log.info("commands.registered", count=len(ours))
    return True


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
