"""`/settings`: what a channel has chosen."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

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
from bot.digest.settings import Changed
from bot.errors import ImportOneThing, NothingToImport
from bot.locale import Texts, texts
from bot.model.channel import SETTINGS, Channel, Setting, SettingKind
from bot.text.graphemes import shorten
from bot.text.markdown import escape, tame
from bot.text.octets import utf8
from bot.text.unmarked import unmarked
from cogs import past
from cogs.past import attached

Callback = TypeVar("Callback", bound=Callable[..., Any])


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


INTRO_SHOWN = 200
"""Characters of opening words where they were changed."""
_COMPLETIONS = {
    SettingKind.TIME_ZONE: autocomplete.time_zones,
    SettingKind.WEEKDAYS: choices.weekdays,
    SettingKind.INTERVAL: choices.intervals,
    SettingKind.LANGUAGE: autocomplete.languages,
    SettingKind.FORUM_TAGS: choices.forum_tags,
}


def _type_of(setting: Setting) -> Any:
    """The type of a setting's option, as an annotation."""
    if setting.kind is SettingKind.SWITCH:
        return bool
    if setting.kind is SettingKind.COUNT:
        return app_commands.Range[int, setting.low, setting.high]
    if setting.kind is SettingKind.CHANNEL:
        return app_commands.Transform[int, _TargetChannel]
    return str


def _with_settings(callback: Callback) -> Callback:
    """Give a command an option for each row of the table of settings."""
    first = list(inspect.signature(callback).parameters.values())[:2]
    options = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_type_of(row) | None
        )
        for name, row in SETTINGS.items()
    ]
    # discord.py makes a command's options of the signature.
    callback.__signature__ = inspect.Signature([*first, *options])  # type: ignore[attr-defined]
    completions = {
        name: choices.one_of(name) if row.choices else _COMPLETIONS[row.kind]
        for name, row in SETTINGS.items()
        if row.choices or row.kind in _COMPLETIONS
    }
    return app_commands.autocomplete(**completions)(callback)


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
    @_with_settings
    async def set(
        self,
        interaction: Interaction,
        /,
        *,
        post_to: int | None = None,
        **values: str | int | bool | None,
    ) -> None:
        work = self.services.settings.set(
            place(interaction),
            member(interaction),
            post_to=None if post_to is None else await target_place(interaction, post_to),
            **values,
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
    async def import_(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        history: bool = False,
    ) -> None:
        if file is not None and history:
            raise ImportOneThing
        if file is None:
            if not history:
                raise NothingToImport
            await past.read(interaction)
        elif not await past.hand_over(interaction, file):
            await self._take_in(interaction, file)

    async def _take_in(self, interaction: Interaction, file: discord.Attachment) -> None:
        async def read() -> bytes:
            return await attached(file)

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
"""Which line of the answer tells of a setting that has none of its own name."""
_FIRST = ("when", "every", "minimum", "reminder", "language", "title", "order")
_LAST = ("closing_tag", "intro")


def _words(channel: Channel, say: Texts) -> dict[str, str]:
    """What each setting is, in words, in the order in which they are shown."""
    chosen = channel.settings
    none = say("settings.none")
    days = ", ".join(say.weekday(name) for name in chosen.weekday)
    least = (
        say("count.papers", count=chosen.minimum_papers),
        say("count.takes", count=chosen.minimum_takes),
    )
    tags = map(escape, chosen.forum_tags)
    intro = escape(shorten(" ".join(unmarked(chosen.intro).split()), INTRO_SHOWN))
    single = [name for name in SETTINGS if name not in _LINES]
    words = {name: _word(name, getattr(chosen, name), say) for name in single} | {
        "when": say(
            "settings.moment",
            weekday=days,
            time=f"{chosen.time:%H:%M}",
            time_zone=chosen.time_zone,
        ),
        "every": every(chosen.every, say),
        "minimum": ", ".join(least),
        "language": texts(chosen.language)("language"),
        "title": _code(chosen.title or texts(chosen.language)("digest.title.default")),
        "post_to": say("settings.here") if chosen.post_to is None else f"<#{chosen.post_to}>",
        "forum_tags": ", ".join(tags) or none,
        "intro": f"“{intro}”" if intro else none,
    }
    if not chosen.forum_tags and not (
        channel.forum if chosen.post_to is None else chosen.post_to_forum
    ):
        del words["forum_tags"]
    middle = [name for name in words if name not in (*_FIRST, *_LAST)]
    return {name: words[name] for name in (*_FIRST, *middle, *_LAST)}


def _word(name: str, value: str | int | None, say: Texts) -> str:
    """What a setting is, where nothing more is to be said than its value."""
    if isinstance(value, bool):
        return say("settings.on" if value else "settings.off")
    if SETTINGS[name].choices:
        return say(f"choice.{name}.{value}")
    if not value:
        return say("settings.all" if value is None else "settings.none")
    return _code(value) if isinstance(value, str) else str(value)


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
