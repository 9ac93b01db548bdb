"""`/settings`: what a channel has chosen."""

from __future__ import annotations

from discord import app_commands

from bot.locale import Texts, texts
from bot.model.channel import Channel
from bot.text.graphemes import shorten
from bot.text.markdown import tame
from cogs import complete
from cogs.answer import outcome, privately
from cogs.place import member, place, spoken
from cogs.services import Desk, Interaction
from cogs.translate import said


class SettingsCommands(Desk, name="settings"):
    """Showing and changing a channel's settings."""

    settings = app_commands.Group(
        name="settings", description=said("command.settings"), guild_only=True
    )

    @settings.command(name="show", description=said("command.settings.show"))
    async def show(self, interaction: Interaction) -> None:
        channel = await outcome(interaction, self.services.settings.show(place(interaction)))
        say = spoken(interaction)
        await privately(interaction, f"{say('settings.heading')}\n{describe(channel, say)}")

    @settings.command(name="set", description=said("command.settings.set"))
    @app_commands.describe(
        time_zone=said("option.time_zone"),
        weekday=said("option.weekday"),
        time=said("option.time"),
        language=said("option.language"),
        title=said("option.title.digest"),
        intro=said("option.intro"),
        closing_tag=said("option.closing_tag"),
        authors=said("option.authors"),
    )
    @app_commands.autocomplete(
        time_zone=complete.time_zones, weekday=complete.weekdays, language=complete.languages
    )
    async def set(
        self,
        interaction: Interaction,
        time_zone: str | None = None,
        weekday: str | None = None,
        time: str | None = None,
        language: str | None = None,
        title: str | None = None,
        intro: str | None = None,
        closing_tag: str | None = None,
        authors: str | None = None,
    ) -> None:
        work = self.services.settings.set(
            place(interaction),
            member(interaction),
            time_zone=time_zone,
            weekday=weekday,
            time=time,
            language=language,
            title=title,
            intro=intro,
            closing_tag=closing_tag,
            authors=authors,
        )
        channel = await outcome(interaction, work)
        say = spoken(interaction)
        await privately(interaction, f"{say('settings.saved')}\n{describe(channel, say)}")


def describe(channel: Channel, say: Texts) -> str:
    """A channel's settings, a line each."""
    chosen = channel.settings
    title = chosen.title or texts(chosen.language)("digest.title.default")
    lines = [
        say(
            "settings.when",
            weekday=say.weekday(chosen.weekday),
            time=chosen.time,
            time_zone=chosen.time_zone,
        ),
        say("settings.next", when=say.moment(channel.next_digest_at, chosen.zone)),
        say("settings.language", language=say(f"language.{chosen.language}")),
        say("settings.title", title=title.replace("`", "'")),
        say("settings.authors", authors=chosen.authors or say("settings.all")),
    ]
    if chosen.closing_tag:
        lines.append(say("settings.closing_tag", tag=chosen.closing_tag.replace("`", "'")))
    lines.append(say("settings.intro", intro="" if chosen.intro else say("settings.none")))
    if chosen.intro:
        lines.append(tame("\n".join(f"> {line}" for line in _first(chosen.intro).split("\n"))))
    return "\n".join(lines)


def _first(text: str) -> str:
    return shorten(text, 400)
