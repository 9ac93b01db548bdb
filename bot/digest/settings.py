"""A channel's settings as people change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from bot.digest.amend import moved_reminder
from bot.digest.periods import Coming, coming
from bot.digest.plan import move_unsent
from bot.errors import BadNumber, ManagersOnly, NothingToSet, PersonError, TextTooLong
from bot.locale.choices import is_none, parse_choice, parse_count, parse_language, parse_switch
from bot.locale.clock import parse_every, parse_time, parse_weekdays
from bot.locale.zones import parse_time_zone
from bot.model.channel import (
    LONGEST_INTERVAL,
    ORDERS,
    UNTAKEN,
    Channel,
    ChannelSettings,
    parse_title,
    read_settings,
)
from bot.model.people import Member, Place
from bot.model.schedule import last_end, next_end, rescheduled
from bot.papers.channels import Clock, PaperChannels
from bot.store import Store
from bot.text.markdown import strip_controls

INTRO_LIMIT = 4000
TAG_LIMIT = 100
FORUM_TAGS_LIMIT = 5
"""Tags that Discord takes on one forum post."""
FORUM_TAG_LIMIT = 20
"""Characters of a forum tag's name at Discord."""
AUTHORS_LIMIT = 100
ABSTRACT_LIMIT = 10
MINIMUM_LIMIT = 1000
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
        **typed: str | None,
    ) -> Changed:
        """Change one or several settings, all of them or none.

        `post_to` is the place that digests are to be posted in; the channel itself undoes it.
        Raises ManagersOnly, NothingToSet, and for a value that cannot be: BadTimeZone, BadTime,
        BadWeekday, BadInterval, BadLanguage, BadTitle, BadNumber, BadChoice, TextTooLong.
        """
        if not member.manages:
            raise ManagersOnly
        changes: dict[str, Any] = {
            key: _READERS[key](value) for key, value in typed.items() if value is not None
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
                settings = read_settings(done.get("before", asdict(channel.settings)))
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
            await tx.acts.note(member.act, before=asdict(channel.settings))
        if _SCHEDULE & changes.keys():
            self.schedule_changed()
        return Changed(channel, changed)


def stored_settings(stored: Any) -> ChannelSettings:
    """Settings as an export wrote them; what names another channel, or nothing, is passed over.

    Raises ValueError for one that nobody could have set.
    """
    if not isinstance(stored, Mapping):
        raise ValueError("they are no object")
    taken = {name: stored[name] for name in _READERS if name in stored}
    for name, value in taken.items():
        if value is None and getattr(_USUAL, name) is None:
            continue
        if name == "time_zone" and value in available_timezones():
            continue  # also one that nobody would choose today
        try:
            read = _READERS[name](_as_typed(value))
        except PersonError:
            raise ValueError(f"{name} is odd") from None
        if read != value or type(read) is not type(value):
            raise ValueError(f"{name} is odd")
    return replace(ChannelSettings(**taken), anchor=_anchor(stored))


def _anchor(stored: Mapping[str, Any]) -> str:
    """The day from which the weeks are counted, as it is written today. Raises ValueError."""
    phase = stored.get("phase")
    if phase is not None and (type(phase) is not int or not 0 <= phase < LONGEST_INTERVAL):
        raise ValueError("phase is odd")
    anchor = read_settings({name: stored[name] for name in _COUNTED if name in stored}).anchor
    try:
        if anchor == "" or date.fromisoformat(anchor).isoformat() == anchor:
            return anchor
    except (TypeError, ValueError):
        pass
    raise ValueError("anchor is odd")


def _as_typed(value: Any) -> str:
    """A setting as it would be typed."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else str(value)


def _title(typed: str) -> str | None:
    return None if is_none(typed) else parse_title(typed)


def _intro(typed: str) -> str:
    text = strip_controls(typed).strip()
    if len(text) > INTRO_LIMIT:
        raise TextTooLong(length=len(text), limit=INTRO_LIMIT)
    return "" if is_none(text) else text


def _tag(typed: str) -> str:
    tags = strip_controls(typed).split()
    if is_none(" ".join(tags)):
        return ""
    text = " ".join(tag if tag.startswith("#") else f"#{tag}" for tag in tags)
    if len(text) > TAG_LIMIT:
        raise TextTooLong(length=len(text), limit=TAG_LIMIT)
    return text


def _forum_tags(typed: str) -> str:
    names = [" ".join(name.split()) for name in strip_controls(typed).split(",")]
    kept = [name for name in names if name]
    if is_none(" ".join(kept)):
        return ""
    if len(kept) > FORUM_TAGS_LIMIT:
        raise BadNumber(typed=str(len(kept)), low=0, high=FORUM_TAGS_LIMIT)
    longest = max(map(len, kept), default=0)
    if longest > FORUM_TAG_LIMIT:
        raise TextTooLong(length=longest, limit=FORUM_TAG_LIMIT)
    return ",".join(kept)


_READERS: dict[str, Callable[[str], Any]] = {
    "time_zone": parse_time_zone,
    "weekday": parse_weekdays,
    "time": parse_time,
    "language": parse_language,
    "title": _title,
    "intro": _intro,
    "closing_tag": _tag,
    "authors": lambda typed: parse_count(typed, 1, AUTHORS_LIMIT),
    "every": parse_every,
    "order": lambda typed: parse_choice(typed, ORDERS),
    "abstract": lambda typed: parse_count(typed, 0, ABSTRACT_LIMIT) or 0,
    "untaken": lambda typed: parse_choice(typed, UNTAKEN),
    "forum_tags": _forum_tags,
    "pin": parse_switch,
    "minimum_papers": lambda typed: parse_count(typed, 0, MINIMUM_LIMIT) or 0,
    "minimum_takes": lambda typed: parse_count(typed, 0, MINIMUM_LIMIT) or 0,
    "reminder": parse_switch,
}
