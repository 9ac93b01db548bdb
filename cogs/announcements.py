"""arXiv's announcements in the channel: papers with what can be done about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.locale import Texts, speak
from bot.model.paper import Paper
from bot.model.take import Entry
from bot.subscriptions.announcements import Announcements, Drawn
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from cogs import cards
from cogs.abstract import abstract_button, summed, whole
from cogs.answer import NOBODY, outcome, privately
from cogs.buttons import OPTION_LIMIT, add_take, title
from cogs.errors import told
from cogs.place import member, place, posting_place, spoken
from cogs.services import Interaction, services_of, take_desk

AUTHORS = 6
SUMMARY = 420
"""Characters of the abstract's own sentences."""
REASON = 90


async def render(announcements: Announcements, text: str) -> ui.LayoutView | None:
    """An announcement as its papers are now; None if there is nothing left of it."""
    drawn = await announcements.drawn(text)
    if drawn is None or not drawn.papers:
        return None
    return draw(drawn)


def draw(drawn: Drawn) -> ui.LayoutView:
    """Cards of a few papers, or a list of many with a menu."""
    texts = speak(drawn.channel.settings.language)
    container: ui.Container[Any] = ui.Container(accent_colour=cards.COLOUR)
    heading, foot = _heading(drawn, texts), _foot(drawn, texts)
    room = (cards.TEXT_LIMIT - len(heading) - len(foot) - 50) // len(drawn.papers)
    container.add_item(ui.TextDisplay(heading))
    if drawn.bundle.cards:
        for paper in drawn.papers:
            container.add_item(ui.Separator())
            container.add_item(ui.TextDisplay(_card(drawn, paper, texts, room)))
            container.add_item(ui.ActionRow(*_buttons(paper, drawn.entries.get(paper.id), texts)))
    else:
        lines = [_line(drawn, paper, texts, room - 1) for paper in drawn.papers]
        container.add_item(ui.TextDisplay("\n".join(lines)))
        for menu in _menus(drawn, texts):
            container.add_item(ui.ActionRow(menu))
    if foot:
        container.add_item(ui.TextDisplay(foot))
    return ui.LayoutView(timeout=None).add_item(container)


def _heading(drawn: Drawn, texts: Texts) -> str:
    bundle = drawn.bundle
    day = texts.day(bundle.last)
    if bundle.first != bundle.last:
        day = f"{texts.day(bundle.first)} – {day}"
    said = texts("announcement.heading", day=day, count=bundle.total)
    if bundle.parts > 1:
        said += f" · {bundle.part}/{bundle.parts}"
    return f"-# {said}"


def _foot(drawn: Drawn, texts: Texts) -> str:
    capped = drawn.bundle.capped
    return f"-# {texts('announcement.capped', count=capped)}" if capped else ""


def _card(drawn: Drawn, paper: Paper, texts: Texts, room: int) -> str:
    data = paper.data
    lines = [f"**{cards.link(paper, 200)}**", *cards.state_lines(paper, texts)]
    if data.authors:
        lines.append(cards.authors(data.authors, texts, AUTHORS))
    lines.append(cards.facts_line(paper, texts))
    last = _last_line(drawn, paper, texts)
    left = room - sum(len(line) + 1 for line in [*lines, last]) - 4
    if data.abstract and not data.withdrawn and left > 80:
        lines.append(f"> {summed(paper, min(left, SUMMARY))}")
    return "\n".join([*lines, last])[:room]


