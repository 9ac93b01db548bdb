"""`/settings`: what a channel has chosen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.archive.importing.job import ImportOutcome
from bot.chat import autocomplete, choices
from bot.chat.choices import every
from bot.chat.context import member, place, spoken, target_place
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.responses import outcome, privately
from bot.chat.translate import said
from bot.chat.views.moments import coming_line
from bot.chat.views.waiting import forum_remarks, waiting
from bot.digest.periods import Coming
from bot.digest.settings import ABSTRACT_LIMIT, MINIMUM_LIMIT, Changed
from bot.errors import AttachmentGone
from bot.locale import Texts, texts
from bot.model.channel import Channel
from bot.text.graphemes import shorten
from bot.text.markdown import escape, tame
from bot.text.octets import utf8
from bot.text.unmarked import unmarked


class _TargetChannel(app_commands.Transformer):
    """The id of a channel that digests can be posted in."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        return value.id


Target: TypeAlias = app_commands.Transform[int, _TargetChannel]
INTRO_SHOWN = 200
"""Characters of opening words where they were changed."""
Sentences: TypeAlias = app_commands.Range[int, 0, ABSTRACT_LIMIT]
Minimum: TypeAlias = app_commands.Range[int, 0, MINIMUM_LIMIT]


class SettingsCommands(CommandGroup, name="settings"):
    """Showing and changing a channel's settings."""

    settings = app_commands.Group(
        name="settings", description=said("command.settings"), guild_only=True
    )

    @settings.command(name="show", description=said("command.settings.show"))
    async def show(self, interaction: Interaction) -> None:
        where, say = place(interaction), spoken(interaction)
        channel = await outcome(interaction, self.services.settings.show(where))
        coming = await self.services.settings.coming(where)
        lines = [say("settings.heading"), describe(channel, coming, say)]
        lines += forum_remarks(interaction, channel, say)
        lines += (await waiting(interaction)).values()
        await privately(interaction, "\n".join(lines))

    @settings.command(name="set", description=said("command.settings.set"))
    @app_commands.autocomplete(
        time_zone=autocomplete.time_zones,
        weekday=choices.weekdays,
        every=choices.intervals,
        language=autocomplete.languages,
        order=choices.orders,
        untaken=choices.untaken,
        forum_tags=choices.forum_tags,
    )
    async def set(
        self,
        interaction: Interaction,
        time_zone: str | None = None,
        weekday: str | None = None,
        time: str | None = None,
        every: str | None = None,
        language: str | None = None,
        title: str | None = None,
        intro: str | None = None,
        closing_tag: str | None = None,
        authors: str | None = None,
        order: str | None = None,
        abstract: Sentences | None = None,
        untaken: str | None = None,
        post_to: Target | None = None,
        forum_tags: str | None = None,
        pin: bool | None = None,
        minimum_papers: Minimum | None = None,
        minimum_takes: Minimum | None = None,
        reminder: bool | None = None,
    ) -> None:
        work = self.services.settings.set(
            place(interaction),
            member(interaction),
            post_to=None if post_to is None else await target_place(interaction, post_to),
            time_zone=time_zone,
            weekday=weekday,
            time=time,
            every=every,
            language=language,
            title=title,
            intro=intro,
            closing_tag=closing_tag,
            authors=authors,
            order=order,
            abstract=_typed(abstract),
            untaken=untaken,
            forum_tags=forum_tags,
            pin=_typed(pin),
            minimum_papers=_typed(minimum_papers),
            minimum_takes=_typed(minimum_takes),
            reminder=_typed(reminder),
        )
        asked = [name for name, value in interaction.namespace if value is not None]
        changed = await outcome(interaction, work)
        interaction.client.wake()
        coming = await self.services.settings.coming(place(interaction))
        say = spoken(interaction)
        lines = told_changes(changed, asked, coming, say)
        lines += forum_remarks(interaction, changed.channel, say)
        await privately(interaction, "\n".join(lines))

    @settings.command(name="import", description=said("command.settings.import"))
    async def import_(self, interaction: Interaction, file: discord.Attachment) -> None:
        async def read() -> bytes:
            try:
                return await file.read()
            except discord.DiscordException as error:
                raise AttachmentGone from error

        say = spoken(interaction)

        async def waits(before: int) -> None:
            await privately(interaction, say("import.waits", count=before))

        work = self.services.imports.take_in(
            place(interaction), member(interaction), file.filename, file.size, read, waits
        )
        report = await outcome(interaction, work, in_turn=False)
        data = utf8(report.text)
        said_long = discord.File(io.BytesIO(data), "report.txt")
        await privately(interaction, _told(report, say), file=said_long)


