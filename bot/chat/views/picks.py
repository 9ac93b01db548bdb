"""A day's papers that a channel may care about, each with its reason."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import discord
from discord import ui

from bot.chat.components import button
from bot.chat.views import cards
from bot.chat.views.buttons import add_take
from bot.isolation import RecordKind, either
from bot.locale import Texts
from bot.model.paper import Paper
from bot.picks.ranking import RankedPaper
from bot.picks.service import DayOfPicks
from bot.picks.taste import FEW
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from bot.text.plain import plain_line

_TITLE: Final = 150
_LIKE: Final = 80
"""Characters of the title of a paper that another one is like."""
_NAME: Final = 40
_AUTHORS: Final = 3


def draw(picks: DayOfPicks, texts: Texts) -> ui.LayoutView:
    """The papers, best first, each with a button."""
    container: ui.Container[Any] = ui.Container(accent_colour=cards.COLOUR)
    heading = [f"**{texts('picks.heading', day=texts.day(picks.day))}**"]
    if picks.notes < FEW:
        heading.append(f"-# {texts('picks.few', count=picks.notes)}")
    container.add_item(ui.TextDisplay("\n".join(heading)))
    for one in picks.ranked:
        paper = picks.papers.get(one.paper_id)
        if paper is None:
            continue
        lines = either(
            RecordKind.ANNOUNCED_PAPER,
            paper.reference,
            partial(_lines, paper, one, texts),
            partial(plain_line, paper.title, _TITLE),
        )
        entry = picks.entries.get(paper.id)
        container.add_item(ui.TextDisplay(lines))
        container.add_item(
            ui.ActionRow(
                add_take(entry.id, texts)
                if entry is not None
                else button(
                    f"pick:{paper.reference}",
                    texts("button.list"),
                    style=discord.ButtonStyle.primary,
                )
            )
        )
    return ui.LayoutView(timeout=None).add_item(container)


def _lines(paper: Paper, ranked: RankedPaper, texts: Texts) -> str:
    named = cards.authors(paper.data.authors, texts, _AUTHORS) if paper.data.authors else ""
    why = reason(ranked, texts)
    head = f"**{cards.link(paper, _TITLE)}**"
    return "\n".join(filter(None, (head, named, f"-# {why}" if why else "")))


def reason(ranked: RankedPaper, texts: Texts) -> str:
    """Why a paper is picked, in words; empty where nothing noted is near."""
    parts = []
    if ranked.like is not None and ranked.like_noted is not None:
        title = escape(shorten(ranked.like, _LIKE))
        parts.append(texts("picks.like", title=title, month=texts.month(ranked.like_noted)))
    if ranked.by is not None:
        parts.append(texts("picks.by", name=escape(shorten(ranked.by, _NAME))))
    return " · ".join(parts)
