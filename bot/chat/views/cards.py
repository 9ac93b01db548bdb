"""Cards: what a paper looks like in the channel. Components v2, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from discord import ui

from bot.chat.views.abstract import summed
from bot.chat.views.buttons import (
    abstract,
    add_take,
    choose_paper,
    cite,
    more,
    open_takes,
    save,
    title,
)
from bot.digest.section import authors_line, withdrawn_line
from bot.isolation import RecordKind, each, either
from bot.locale import Texts, speak
from bot.model.channel import Channel
from bot.model.links import LINK_LIMIT, project_link
from bot.model.paper import Metadata, Paper
from bot.model.remarks import remarks
from bot.model.take import Entry, Take
from bot.papers.service import PaperService
from bot.takes.service import TakeService
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link, tame
from bot.text.plain import plain_line, plain_link, plain_pieces, plain_text
from bot.text.split import split

AUTHORS = 12
"""Authors on a card before the rest is only counted."""
ABSTRACT = 420
"""Characters of the abstract's own sentences on a card."""
TITLE = 300
TEXT_LIMIT = 4000
"""Characters of all texts in one message."""
WITH_BUTTONS = 10
"""Papers in one message that each have their button: three components a paper, of 40."""
NAME_WIDTH = 60
"""Characters of one author's name."""
BUTTONS = 5
"""Buttons in one row."""
COLOUR = 0xB31B1B


def _card(
    entry: Entry, channel: Channel, texts: Texts, takes: Sequence[Take] = ()
) -> ui.LayoutView:
    """The card of one paper; `takes` are shown below it."""
    body = describe(entry, channel, texts)
    written = take_blocks(takes)
    room = TEXT_LIMIT - len(body) - 100
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(body), accent_colour=COLOUR)
    for block in written:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(fit(block, room // len(written), texts)))
    links = link_buttons(entry.paper, texts)
    if written:
        container.add_item(ui.ActionRow(add_take(entry.id, texts), *links))
        container.add_item(ui.ActionRow(more(entry, texts, takes)))
        return ui.LayoutView(timeout=None).add_item(container)
    container.add_item(ui.ActionRow(*buttons(entry, texts), cite(entry.id, texts)))
    if links:
        container.add_item(ui.ActionRow(*links))
    return ui.LayoutView(timeout=None).add_item(container)


def cards(
    entries: Sequence[Entry], channel: Channel, texts: Texts, takes: Sequence[Take] = ()
) -> ui.LayoutView:
    """Several papers in one message, a line or two each; one paper with `takes`."""
    return either(
        RecordKind.PAPER,
        entries[0].paper.reference,
        lambda: _cards(entries, channel, texts, takes),
        lambda: plain_cards(entries, texts, takes),
    )


def plain_cards(
    entries: Sequence[Entry], texts: Texts, takes: Sequence[Take] = ()
) -> ui.LayoutView:
    """The same with nothing but words, and the way to write a take."""
    told = [
        "\n".join(
            filter(None, (f"**{plain_line(one.paper.title, 200)}**", plain_link(one.paper.url)))
        )
        for one in entries
    ]
    told += [f"{plain_line(one.member.name, 80)}: {plain_text(one.text)}" for one in takes]
    body = plain_pieces("\n".join(told), TEXT_LIMIT)[0]
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(body), accent_colour=COLOUR)
    container.add_item(ui.ActionRow(*(add_take(one.id, texts) for one in entries[:BUTTONS])))
    return ui.LayoutView(timeout=None).add_item(container)


def _cards(
    entries: Sequence[Entry], channel: Channel, texts: Texts, takes: Sequence[Take]
) -> ui.LayoutView:
    if len(entries) == 1:
        return _card(entries[0], channel, texts, takes)
    head = texts("card.several", count=len(entries), who=_name(entries[0].member.name))
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(head), accent_colour=COLOUR)
    room = (TEXT_LIMIT - len(head)) // len(entries) - 1
    lines = each(
        RecordKind.PAPER,
        entries,
        lambda entry: line(entry, texts, room),
        name=lambda entry: entry.paper.reference,
        plainly=lambda entry: f"**{plain_line(entry.paper.title, max(room // 2, 1))}**",
    )
    if len(entries) <= WITH_BUTTONS:
        for entry, text in zip(entries, lines, strict=True):
            container.add_item(ui.Section(text, accessory=add_take(entry.id, texts)))
    else:
        container.add_item(ui.TextDisplay("\n".join(lines)))
        container.add_item(ui.ActionRow(choose_paper(entries, texts)))
    return ui.LayoutView(timeout=None).add_item(container)


async def render(papers: PaperService, entry_id: int) -> ui.LayoutView | None:
    """The card that an entry stands on, as it is now; None if there is nothing left of it."""
    found = await papers.on_card(entry_id)
    if found is None:
        gone = await papers.taken_off(entry_id)
        return off_list(gone[1], speak(gone[0].settings.language)) if gone else None
    channel, entries = found
    takes = await papers.takes_on_card(entry_id)
    return cards(entries, channel, speak(channel.settings.language), takes)


def off_list(entry: Entry, texts: Texts) -> ui.LayoutView:
    """What stays of the card of a paper that was taken off the list."""
    said = f"{link(entry.paper, TITLE)}\n-# {texts('error.paper.gone')}"
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(said))
    return ui.LayoutView(timeout=None).add_item(container)


async def render_take(takes: TakeService, take_id: int) -> ui.LayoutView | None:
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
    if links := link_buttons(entry.paper, texts):
        view.add_item(ui.ActionRow(*links))
    return view


