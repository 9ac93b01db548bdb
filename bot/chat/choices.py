"""Choices for what is set by a few known values, in the member's language."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from babel.dates import get_day_names

from bot.chat.autocomplete import WIDTH, Choices, Completion, completion, matching
from bot.chat.context import spoken
from bot.chat.interaction import Interaction
from bot.locale import Texts
from bot.model.channel import LONGEST_INTERVAL, SETTINGS, WEEKDAYS, write_setting


@completion
async def weekdays(interaction: Interaction, typed: str) -> Choices:
    """The days of the week in the member's language; after a comma another one."""
    names = get_day_names("wide", locale=spoken(interaction).language)
    return _one_more([(names[at], day) for at, day in enumerate(WEEKDAYS)], typed)


@completion
async def intervals(interaction: Interaction, typed: str) -> Choices:
    """Every week, every few weeks, every month."""
    texts = spoken(interaction)
    values = [*range(1, LONGEST_INTERVAL + 1), None]
    known = [(every(value, texts), write_setting("every", value)) for value in values]
    return matching(known, typed)


def every(weeks: int | None, texts: Texts) -> str:
    """How often a digest comes, in words; None: monthly."""
    if weeks is None:
        return texts("every.month")
    return texts("every.week") if weeks == 1 else texts("every.weeks", count=weeks)


def one_of(name: str) -> Completion:
    """The values of a setting that is one of a few."""

    @completion
    async def values(interaction: Interaction, typed: str) -> Choices:
        texts, known = spoken(interaction), SETTINGS[name].choices
        return matching([(texts(f"choice.{name}.{value}"), value) for value in known], typed)

    return values


@completion
async def forum_tags(interaction: Interaction, typed: str) -> Choices:
    """The tags of this forum, and of the guild's others; after a comma another one."""
    here = interaction.channel
    forum = here.parent if isinstance(here, discord.Thread) else None
    forums = [forum] if isinstance(forum, discord.ForumChannel) else []
    if not forums and interaction.guild is not None:
        forums = list(interaction.guild.forums)
    names = dict.fromkeys(tag.name for one in forums for tag in one.available_tags)
    return _one_more([(name, name) for name in names if "," not in name], typed)


def _one_more(known: Sequence[tuple[str, str]], typed: str) -> Choices:
    """Choices for the last of several values that are joined by commas."""
    before, comma, last = typed.rpartition(",")
    chosen = [part.strip() for part in before.split(",") if part.strip()] if comma else []
    head = "".join(f"{part}, " for part in chosen)
    left = [(name, value) for name, value in known if not {name, value} & {*chosen}]
    return [
        choice
        for choice in matching([(head + name, head + value) for name, value in left], last, head)
        if len(choice.value) <= WIDTH
    ]
