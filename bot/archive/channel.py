"""The channel that an archive is imported into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.archive.sources import BadArchive
from bot.errors import NoChannel
from bot.model.channel import Channel, ChannelSettings, read_settings
from bot.model.digest import DigestState
from bot.model.people import Place
from bot.model.schedule import last_end, next_end
from bot.store import Transaction

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def archive_channel(
    tx: Transaction, name: str, now: datetime, *, korean: bool = False
) -> Channel:
    """The channel of an id or name; an archive that exists in the database only is made.

    Raises NoChannel for an id that no channel has, and for a name that several have.
    """
    found = await tx.channels.named(name)
    if len(found) == 1:
        return found[0]
    wanted = name.strip().lstrip("#")
    if found or not wanted or (wanted.isdigit() and len(wanted) > 15):
        raise NoChannel(name=name, count=len(found))
    settings = ChannelSettings(language="ko" if korean else "en")
    return await tx.channels.add(
        Place(None, None, wanted),
        settings,
        period_start=last_end(settings, now),
        next_digest_at=next_end(settings, now),
        now=now,
    )


async def take_settings(
    tx: Transaction, channel: Channel, record: Mapping[str, Any], now: datetime
) -> Channel:
    """Give a channel that was just made the settings of the one that an archive was made from.

    Raises BadArchive.
    """
    try:
        settings = read_settings(record.get("settings", {}))
        due = next_end(settings, now)
    except (TypeError, ValueError, KeyError) as error:
        raise BadArchive(f"the channel's settings cannot be used: {error}") from None
    await tx.channels.set_settings(channel.id, settings, next_digest_at=due)
    await tx.channels.set_intro(channel.id, record.get("intro"))
    return replace(channel, settings=settings, next_digest_at=due)


async def shelf(tx: Transaction, channel: Channel, now: datetime) -> int:
    """The number of the digest row that holds what single notes brought.

    A take that no digest holds is swept into the next one; years of notes must not be. This row is
    of an empty period long ago: it is in no history, and no day lies in it.
    """
    kept = await tx.digests.of_period(channel.id, _LONG_AGO)
    if kept is not None:
        return kept.id
    made = await tx.digests.add(
        channel.id, _LONG_AGO, _LONG_AGO, DigestState.EMPTY, now, day=date(1970, 1, 1)
    )
    assert made is not None
    return made


async def finish_channel(tx: Transaction, channel: Channel, tags: set[tuple[str, ...]]) -> None:
    """Number the weekly posts of an archive by their days, and keep their closing tag.

    A Discord channel counts its own digests and has its own settings: it is left alone.
    """
    if channel.discord_id is not None:
        return
    await tx.digests.renumber(channel.id)
    if len(tags) == 1 and not channel.settings.closing_tag:
        settings = replace(channel.settings, closing_tag=" ".join(tags.pop()))
        await tx.channels.set_settings(channel.id, settings, next_digest_at=channel.next_digest_at)