def taken(entry: Entry, take: Take, texts: Texts) -> ui.LayoutView:
    """A take, as the channel sees it when it is written."""
    return either(
        RecordKind.TAKE,
        take.id,
        lambda: _taken(entry, take, texts),
        lambda: plain_cards([entry], texts, [take]),
    )


def _taken(entry: Entry, take: Take, texts: Texts) -> ui.LayoutView:
    paper = link(entry.paper, 200)
    head = texts("take.said", who=_name(take.member.name), paper=paper)
    text = fit(take_text(take), TEXT_LIMIT - len(head) - 200, texts)
    container: ui.Container[Any] = ui.Container(
        ui.TextDisplay(head),
        ui.TextDisplay(text),
        ui.ActionRow(add_take(entry.id, texts)),
        ui.ActionRow(more(entry, texts, [take])),
    )
    return ui.LayoutView(timeout=None).add_item(container)


def describe(entry: Entry, channel: Channel, texts: Texts) -> str:
    """All that a card says of a paper; its title, address and writer where that cannot be drawn."""
    paper = entry.paper
    plain = (
        f"### {plain_line(paper.title, TITLE)}",
        plain_link(paper.url),
        f"-# {plain_line(entry.member.name, 80)}",
    )
    return either(
        RecordKind.PAPER,
        paper.reference,
        lambda: _described(entry, channel, texts),
        lambda: "\n".join(filter(None, plain)),
    )


def _described(entry: Entry, channel: Channel, texts: Texts) -> str:
    paper = entry.paper
    lines = [f"### {link(paper, TITLE)}"]
    lines += state_lines(paper, texts)
    if paper.data.authors:
        lines.append(authors(paper.data.authors, texts))
    if facts := facts_line(paper, texts):
        lines.append(facts)
    if said := remarks_line(paper, texts):
        lines.append(said)
    if paper.data.abstract and not paper.data.withdrawn:
        lines.append(f"> {summed(paper, ABSTRACT)}")
    added = texts(
        "card.added_by",
        who=_name(entry.member.name),
        when=texts.moment(entry.added_at),
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
    return either(
        RecordKind.PAPER,
        paper.reference,
        lambda: masked_link(shorten(title(paper), limit), paper.url),
        lambda: f"{plain_line(paper.title, limit)} {plain_link(paper.url)}".rstrip(),
    )


def state_lines(paper: Paper, texts: Texts) -> list[str]:
    """What must be said of a paper before all else."""
    if paper.data.withdrawn:
        return [withdrawn_line(paper, texts)]
    if paper.metadata is Metadata.PENDING:
        return [texts("paper.pending")]
    if paper.metadata is Metadata.UNKNOWN:
        return [texts("paper.unknown")]
    return []


def authors(names: Sequence[str], texts: Texts, limit: int = AUTHORS) -> str:
    """The first authors, with the exact number of those left out."""
    return authors_line(names, limit, texts, NAME_WIDTH)


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


def remarks_line(paper: Paper, texts: Texts) -> str:
    """Where it was accepted, how long it is, where it is printed: as its authors say."""
    said = remarks(paper.data)
    pages = texts("card.pages", count=said.pages) if said.pages else ""
    return " · ".join(filter(None, (escape(said.venue), pages, escape(said.journal))))


def take_block(take: Take) -> str:
    """A take with its writer above it."""
    return f"**{_name(take.member.name)}**\n{take_text(take)}"


def take_text(take: Take) -> str:
    """A take's words, such that they end where they end."""
    return either(
        RecordKind.TAKE,
        take.id,
        lambda: tame(take.text),
        lambda: plain_text(take.text, 2 * len(take.text) + 1),
    )


def take_blocks(takes: Sequence[Take]) -> list[str]:
    """`take_block` of each."""
    return each(
        RecordKind.TAKE,
        takes,
        take_block,
        name=lambda take: take.id,
        plainly=lambda take: plain_text(take.text, 2 * len(take.text) + 1),
    )


def fit(text: str, room: int, texts: Texts) -> str:
    """The text, or its beginning with a word that there is more."""
    more = texts("take.more")
    limit = max(room - len(more) - 2, 50)
    pieces = either(
        RecordKind.BLOCK, "a text", lambda: split(text, limit), lambda: plain_pieces(text, limit)
    )
    return pieces[0] if len(pieces) == 1 else f"{pieces[0]}\n{more}"


def buttons(entry: Entry, texts: Texts) -> list[ui.Item[Any]]:
    """*Add take*, *Takes*, *Abstract*, *Save*."""
    row: list[ui.Item[Any]] = [add_take(entry.id, texts), open_takes(entry.id, texts)]
    if entry.paper.data.abstract:
        row.append(abstract(entry.paper, texts))
    return [*row, save(entry.id, texts)]


def link_buttons(paper: Paper, texts: Texts) -> list[ui.Item[Any]]:
    """The ways to the paper, and to its code or page where it names one."""
    found: list[tuple[str, str]] = []
    if len(paper.url) <= LINK_LIMIT:
        found.append(("arXiv" if paper.data.arxiv_id else texts("button.open"), paper.url))
    if (named := project_link(paper.data.comment or "", paper.data.abstract)) is not None:
        found.append((texts(f"button.{named.kind}"), named.url))
    return [ui.Button(label=label, url=url) for label, url in found]


def _name(name: str) -> str:
    return escape(shorten(name, 80))
