"""`/tag`: what a channel's takes are tagged with."""

from __future__ import annotations

from discord import app_commands

from bot.chat import autocomplete, paginator
from bot.chat.context import member, place, spoken
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.paginator import PagedAnswer
from bot.chat.responses import outcome, privately
from bot.chat.translate import said
from bot.isolation import RecordKind, each
from bot.text.markdown import escape
from bot.text.plain import plain_line

LINES = 20
"""Tags in one block of a page."""


class TagCommands(CommandGroup, name="tags"):
    """Listing, renaming and merging tags."""

    tag = app_commands.Group(name="tag", description=said("command.tag"))

    @tag.command(name="list", description=said("command.tag.list"))
    async def list(self, interaction: Interaction) -> None:
        await paginator.show(interaction, "tags")

    @tag.command(name="rename", description=said("command.tag.rename"))
    @app_commands.autocomplete(tag=autocomplete.tags)
    async def rename(self, interaction: Interaction, tag: str, to: str) -> None:
        work = self.services.tags.rename(place(interaction), member(interaction), tag, to)
        await self._told(interaction, "tag.renamed", tag, to, await outcome(interaction, work))

    @tag.command(name="merge", description=said("command.tag.merge"))
    @app_commands.autocomplete(tag=autocomplete.tags, into=autocomplete.tags)
    async def merge(self, interaction: Interaction, tag: str, into: str) -> None:
        work = self.services.tags.merge(place(interaction), member(interaction), tag, into)
        await self._told(interaction, "tag.merged", tag, into, await outcome(interaction, work))

    async def _told(
        self, interaction: Interaction, key: str, tag: str, new: str, count: int
    ) -> None:
        interaction.client.wake()
        texts = spoken(interaction)
        old, new = (escape(name.strip().removeprefix("#")) for name in (tag, new))
        takes = texts("count.takes", count=count)
        await privately(interaction, texts(key, tag=old, new=new, takes=takes))


@paginator.source("tags")
async def _tags(interaction: Interaction, _: str) -> PagedAnswer:
    texts = spoken(interaction)
    found = await interaction.client.services.tags.list(place(interaction))
    lines = each(
        RecordKind.BLOCK,
        found,
        lambda tag: f"- {escape(tag.name)} · {texts('count.takes', count=tag.takes)}",
        name=lambda tag: "a tag",
        plainly=lambda tag: f"- {plain_line(tag.name)} · {tag.takes}",
    )
    blocks = ["\n".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
    return PagedAnswer(f"## {texts('tag.list')}", blocks or [texts("tag.none")])
