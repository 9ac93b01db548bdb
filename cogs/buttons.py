"""Buttons and menus that keep working after a restart: all they know is in their `custom_id`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.locale import Texts
from bot.model.paper import Paper
from bot.model.take import Entry
from bot.text.graphemes import shorten
from bot.text.tex import readable
from cogs.services import Interaction, take_desk

LABEL_LIMIT = 80
OPTIONS_LIMIT = 25
OPTION_LIMIT = 100


def add_take(entry_id: int, texts: Texts) -> AddTake:
    """*Add take*."""
    label = texts("button.add_take")
    return AddTake(entry_id, ui.Button(label=label, style=discord.ButtonStyle.primary))


def save(entry_id: int, texts: Texts) -> Save:
    """*Save*."""
    return Save(entry_id, ui.Button(label=texts("button.save")))


def keep_reply(entry_id: int, message_id: int, author_id: int, texts: Texts) -> KeepReply:
    """*Keep as my take*, below a member's reply to a card."""
    return KeepReply(entry_id, message_id, author_id, ui.Button(label=texts("button.keep")))


def choose_paper(entries: Sequence[Entry], texts: Texts) -> ChoosePaper:
    """A menu of papers to write about."""
    return ChoosePaper(ui.Select(placeholder=texts("menu.paper"), options=options(entries)))


def options(entries: Sequence[Entry]) -> list[discord.SelectOption]:
    """Papers for a menu, at most as many as one holds."""
    return [
        discord.SelectOption(label=label(entry), value=str(entry.id))
        for entry in entries[:OPTIONS_LIMIT]
    ]


def title(paper: Paper) -> str:
    """A paper's title as it is read: TeX stands in arXiv's only."""
    return readable(paper.title) if paper.data.arxiv_id else paper.title


def label(entry: Entry) -> str:
    """A paper's title where no Markdown is read."""
    return shorten(title(entry.paper), OPTION_LIMIT)


class AddTake(ui.DynamicItem[ui.Button[Any]], template=r"entry:(?P<entry>\d{1,18}):take"):
    """Opens the form for a take."""

    def __init__(self, entry_id: int, button: ui.Button[Any]) -> None:
        button.custom_id = f"entry:{entry_id}:take"
        super().__init__(button)
        self.entry_id = entry_id

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> AddTake:
        assert isinstance(item, ui.Button)
        return cls(int(match["entry"]), item)

    async def callback(self, interaction: Interaction) -> None:
        await take_desk(interaction).open_form(interaction, self.entry_id)


class Save(ui.DynamicItem[ui.Button[Any]], template=r"entry:(?P<entry>\d{1,18}):save"):
    """Sends the card to the member's direct messages."""

    def __init__(self, entry_id: int, button: ui.Button[Any]) -> None:
        button.custom_id = f"entry:{entry_id}:save"
        super().__init__(button)
        self.entry_id = entry_id

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Save:
        assert isinstance(item, ui.Button)
        return cls(int(match["entry"]), item)

    async def callback(self, interaction: Interaction) -> None:
        await take_desk(interaction).save(interaction, self.entry_id)


class ChoosePaper(ui.DynamicItem[ui.Select[Any]], template=r"entry:choose"):
    """Opens the form for a take on the paper chosen."""

    def __init__(self, menu: ui.Select[Any]) -> None:
        menu.custom_id = "entry:choose"
        super().__init__(menu)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> ChoosePaper:
        assert isinstance(item, ui.Select)
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        await take_desk(interaction).open_form(interaction, int(self.item.values[0]))


class KeepReply(
    ui.DynamicItem[ui.Button[Any]],
    template=r"keep:(?P<entry>\d{1,18}):(?P<message>\d{1,20}):(?P<author>\d{1,20})",
):
    """Makes its author's reply a take."""

    def __init__(
        self, entry_id: int, message_id: int, author_id: int, button: ui.Button[Any]
    ) -> None:
        button.custom_id = f"keep:{entry_id}:{message_id}:{author_id}"
        super().__init__(button)
        self.entry_id = entry_id
        self.message_id = message_id

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> KeepReply:
        assert isinstance(item, ui.Button)
        return cls(int(match["entry"]), int(match["message"]), int(match["author"]), item)

    async def callback(self, interaction: Interaction) -> None:
        await take_desk(interaction).keep(interaction, self.entry_id, self.message_id)


_ENTRY = re.compile(r"entry:(\d{1,18}):take")


def entry_of(message: discord.Message) -> int | None:
    """The entry's number that a card of the bot is about, if it is a card of one paper."""
    found = {
        int(match.group(1))
        for component in _walk(message.components)
        if (match := _ENTRY.fullmatch(getattr(component, "custom_id", None) or ""))
    }
    return found.pop() if len(found) == 1 else None


def _walk(components: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for component in components:
        found.append(component)
        found += _walk(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        found += [accessory] if accessory is not None else []
    return found
