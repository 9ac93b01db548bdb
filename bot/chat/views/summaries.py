"""Summaries that were asked for, and a model's answers to questions about a paper."""

from __future__ import annotations

from discord import ui

from bot.chat.allowances import charge_model
from bot.chat.components import button
from bot.chat.context import member, place, spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import in_place, outcome, privately
from bot.chat.router import on_press
from bot.chat.views.abstract import MODEL, summarised
from bot.chat.views.buttons import title
from bot.locale import Texts
from bot.model.paper import Paper
from bot.model.summary import SummaryKey
from bot.model.take import Entry
from bot.summaries.service import ShownSummary
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link

ANSWER = 3000
"""Characters of a model's answer, of the 4,000 of a message."""
QUESTION = 200
"""Characters of the question that are shown again."""


async def answer(interaction: Interaction, paper: Paper) -> None:
    """A paper's summary; whoever manages the channel can throw away what a model wrote."""
    work = interaction.client.services.summaries.shown(place(interaction), paper)
    shown, texts = await outcome(interaction, work), spoken(interaction)
    await privately(interaction, view=_view(paper, shown, texts, member(interaction).manages))


def _view(paper: Paper, shown: ShownSummary, texts: Texts, manages: bool) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(summarised(paper, texts, shown)))
    if manages and shown.written is not None:
        key = shown.written.key
        pressed = f"summary:{key.paper_id}:{key.version}:discard:{key.language}"
        view.add_item(ui.ActionRow(button(pressed, texts("button.discard_summary"))))
    return view


@on_press("summary:{paper}:{version}:discard:{language:text}")
async def discard(interaction: Interaction, paper: int, version: int, language: str) -> None:
    """*Throw this summary away*: the abstract's own sentences stand in its place."""
    summaries, where = interaction.client.services.summaries, place(interaction)
    key = SummaryKey(paper, version, language)
    found = await outcome(
        interaction, summaries.discard(where, key, member(interaction)), in_place=True
    )
    interaction.client.wake()
    shown, texts = await summaries.shown(where, found), spoken(interaction)
    await in_place(interaction, view=_view(found, shown, texts, member(interaction).manages))


async def explain(interaction: Interaction, entry: Entry, question: str) -> None:
    """A model's answer to one question about a paper, for whoever asked."""
    charge_model(interaction)
    summaries, texts = interaction.client.services.summaries, spoken(interaction)
    work = summaries.explain(entry, question, texts.language)
    # A model has a queue of its own.
    told = await outcome(interaction, work, in_turn=False)
    lines = (
        f"**{masked_link(shorten(title(entry.paper), 200), entry.paper.url)}**",
        f"> {escape(shorten(' '.join(question.split()), QUESTION))}",
        _fitted(told),
        f"-# {texts('explain.source', model=escape(shorten(summaries.config.model, MODEL)))}",
    )
    view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay("\n".join(lines)))
    await privately(interaction, view=view)


def _fitted(text: str) -> str:
    """Plain text, escaped, in the room that there is for it."""
    limit = ANSWER
    while len(said := escape(shorten(text, limit))) > ANSWER:
        limit -= max(len(said) - ANSWER, 10)
    return said