def _last_line(drawn: Drawn, paper: Paper, texts: Texts) -> str:
    parts = []
    if reasons := drawn.reasons.get(paper.id):
        shown = ", ".join(escape(shorten(one, REASON // len(reasons[:3]))) for one in reasons[:3])
        parts.append(texts("announcement.reason", queries=shown))
    if entry := drawn.entries.get(paper.id):
        parts.append(texts("announcement.listed", who=escape(shorten(entry.member.name, 40))))
    return f"-# {' · '.join(parts) or data_line(paper)}"


def data_line(paper: Paper) -> str:
    return paper.reference


def _line(drawn: Drawn, paper: Paper, texts: Texts, room: int) -> str:
    mark = "☑ " if paper.id in drawn.entries else ""
    room -= len(mark) + 2
    head = f"**{cards.link(paper, max(min(150, room - len(paper.url) - 40), 20))}**"
    rest = cards.authors(paper.data.authors, texts, 2) if paper.data.authors else ""
    said = f"{head}\n-# {rest}" if rest and len(head) + len(rest) + 4 <= room else head
    return f"{mark}{said}"


def _buttons(paper: Paper, entry: Entry | None, texts: Texts) -> list[ui.Item[Any]]:
    if entry is not None:
        return [add_take(entry.id, texts), abstract_button(paper, texts)]
    return [
        ListOne(paper.id, ui.Button(label=texts("button.list"), style=_PRIMARY)),
        TakeOne(paper.id, ui.Button(label=texts("button.add_take"))),
        abstract_button(paper, texts),
    ]


_PRIMARY = discord.ButtonStyle.primary


def _menus(drawn: Drawn, texts: Texts) -> list[ui.Item[Any]]:
    options = [
        discord.SelectOption(label=shorten(title(paper), OPTION_LIMIT), value=str(paper.id))
        for paper in drawn.papers
    ]
    first = drawn.papers[0].id
    several: ui.Select[Any] = ui.Select(
        placeholder=texts("button.list"), options=options, max_values=len(options)
    )
    one: ui.Select[Any] = ui.Select(placeholder=texts("menu.announced"), options=options)
    return [ListAll(first, several), TakeMenu(first, one)]


async def add(interaction: Interaction, numbers: Sequence[int]) -> None:
    """Put announced papers on the list, and draw the announcement anew."""
    services, where = services_of(interaction), posting_place(interaction)
    # From a private look at one paper the announcement is out of reach: the outbox gets to it.
    far = interaction.message is None or interaction.message.flags.ephemeral
    work = services.announcements.list_papers(where, numbers, member(interaction), redraw=far)
    new = await outcome(interaction, work)
    text = None if far else await services.announcements.announcement_of(where, numbers[0])
    view = await render(services.announcements, text) if text is not None else None
    if view is not None and not interaction.response.is_done():
        await interaction.response.edit_message(view=view, allowed_mentions=NOBODY)
    services.wake()
    key = "announcement.added" if new else "announcement.had"
    await privately(interaction, spoken(interaction)(key, count=len(new)))


async def write(interaction: Interaction, number: int) -> None:
    """The form for a take on an announced paper, which the take puts on the list."""
    from cogs.takes import take_form

    services, where = services_of(interaction), posting_place(interaction)
    entry = await services.announcements.entry_of(where, number)
    if entry is not None:
        await take_desk(interaction).open_form(interaction, entry.id)
        return
    paper = await services.announcements.paper(number)
    await take_form(interaction, paper.reference, name=title(paper)).open(interaction)


class _OfPaper(ui.DynamicItem[ui.Button[Any]], template=r"arxiv:(?P<paper>\d{1,18}):never"):
    """A button about one announced paper; `what` ends its id."""

    what = "never"

    def __init__(self, paper_id: int, button: ui.Button[Any]) -> None:
        button.custom_id = f"arxiv:{paper_id}:{self.what}"
        super().__init__(button)
        self.paper_id = paper_id

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> _OfPaper:
        assert isinstance(item, ui.Button)
        return cls(int(match["paper"]), item)

    async def callback(self, interaction: Interaction) -> None:
        async with told(interaction):
            await self.pressed(interaction)

    async def pressed(self, interaction: Interaction) -> None:
        raise NotImplementedError


class ListOne(_OfPaper, template=r"arxiv:(?P<paper>\d{1,18}):list"):
    """*Add to this week*."""

    what = "list"

    async def pressed(self, interaction: Interaction) -> None:
        await add(interaction, [self.paper_id])


class TakeOne(_OfPaper, template=r"arxiv:(?P<paper>\d{1,18}):take"):
    """*Add take*, which puts the paper on the list too."""

    what = "take"

    async def pressed(self, interaction: Interaction) -> None:
        await write(interaction, self.paper_id)


class ListAll(ui.DynamicItem[ui.Select[Any]], template=r"arxiv:(?P<paper>\d{1,18}):menu"):
    """Puts the papers chosen on the list."""

    what = "menu"

    def __init__(self, first: int, menu: ui.Select[Any]) -> None:
        menu.custom_id = f"arxiv:{first}:{self.what}"
        super().__init__(menu)
        self.first = first

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> ListAll:
        assert isinstance(item, ui.Select)
        return cls(int(match["paper"]), item)

    async def callback(self, interaction: Interaction) -> None:
        async with told(interaction):
            await self.chosen(interaction, [int(value) for value in self.item.values])

    async def chosen(self, interaction: Interaction, numbers: Sequence[int]) -> None:
        await add(interaction, numbers)


class TakeMenu(ListAll, template=r"arxiv:(?P<paper>\d{1,18}):pick"):
    """Shows the abstract of the paper chosen, with its buttons."""

    what = "pick"

    async def chosen(self, interaction: Interaction, numbers: Sequence[int]) -> None:
        services, texts = services_of(interaction), spoken(interaction)
        paper = await services.announcements.paper(numbers[0])
        entry = await services.announcements.entry_of(place(interaction), paper.id)
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(whole(paper, texts)))
        view.add_item(ui.ActionRow(*_buttons(paper, entry, texts)[:-1]))
        await privately(interaction, view=view)
