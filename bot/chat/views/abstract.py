"""A paper's abstract: a few of its sentences on a card, all of it one press away."""

from __future__ import annotations

from discord import ui

from bot.chat.context import place, spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import outcome, privately
from bot.chat.router import on_press
from bot.chat.views.buttons import title
from bot.isolation import RecordKind, either
from bot.locale import Texts
from bot.model.paper import Paper
from bot.model.summary import WrittenSummary
from bot.summaries.service import ShownSummary
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link
from bot.text.plain import plain_line, plain_text
from bot.text.sentences import sentences
from bot.text.summary import summary
from bot.text.tex import readable

LONGEST = 3500
SUMMARY = 1200
"""Characters of a summary that was asked for."""
MODEL = 60
"""Characters of a model's name."""


def summed(paper: Paper, room: int) -> str:
    """Two or three of the abstract's own sentences, escaped, in at most `room` characters."""
    return either(
        RecordKind.PAPER,
        paper.reference,
        lambda: _summed(paper, room),
        lambda: plain_line(paper.data.abstract, room),
    )


def _summed(paper: Paper, room: int) -> str:
    abstract, name = readable(paper.data.abstract), readable(paper.title)
    limit = room
    while limit >= 20:
        said = escape(" ".join(summary(abstract, name, max_chars=limit)))
        if len(said) <= room:
            return said
        limit -= max(len(said) - room, 10)
    return ""


def written_in(written: WrittenSummary, room: int) -> str:
    """As many whole sentences of what a model wrote, escaped, as there is room for."""
    told = sentences(written.text)
    while told and len(escape(" ".join(told))) > room:
        told.pop()
    return escape(" ".join(told))


def by_model(written: WrittenSummary, texts: Texts) -> str:
    """Who wrote a summary."""
    return texts("summary.written", model=escape(shorten(written.model, MODEL)))


def summarised(paper: Paper, texts: Texts, shown: ShownSummary) -> str:
    """Title and summary, and where its sentences come from."""
    name = f"**{masked_link(shorten(title(paper), 300), paper.url)}**"
    written = shown.written
    if written is not None and (told := written_in(written, SUMMARY)):
        return f"{name}\n> {told}\n-# {by_model(written, texts)}"
    said = summed(paper, SUMMARY) if paper.data.abstract else ""
    if not said:
        return f"{name}\n{texts('announcement.no_abstract')}"
    coming = f" · {texts('summary.coming')}" if shown.coming else ""
    return f"{name}\n> {said}\n-# {texts('summary.source')}{coming}"


def whole(paper: Paper, texts: Texts) -> str:
    """Title and abstract."""
    return either(
        RecordKind.PAPER,
        paper.reference,
        lambda: _whole(paper, texts),
        lambda: f"**{plain_line(paper.title)}**\n{plain_text(paper.data.abstract, LONGEST)}",
    )


def _whole(paper: Paper, texts: Texts) -> str:
    abstract = readable(paper.data.abstract) or texts("announcement.no_abstract")
    name = masked_link(shorten(title(paper), 300), paper.url)
    return f"**{name}**\n{shorten(escape(abstract), LONGEST)}"


@on_press("arxiv:{paper}:abstract")
async def show(interaction: Interaction, paper: int) -> None:
    """Show the whole abstract to whoever asks."""
    work = interaction.client.services.announcements.paper(place(interaction), paper)
    said = whole(await outcome(interaction, work), spoken(interaction))
    await privately(interaction, view=ui.LayoutView(timeout=None).add_item(ui.TextDisplay(said)))