def _told(report: ImportOutcome, say: Texts) -> str:
    """What an import did, in short."""
    lines = [
        say(_came_of(report)),
        say(
            "import.counts",
            papers=say("count.papers", count=report.entries),
            takes=say("count.takes", count=report.takes),
            posts=say("count.posts", count=report.digests),
        ),
        say(
            "import.files",
            files=report.files,
            imported=report.imported,
            unchanged=report.unchanged,
            skipped=report.skipped,
        ),
    ]
    if report.unread:
        lines.append(say("import.unread", count=report.unread))
    return "\n".join(lines)


def _came_of(report: ImportOutcome) -> str:
    if not report.imported:
        return "import.nothing"
    found = report.named or report.entries or report.takes or report.digests
    return "import.done" if found else "import.no_papers"


def _typed(value: Any) -> str | None:
    """A number or a switch as it would be typed."""
    return None if value is None else str(value).casefold()


def describe(channel: Channel, coming: Coming, say: Texts) -> str:
    """A channel's settings, a line each."""
    intro = channel.settings.intro
    words = _words(channel, say) | {"intro": "" if intro else say("settings.none")}
    if not channel.settings.closing_tag:
        del words["closing_tag"]
    lines = [say(f"settings.{name}", value=value) for name, value in words.items()]
    lines.insert(list(words).index("every") + 1, coming_line(coming, say))
    if intro:
        shown = shorten(intro, 400).split("\n")
        lines.append(tame("\n".join(f"> {line}" for line in shown)))
    return "\n".join(lines)


def told_changes(changed: Changed, asked: Sequence[str], coming: Coming, say: Texts) -> list[str]:
    """What was changed, in words, and when the next digest is; that nothing was, if so.

    `asked` are the names of the options that were given.
    """
    before, after = _words(changed.before, say), _words(changed.channel, say)
    none = say("settings.none")
    lines = [
        say(
            f"settings.{name}",
            value=say("settings.change", before=old, after=after.get(name, none)),
        )
        for name, old in (dict.fromkeys(after, none) | before).items()
        if old != after.get(name, none)
    ]
    if lines:
        return [say("settings.saved"), *lines, f"-# {coming_line(coming, say)}"]
    named = dict.fromkeys(_LINES.get(name, name) for name in asked)
    kept = [say(f"settings.{name}", value=after[name]) for name in named if name in after]
    return [say("settings.unchanged"), *kept]


_LINES = {
    **dict.fromkeys(("weekday", "time", "time_zone"), "when"),
    **dict.fromkeys(("minimum_papers", "minimum_takes"), "minimum"),
}
"""Which line of the answer tells of an option that has none of its own name."""


def _words(channel: Channel, say: Texts) -> dict[str, str]:
    """What each setting is, in words, in the order in which they are shown."""
    chosen = channel.settings
    none = say("settings.none")
    days = ", ".join(say.weekday(name) for name in chosen.weekdays)
    least = (
        say("count.papers", count=chosen.minimum_papers),
        say("count.takes", count=chosen.minimum_takes),
    )
    title = chosen.title or texts(chosen.language)("digest.title.default")
    words = {
        "when": say("settings.moment", weekday=days, time=chosen.time, time_zone=chosen.time_zone),
        "every": every(chosen.every, say),
        "minimum": ", ".join(least),
        "reminder": _switch(chosen.reminder, say),
        "language": texts(chosen.language)("language"),
        "title": _code(title),
        "order": say(f"order.{chosen.order}"),
        "authors": str(chosen.authors or say("settings.all")),
        "abstract": str(chosen.abstract or none),
        "untaken": say(f"untaken.{chosen.untaken}"),
        "post_to": say("settings.here") if chosen.post_to is None else f"<#{chosen.post_to}>",
    }
    if chosen.forum_tags or (channel.forum if chosen.post_to is None else chosen.post_to_forum):
        names = [escape(name) for name in chosen.forum_tags.split(",") if name]
        words["forum_tags"] = ", ".join(names) or none
    words["pin"] = _switch(chosen.pin, say)
    words["closing_tag"] = _code(chosen.closing_tag) if chosen.closing_tag else none
    intro = escape(shorten(" ".join(unmarked(chosen.intro).split()), INTRO_SHOWN))
    words["intro"] = f"“{intro}”" if intro else none
    return words


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"


def _switch(on: bool, say: Texts) -> str:
    return say("settings.on" if on else "settings.off")
