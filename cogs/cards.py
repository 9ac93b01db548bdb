"""Cards: what a paper looks like in the channel. Components v2, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.locale import Texts, speak
from bot.model.channel import Channel
from bot.model.paper import Metadata, Paper
from bot.model.take import Entry, Take
from bot.papers.service import Papers
from bot.takes.service import Takes
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link, tame
from bot.text.split import split
from bot.text.tex import readable
from cogs.abstract import summed
from cogs.buttons import abstract, add_take, choose_paper, open_takes, save, title

AUTHORS = 12
"""Authors on a card before the rest is only counted."""
ABSTRACT = 420
"""Characters of the abstract's own sentences on a card."""
TITLE = 300
TEXT_LIMIT = 4000
"""Characters of all texts in one message."""
WITH_BUTTONS = 10
"""Papers in one message that each have their button: three components a paper, of 40."""
LINK_LIMIT = 512
"""Characters of a link button's URL."""
COLOUR = 0xB31B1B


def card(entry: Entry, channel: Channel, texts: Texts, takes: Sequence[Take] = ()) -> ui.LayoutView:
    """The card of one paper; `takes` are shown below it."""
    body = describe(entry, channel, texts)
    written = [take_block(take) for take in takes]
    room = TEXT_LIMIT - len(body) - 100
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(body), accent_colour=COLOUR)
    for block in written:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(fit(block, room // len(written), texts)))
    container.add_item(ui.ActionRow(*buttons(entry, texts)))
    return ui.LayoutView(timeout=None).add_item(container)


def cards(
    entries: Sequence[Entry], channel: Channel, texts: Texts, takes: Sequence[Take] = ()
) -> ui.LayoutView:
    """Several papers in one message, a line or two each; one paper with `takes`."""
    if len(entries) == 1:
        return card(entries[0], channel, texts, takes)
    head = texts("card.several", count=len(entries), who=_name(entries[0].member.name))
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(head), accent_colour=COLOUR)
    room = (TEXT_LIMIT - len(head)) // len(entries) - 1
    lines = [line(entry, texts, room) for entry in entries]
    if len(entries) <= WITH_BUTTONS:
        for entry, text in zip(entries, lines, strict=True):
            container.add_item(ui.Section(text, accessory=add_take(entry.id, texts)))
    else:
        container.add_item(ui.TextDisplay("\n".join(lines)))
        container.add_item(ui.ActionRow(choose_paper(entries, texts)))
    return ui.LayoutView(timeout=None).add_item(container)


async def render(papers: Papers, entry_id: int) -> ui.LayoutView | None:
    """The card that an entry stands on, as it is now; None if it was taken off the list."""
    found = await papers.on_card(entry_id)
    if found is None:
        return None
    channel, entries = found
    takes = await papers.takes_on_card(entry_id)
    return cards(entries, channel, speak(channel.settings.language), takes)


async def render_take(takes: Takes, take_id: int) -> ui.LayoutView | None:
    """The message that shows a take, as it is now; None if the take is gone."""
    found = await takes.on_message(take_id)
    if found is None:
        return None
    channel, shown = found
    return taken(shown.entry, shown.take, speak(channel.settings.language))


def saved(entry: Entry, channel: Channel, texts: Texts) -> ui.LayoutView:
    """The card as it is sent to who saves it: without what works in the channel only."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(describe(entry, channel, texts))))
    if len(entry.paper.url) <= LINK_LIMIT:
        view.add_item(ui.ActionRow(_to_paper(entry, texts)))
    return view


def taken(entry: Entry, take: Take, texts: Texts) -> ui.LayoutView:
    """A take, as the channel sees it when it is written."""
    paper = link(entry.paper, 200)
    head = texts("take.said", who=_name(take.member.name), paper=paper)
    text = fit(tame(take.text), TEXT_LIMIT - len(head) - 200, texts)
    container: ui.Container[Any] = ui.Container(
        ui.TextDisplay(head), ui.TextDisplay(text), ui.ActionRow(*buttons(entry, texts))
    )
    return ui.LayoutView(timeout=None).add_item(container)


def describe(entry: Entry, channel: Channel, texts: Texts) -> str:
    """All that a card says of a paper."""
    paper = entry.paper
    lines = [f"### {link(paper, TITLE)}"]
    lines += state_lines(paper, texts)
    if paper.data.authors:
        lines.append(authors(paper.data.authors, texts))
    if facts := facts_line(paper, texts):
        lines.append(facts)
    if paper.data.abstract and not paper.data.withdrawn:
        lines.append(f"> {summed(paper, ABSTRACT)}")
    added = texts(
        "card.added_by",
        who=_name(entry.member.name),
        when=texts.moment(entry.added_at, channel.settings.zone),
    )
    return "\n".join([*lines, f"-# {added}"])


def line(entry: Entry, texts: Texts, room: int = 400) -> str:
    """A paper on a line or two, in at most `room` characters where its link allows."""
    paper = entry.paper
    head = f"**{link(paper, min(TITLE, max(room - len(paper.url) - 60, 40)))}**"
    rest = state_lines(paper, texts)
    if paper.data.authors:
        rest.append(authors(paper.data.authors, texts, 3))
    text = "\n".join([head, *rest])
    return text if len(text) <= room else head if len(head) <= room else escape(label(paper, room))


def label(paper: Paper, limit: int) -> str:
    """The title, cut so that its escaped form keeps within `limit`."""
    return shorten(title(paper), max(limit // 2, 1))


def link(paper: Paper, limit: int) -> str:
    """The title as a link to the paper."""
    return masked_link(shorten(title(paper), limit), paper.url)


def state_lines(paper: Paper, texts: Texts) -> list[str]:
    """What must be said of a paper before all else."""
    if paper.data.withdrawn:
        return [texts("paper.withdrawn")]
    if paper.metadata is Metadata.PENDING:
        return [texts("paper.pending")]
    if paper.metadata is Metadata.UNKNOWN:
        return [texts("paper.unknown")]
    return []


def authors(names: Sequence[str], texts: Texts, limit: int = AUTHORS) -> str:
    """The first authors, with the exact number of those left out."""
    shown = ", ".join(escape(shorten(readable(name), 60)) for name in names[:limit])
    left = len(names) - limit
    return shown if left <= 0 else texts("authors.more", shown=shown, count=left)


def facts_line(paper: Paper, texts: Texts) -> str:
    """Identifier or host, categories and date."""
    data = paper.data
    facts = [
        f"arXiv:{data.arxiv_id}"
        if data.arxiv_id
        else escape(shorten(urlsplit(paper.url).netloc, 80))
    ]
    if data.categories:
        facts.append(", ".join(data.categories[:8]))
    if data.published:
        facts.append(texts.day(data.published.date()))
    return " · ".join(facts)


def take_block(take: Take) -> str:
    """A take with its writer above it."""
    return f"**{_name(take.member.name)}**\n{tame(take.text)}"


def fit(text: str, room: int, texts: Texts) -> str:
    """The text, or its beginning with a word that there is more."""
    more = texts("take.more")
    pieces = split(text, max(room - len(more) - 2, 50))
    return pieces[0] if len(pieces) == 1 else f"{pieces[0]}\n{more}"


def buttons(entry: Entry, texts: Texts) -> list[ui.Item[Any]]:
    """*Add take*, *Takes*, and the way to the paper."""
    row: list[ui.Item[Any]] = [
        add_take(entry.id, texts),
        open_takes(entry.id, texts),
    ]
    if entry.paper.data.abstract:
        row.append(abstract(entry.paper, texts))
    row.append(save(entry.id, texts))
    if len(entry.paper.url) <= LINK_LIMIT:
        row.append(_to_paper(entry, texts))
    return row


def _to_paper(entry: Entry, texts: Texts) -> ui.Button[Any]:
    where = "arXiv" if entry.paper.data.arxiv_id else texts("button.open")
    return ui.Button(label=where, url=entry.paper.url, style=discord.ButtonStyle.link)


def _name(name: str) -> str:
    return escape(shorten(name, 80))
