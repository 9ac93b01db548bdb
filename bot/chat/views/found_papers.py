"""What `/paper search` and `/paper related` show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from bot.chat import paginator
from bot.chat.context import place, spoken
from bot.chat.interaction import Interaction
from bot.chat.paginator import PagedAnswer
from bot.chat.views import cards
from bot.isolation import RecordKind, each, either
from bot.locale import Texts
from bot.model.paper import Paper
from bot.model.search import Hit, HitKind, SearchedFile
from bot.model.take import Entry
from bot.papers.ranking import MOST
from bot.papers.related import Around, Related, Unlisted
from bot.text.find import Snippet
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link
from bot.text.plain import plain_line, plain_link

CARRIED = 80
"""Characters of a query that the buttons which turn pages can carry."""
TITLE = 200
TAKES = 8
"""Hits on one paper that are shown."""


@paginator.source("search")
async def _search(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    found = await interaction.client.services.search.search(place(interaction), argument, MOST)
    shown = escape(shorten(argument, CARRIED))
    if not found.hits:
        return PagedAnswer("", [texts("search.none", query=shown)])
    key = "search.more" if found.more else "search.found"
    asked = escape(shorten(found.meant, CARRIED)) if found.meant else shown
    heading = f"## {texts(key, query=asked, count=len(found.hits))}"
    if found.meant:
        heading += f"\n{texts('search.near', query=shown, meant=asked)}"
    # Finding the words in a long file takes its time: others are answered meanwhile.
    blocks = await asyncio.to_thread(lambda: [block(hit, texts) for hit in found.hits])
    if len(argument) > CARRIED:
        blocks = paginator.pack(blocks)[0]
    return PagedAnswer(heading, blocks)


def block(hit: Hit, texts: Texts) -> str:
    """One paper, or file, and what of it was found."""
    return "\n".join(filter(None, [_head(hit), _found(hit, texts)]))


def _found(hit: Hit, texts: Texts) -> str:
    return either(
        RecordKind.HIT, _named(hit), lambda: hit_block(hit, texts), lambda: _plain_lines(hit)
    )


def _named(hit: Hit) -> str:
    """What a hit is called in the log."""
    number = hit.document.id if hit.document else hit.paper.reference if hit.paper else ""
    return f"{hit.kind.value} {number}"


def _plain_lines(hit: Hit) -> str:
    takes = hit.page.takes[:TAKES] if hit.page else ()
    return "\n".join(f"> {plain_line(take.text, TITLE)}" for take in takes)


def _head(hit: Hit) -> str:
    if hit.document is not None:
        return f"**{escape(shorten(hit.document.title or hit.document.path, TITLE))}**"
    return f"**{cards.link(hit.paper, TITLE)}**" if hit.paper else ""


def hit_block(hit: Hit, texts: Texts) -> str:
    """What was found of a paper, below its title: the words around what was asked for, and whose
    they are."""
    lines = []
    if hit.document is not None:
        lines.append(_where(hit.document, texts))
    if hit.kind is HitKind.ANNOUNCED:
        lines.append(f"-# {texts('search.announced')}")
    found = hit.lines
    for line in found[:TAKES]:
        if line.file is not None and hit.document is None:
            lines.append(_where(line.file, texts))
        words = marked(line.words)
        if line.take is not None:
            who = escape(shorten(line.take.member.name, 80))
            words = f"**{who}**: {words}"
        lines.append(f"> {words}")
    if len(found) > TAKES:
        lines.append(f"-# {texts('search.takes', count=len(found) - TAKES)}")
    return "\n".join(lines)


def _where(file: SearchedFile, texts: Texts) -> str:
    return f"-# {texts('search.document', path=escape(shorten(file.path, TITLE)))}"


def marked(snippet: Snippet) -> str:
    """A snippet as Markdown, what was asked for in bold."""
    return "".join(
        f"**{escape(part.text)}**" if part.asked else escape(part.text) for part in snippet
    )


@paginator.source("related")
async def _related(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    related = await interaction.client.services.search.related(place(interaction), argument)
    blocks = related_blocks(related, texts)
    heading = f"## {cards.link(related.entry.paper, TITLE)}"
    return PagedAnswer(heading, blocks or [texts("related.none")], ruled=True)


def related_blocks(related: Related, texts: Texts) -> list[str]:
    """A block for each sort of neighbours that there are."""
    leads = _links(entry.paper for entry in related.leads_to)
    leads += each(
        RecordKind.LINK,
        related.unlisted,
        _unlisted,
        name=lambda one: related.entry.id,
        plainly=lambda one: f"- {plain_link(one.url)}",
    )
    sorts = (
        ("related.mentioned_in", _entries(related.mentioned_in)),
        ("related.leads_to", leads),
        ("related.series", _entries(related.series)),
        ("related.tagged", _entries(related.tagged)),
        ("related.alike", _entries(related.alike)),
    )
    return _blocks(sorts, texts)


def blocks_around(around: Around, texts: Texts) -> list[str]:
    """What stands below a paper and its takes: who speaks of it, and the rest of its series."""
    sorts = (
        ("related.mentioned_in", _entries(around.mentioned_in)),
        ("related.series", _entries(around.series)),
    )
    return _blocks(sorts, texts)


def _blocks(sorts: Iterable[tuple[str, list[str]]], texts: Texts) -> list[str]:
    return [f"**{texts(key)}**\n" + "\n".join(lines) for key, lines in sorts if lines]


def _entries(entries: Sequence[Entry]) -> list[str]:
    return _links(entry.paper for entry in entries)


def _links(papers: Iterable[Paper]) -> list[str]:
    return each(
        RecordKind.LINK,
        papers,
        lambda paper: f"- {cards.link(paper, TITLE)}",
        name=lambda paper: paper.id,
        plainly=lambda paper: f"- {plain_line(paper.title, TITLE)}",
    )


def _unlisted(one: Unlisted) -> str:
    if one.paper is not None:
        return f"- {cards.link(one.paper, TITLE)}"
    return f"- {masked_link(one.url, one.url)}"
