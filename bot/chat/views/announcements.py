"""arXiv's announcements in the channel: papers with what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.chat.components import button, menu
from bot.chat.context import member, place, posting_place, spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import in_place, outcome, privately
from bot.chat.router import on_choose, on_press
from bot.chat.take_forms import open_form, take_form
from bot.chat.views import cards
from bot.chat.views.abstract import by_model, summed, whole, written_in
from bot.chat.views.buttons import OPTION_LIMIT, abstract, add_take, title
from bot.isolation import RecordKind, each, either
from bot.locale import Texts, speak
from bot.model.arxiv_id import ArxivId
from bot.model.paper import Paper
from bot.model.subscription import ArrivalKind
from bot.model.summary import WrittenSummary
from bot.model.take import Entry
from bot.subscriptions.announcements import AnnouncementService, Drawn
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from bot.text.plain import plain_line, plain_link

AUTHORS = 6
SUMMARY = 420
"""Characters of the abstract's own sentences."""
WRITTEN = 600
"""Characters of what a model wrote."""
REASON = 90


async def render(announcements: AnnouncementService, text: str) -> ui.LayoutView | None:
    """An announcement as its papers are now; None if there is nothing left of it."""
    drawn = await announcements.drawn(text)
    if drawn is None or not drawn.papers:
        return None
    first = drawn.papers[0].reference
    return either(
        RecordKind.ANNOUNCEMENT, first, partial(draw, drawn), partial(draw_plainly, drawn)
    )


def draw_plainly(drawn: Drawn) -> ui.LayoutView:
    """The papers of an announcement with nothing but words, and the way to list the first one."""
    room = cards.TEXT_LIMIT // len(drawn.papers) - 1
    lines = "\n".join(_plain_card(paper, room) for paper in drawn.papers)
    texts = speak(drawn.channel.settings.language)
    first = button(f"arxiv:{drawn.papers[0].id}:list", texts("button.list"))
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(lines), ui.ActionRow(first))
    return ui.LayoutView(timeout=None).add_item(container)


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
            card = either(
                RecordKind.ANNOUNCED_PAPER,
                paper.reference,
                partial(_card, drawn, paper, texts, room),
                partial(_plain_card, paper, room),
            )
            container.add_item(ui.TextDisplay(card))
            container.add_item(ui.ActionRow(*_buttons(paper, drawn.entries.get(paper.id), texts)))
    else:
        lines = each(
            RecordKind.ANNOUNCED_PAPER,
            drawn.papers,
            lambda paper: _line(drawn, paper, texts, room - 1),
            name=lambda paper: paper.reference,
            plainly=lambda paper: plain_line(paper.title, min(150, room - 1)),
        )
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
    if said := cards.remarks_line(paper, texts):
        lines.append(said)
    last = _last_line(drawn, paper, texts)
    left = room - sum(len(line) + 1 for line in [*lines, last]) - 4
    if data.abstract and not data.withdrawn and left > 80:
        lines += _summary(paper, drawn.written.get(paper.id), texts, left)
    return "\n".join([*lines, last])[:room]


def _summary(
    paper: Paper, written: WrittenSummary | None, texts: Texts, room: int
) -> Sequence[str]:
    """What a model wrote, with its name, where there is room for a sentence of it; else the
    abstract's own."""
    if written is not None:
        mark = f"-# {by_model(written, texts)}"
        if told := written_in(written, min(room - len(mark) - 1, WRITTEN)):
            return (f"> {told}", mark)
    return (f"> {summed(paper, min(room, SUMMARY))}",)


def _plain_card(paper: Paper, room: int) -> str:
    title = plain_line(paper.title, 200)
    return "\n".join(filter(None, (f"**{title}**", plain_link(paper.url))))[:room]


