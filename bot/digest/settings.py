"""A channel's settings as people change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from bot.digest.amend import moved_reminder
from bot.digest.periods import Coming, coming
from bot.digest.plan import move_unsent
from bot.errors import ManagersOnly, NothingToSet, PersonError
from bot.locale.settings import parse_setting
from bot.model.channel import (
    LONGEST_INTERVAL,
    SETTINGS,
    Channel,
    ChannelSettings,
    read_settings,
    write_setting,
    write_settings,
)
from bot.model.people import Member, Place
from bot.model.schedule import last_end, next_end, rescheduled
from bot.papers.channels import Clock, PaperChannels
from bot.store import Store

_SCHEDULE = {"time_zone", "weekday", "time", "every", "reminder"}
_USUAL = ChannelSettings()
_COUNTED = ("every", "anchor", "phase")


@dataclass(frozen=True, slots=True)
class Changed:
    """A channel before and after its settings were set: the same where nothing has changed."""

    before: Channel
    channel: Channel


class ChannelSettingsService:
    """Showing and changing what a channel has chosen."""

    def __init__(
        self,
        store: Store,
        channels: PaperChannels,
        clock: Clock,
        schedule_changed: Callable[[], None],
    ) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock
        self.schedule_changed = schedule_changed

    async def show(self, place: Place) -> Channel:
        """The channel as it is, or as it would be made."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
        if channel is not None:
            return channel
        now = self.clock()
        settings = self.channels.defaults.channel(place.locale)
        return Channel(
            id=0,
            scope=place.scope,
            discord_id=place.channel_id,
            guild_id=place.guild_id,
            name=place.name,
            forum=place.forum,
            settings=settings,
            period_start=last_end(settings, now),
            next_digest_at=next_end(settings, now),
        )

    async def coming(self, place: Place) -> Coming:
        """The channel's next digest."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is not None:
                return await coming(tx, channel)
        new = await self.show(place)
        return Coming(new.next_digest_at.astimezone(new.settings.zone))

    async def set(
        self,
        place: Place,
        member: Member,
        *,
        post_to: Place | None = None,
        **values: str | int | bool | None,
    ) -> Changed:
        """Change one or several settings, all of them or none.

        `post_to` is the place that digests are to be posted in; the channel itself undoes it.
        Raises ManagersOnly, NothingToSet, and for a value that cannot be: BadTimeZone, BadTime,
        BadWeekday, BadInterval, BadLanguage, BadTitle, BadNumber, BadChoice, TextTooLong.
        """
        if not member.manages:
            raise ManagersOnly
        changes: dict[str, Any] = {
            name: parse_setting(name, value) for name, value in values.items() if value is not None
        }
        if post_to is not None:
            elsewhere = post_to.channel_id != place.channel_id
            changes["post_to"] = post_to.channel_id if elsewhere else None
            changes["post_to_forum"] = post_to.forum and elsewhere
        if not changes:
            raise NothingToSet
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            made = await self.channels.ensure(tx, place)
            channel = await tx.channels.lock(made.id) or made
            if done is not None:
                settings = read_settings(done.get("before", write_settings(channel.settings)))
                return Changed(replace(channel, settings=settings), channel)
            settings = replace(channel.settings, **changes)
            # A clock that was set back does not lead behind the period that runs.
            now = max(self.clock(), channel.period_start)
            settings, due = rescheduled(channel.settings, settings, channel.next_digest_at, now)
            await tx.channels.set_settings(channel.id, settings, next_digest_at=due)
            changed = replace(channel, settings=settings, next_digest_at=due)
            await moved_reminder(tx, channel, changed)
            if settings.post_to != channel.settings.post_to:
                await move_unsent(tx, changed)
            # A held digest may have waited for just this.
            await tx.held.try_again(channel.id)
            await tx.acts.note(member.act, before=write_settings(channel.settings))
        if _SCHEDULE & changes.keys():
            self.schedule_changed()
        return Changed(channel, changed)


def stored_settings(stored: Any) -> ChannelSettings:
    """Settings as an export wrote them; what names another channel, or nothing, is passed over.

    Raises ValueError for one that nobody could have set.
    """
    if not isinstance(stored, Mapping):
        raise ValueError("they are no object")
    taken = {name: stored[name] for name in SETTINGS if name in stored and name != "post_to"}
    for name, value in taken.items():
        if value is None and getattr(_USUAL, name) is None:
            continue
        if name == "time_zone" and value in available_timezones():
            continue  # also one that nobody would choose today
        try:
            read = parse_setting(name, value)
        except PersonError:
            raise ValueError(f"{name} is odd") from None
        written = write_setting(name, read)
        if written != value or type(written) is not type(value):
            raise ValueError(f"{name} is odd")
    return replace(read_settings(taken), anchor=_anchor(stored))


def _anchor(stored: Mapping[str, Any]) -> date | None:
    """The day from which the weeks are counted. Raises ValueError."""
    phase = stored.get("phase")
    if phase is not None and (type(phase) is not int or not 0 <= phase < LONGEST_INTERVAL):
        raise ValueError("phase is odd")
    written = {name: stored[name] for name in _COUNTED if name in stored}
    try:
        anchor = read_settings(written).anchor
    except (TypeError, ValueError):
        raise ValueError("anchor is odd") from None
    if phase is None and write_setting("anchor", anchor) != stored.get("anchor", ""):
        raise ValueError("anchor is odd")
    return anchor
