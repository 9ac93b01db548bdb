"""The channel that an archive is imported into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.archive.formats.fields import optional, text
from bot.archive.importing.sources import BadArchive
from bot.digest.settings import stored_settings
from bot.errors import NoChannel
from bot.model.channel import CLOSING_TAG_LIMIT, INTRO_LIMIT, Channel, ChannelSettings
from bot.model.digest import DigestState
from bot.model.numbers import parse_id
from bot.model.people import Place
from bot.model.schedule import last_end, next_end
from bot.store import Transaction

ARCHIVE = "archive"
"""Who wrote what came in with a file that names no writer, or that anybody may have made."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def archive_channel(
    tx: Transaction, name: str, now: datetime, *, korean: bool = False
) -> Channel:
    """The channel of an id or name; one that there is not yet is made.

    By a name it is an archive that exists in the database only; by an id a channel of Discord's
    that the bot has still to meet. Raises NoChannel for a name that several have, and for a number
    that is no id.
    """
    found = await tx.channels.named(name)
    if len(found) == 1:
        return found[0]
    wanted = name.strip().lstrip("#")
    number = discord_id(wanted)
    if found or not wanted or (wanted.isdigit() and len(wanted) > 15 and number is None):
        raise NoChannel(name=name, count=len(found))
    settings = ChannelSettings(language="ko" if korean else "en")
    return await tx.channels.add(
        Place(None, number, wanted),
        settings,
        period_start=last_end(settings, now),
        next_digest_at=next_end(settings, now),
        now=now,
    )


def discord_id(text: str) -> int | None:
    """The id of Discord's that a host has typed; None for the name of an archive."""
    wanted = text.strip().lstrip("#")
    return parse_id(wanted) if wanted.isdigit() and len(wanted) > 15 else None


async def take_settings(
    tx: Transaction, channel: Channel, line: int, record: Mapping[str, Any], now: datetime
) -> Channel:
    """Give a channel that was just made the settings of the one that an archive was made from.

    Raises BadArchive.
    """
    settings, intro = settings_in(line, record)
    due = next_end(settings, now)
    await tx.channels.set_settings(channel.id, settings, next_digest_at=due)
    await tx.channels.set_intro(channel.id, intro)
    return replace(channel, settings=settings, next_digest_at=due)


def settings_in(line: int, record: Mapping[str, Any]) -> tuple[ChannelSettings, str | None]:
    """The settings and the opening words that a channel's record tells. Raises BadArchive."""
    try:
        settings = stored_settings(record.get("settings", {}))
        intro = optional(text(INTRO_LIMIT))(record.get("intro"))
    except ValueError as error:
        raise BadArchive(f"line {line}: the channel's settings cannot be used: {error}") from None
    return settings, intro


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


def off_schedule(start: datetime) -> datetime:
    """A moment close to this one at which no period of a channel begins.

    Those begin at a full minute; a digest that came in with a file must not stand for one that the
    channel has still to post.
    """
    return start if start.second else start + timedelta(seconds=1)


async def finish_channel(tx: Transaction, channel: Channel, tags: set[tuple[str, ...]]) -> None:
    """Number the weekly posts of an archive by their days, and keep their closing tag.

    A Discord channel counts its own digests and has its own settings: it is left alone.
    """
    if channel.discord_id is not None:
        return
    await tx.digests.renumber(channel.id)
    closing = " ".join(tags.pop()) if len(tags) == 1 else ""
    if 0 < len(closing) <= CLOSING_TAG_LIMIT and not channel.settings.closing_tag:
        settings = replace(channel.settings, closing_tag=closing)
        await tx.channels.set_settings(channel.id, settings, next_digest_at=channel.next_digest_at)