def _last_line(drawn: Drawn, paper: Paper, texts: Texts) -> str:
    parts = []
    if why := _kind(drawn, paper, texts):
        parts.append(why)
    if reasons := drawn.reasons.get(paper.id):
        shown = ", ".join(escape(shorten(one, REASON // len(reasons[:3]))) for one in reasons[:3])
        parts.append(texts("announcement.reason", queries=shown))
    if entry := drawn.entries.get(paper.id):
        parts.append(texts("announcement.listed", who=escape(shorten(entry.member.name, 40))))
    return f"-# {' · '.join(parts) or data_line(paper)}"


def _kind(drawn: Drawn, paper: Paper, texts: Texts) -> str:
    """Why a paper is in a mailing: new, from which category it was listed, which version."""
    said = drawn.said.get(paper.id)
    if said is None:
        return ""
    if said.kind is ArrivalKind.CROSS:
        return texts("announcement.cross", category=said.categories[0] if said.categories else "?")
    if said.kind is ArrivalKind.REPLACE:
        return _version(paper, texts)
    return texts("announcement.new")


def _version(paper: Paper, texts: Texts) -> str:
    data = paper.data
    first = data.published.date() if data.published else None
    if first is None and data.arxiv_id:
        year, month = ArxivId(data.arxiv_id).month
        first = date(year, month, 1)
    since = texts.month(first) if first else "?"
    if data.version is None:
        return texts("announcement.new_version", since=since)
    return texts("announcement.version", version=data.version, since=since)


def data_line(paper: Paper) -> str:
    """What is shown of a paper of which nothing else is known."""
    return paper.reference


def _line(drawn: Drawn, paper: Paper, texts: Texts, room: int) -> str:
    mark = "☑ " if paper.id in drawn.entries else ""
    room -= len(mark) + 2
    head = f"**{cards.link(paper, max(min(150, room - len(paper.url) - 40), 20))}**"
    named = cards.authors(paper.data.authors, texts, 2) if paper.data.authors else ""
    said_of = drawn.said.get(paper.id)
    is_new = said_of is None or said_of.kind is ArrivalKind.NEW
    parts = [*cards.state_lines(paper, texts), named, "" if is_new else _kind(drawn, paper, texts)]
    rest = " · ".join(filter(None, parts))
    said = f"{head}\n-# {rest}" if rest and len(head) + len(rest) + 4 <= room else head
    return f"{mark}{said}"


def _buttons(paper: Paper, entry: Entry | None, texts: Texts) -> list[ui.Item[Any]]:
    if entry is not None:
        return [add_take(entry.id, texts), abstract(paper, texts)]
    return [
        button(f"arxiv:{paper.id}:list", texts("button.list"), style=_PRIMARY),
        button(f"arxiv:{paper.id}:take", texts("button.add_take")),
        abstract(paper, texts),
    ]


_PRIMARY = discord.ButtonStyle.primary


def _menus(drawn: Drawn, texts: Texts) -> list[ui.Item[Any]]:
    options = [
        discord.SelectOption(label=shorten(title(paper), OPTION_LIMIT), value=str(paper.id))
        for paper in drawn.papers
    ]
    first = drawn.papers[0].id
    return [
        menu(f"arxiv:{first}:menu", texts("button.list"), options, several=True),
        menu(f"arxiv:{first}:pick", texts("menu.announced"), options),
    ]


async def add(interaction: Interaction, numbers: Sequence[int]) -> None:
    """Put announced papers on the list, and draw the announcement anew."""
    services, where = interaction.client.services, posting_place(interaction)
    # From a private look at one paper the announcement is out of reach: the outbox gets to it.
    message = interaction.message
    here = message.id if message is not None and not message.flags.ephemeral else None
    work = services.announcements.list_papers(where, numbers, member(interaction), pressed=here)
    new = await outcome(interaction, work)
    text = None
    if here is not None:
        text = await services.announcements.announcement_of(where, numbers[0], here)
    view = await render(services.announcements, text) if text is not None else None
    if view is not None and not interaction.response.is_done():
        await in_place(interaction, view=view)
    interaction.client.wake()
    key = "announcement.added" if new else "announcement.had"
    await privately(interaction, spoken(interaction)(key, count=len(new)))


@on_press("arxiv:{paper}:list")
async def list_one(interaction: Interaction, paper: int) -> None:
    """*Add to this week*."""
    await add(interaction, [paper])


@on_choose("arxiv:{first}:menu")
async def list_several(interaction: Interaction, first: int, chosen: Sequence[int]) -> None:
    """The same for the papers chosen in a list."""
    await add(interaction, chosen)


@on_press("arxiv:{paper}:take")
async def write(interaction: Interaction, paper: int) -> None:
    """*Add take*: the form for a take on an announced paper, which the take puts on the list."""
    announcements, where = interaction.client.services.announcements, posting_place(interaction)
    found = await announcements.paper(where, paper)
    entry = await announcements.entry_of(where, paper)
    if entry is not None:
        await open_form(interaction, entry.id)
        return
    await take_form(interaction, found.reference, name=title(found)).open(interaction)


@on_choose("arxiv:{first}:pick")
async def look_at(interaction: Interaction, first: int, chosen: Sequence[int]) -> None:
    """Show the abstract of the paper chosen in a list, with its buttons."""
    announcements, where = interaction.client.services.announcements, place(interaction)
    paper = await outcome(interaction, announcements.paper(where, chosen[0]))
    entry = await announcements.entry_of(where, paper.id)
    texts = spoken(interaction)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(whole(paper, texts)))
    view.add_item(ui.ActionRow(*_buttons(paper, entry, texts)[:-1]))
    await privately(interaction, view=view)
