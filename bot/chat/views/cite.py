"""Citing papers: what a reference manager takes, for one person to copy or to save."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.archive.formats.cite import CiteFormat, cite
from bot.chat.components import button
from bot.chat.context import place, spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import outcome, privately
from bot.chat.router import on_press
from bot.errors import ButtonGone
from bot.model.take import Entry
from bot.text.octets import utf8

ROOM = 1_900
"""Characters of a message, less a code block's fences."""
_LANGUAGES = {CiteFormat.BIBTEX: "bibtex", CiteFormat.RIS: "", CiteFormat.CSL: "json"}


async def answer(
    interaction: Interaction, entries: Sequence[Entry], format: CiteFormat, source: str = ""
) -> None:
    """Say papers in a format, as a block to copy or as a file.

    `source` is what the ids of buttons for the other formats begin with; there are none without.
    """
    made = await outcome(interaction, asyncio.to_thread(cite, entries, format))
    view = ui.View(timeout=None)
    for other in CiteFormat:
        if source and other is not format:
            view.add_item(button(f"{source}:cite:{other.value}", other.shown))
    block = f"```{_LANGUAGES[format]}\n{made.text.replace(chr(13), '')}```"
    if len(block) <= ROOM and "```" not in made.text:
        await privately(interaction, block, view=view if source else None)
        return
    said = spoken(interaction)("cite.file", count=len(entries), format=format.shown)
    file = discord.File(io.BytesIO(utf8(made.text)), made.file_name)
    await privately(interaction, said, view=view if source else None, file=file)


@on_press("entry:{entry}:cite")
async def cite_card(interaction: Interaction, entry: int) -> None:
    """The papers of a card."""
    await cite_card_as(interaction, entry, CiteFormat.BIBTEX.value)


@on_press("entry:{entry}:cite:{format:word}")
async def cite_card_as(interaction: Interaction, entry: int, format: str) -> None:
    """The same in another format."""
    work = interaction.client.services.papers.on_same_card(place(interaction), entry)
    entries = await outcome(interaction, work)
    await answer(interaction, entries, _format(format), f"entry:{entry}")


@on_press("digest:{digest}:cite")
async def cite_digest(interaction: Interaction, digest: int) -> None:
    """The papers of a digest."""
    await cite_digest_as(interaction, digest, CiteFormat.BIBTEX.value)


@on_press("digest:{digest}:cite:{format:word}")
async def cite_digest_as(interaction: Interaction, digest: int, format: str) -> None:
    """The same in another format."""
    if interaction.guild_id is None:
        raise ButtonGone
    work = interaction.client.services.digests.entries_of(interaction.guild_id, digest)
    entries = await outcome(interaction, work)
    await answer(interaction, entries, _format(format), f"digest:{digest}")


def _format(name: str) -> CiteFormat:
    try:
        return CiteFormat(name)
    except ValueError:
        raise ButtonGone from None
