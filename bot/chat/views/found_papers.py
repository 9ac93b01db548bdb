"""What `/paper search` and `/paper related` show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from bot.chat import paginator
from bot.chat.context import place, spoken
from bot.chat.interaction import Interaction
from bot.chat.paginator import PagedAnswer
from bot.chat.views import cards
from bot.isolation import RecordKind, each
from bot.locale import Texts
from bot.model.paper import Paper
from bot.model.search import Hit, HitKind
from bot.model.take import Entry
from bot.papers.search import MOST, Around, Related, Unlisted
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
    groups = _by_paper(found.hits)
    key = "search.more" if found.more else "search.found"
    heading = f"## {texts(key, query=shown, count=len(groups))}"
    # Finding the words in a long file takes its time: others are answered meanwhile.
    blocks = await asyncio.to_thread(lambda: [block(group, texts) for group in groups])
    if len(argument) > CARRIED:
        blocks = paginator.pack(blocks)[0]
    return PagedAnswer(heading, blocks)


def _by_paper(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Hits on one paper together, where the best of them stands; the paper itself first."""
    groups: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        groups.setdefault(_about(hit), []).append(hit)
    return [sorted(group, key=lambda hit: hit.take is not None) for group in groups.values()]


def _about(hit: Hit) -> tuple[str, int]:
    if hit.document is not None:
        return "file", hit.document.id
    if hit.entry is not None:
        return "entry", hit.entry.id
    return "paper", hit.paper.id if hit.paper else 0


def block(group: Sequence[Hit], texts: Texts) -> str:
    """One paper, or file, and what of it was found."""
    pieces = each(
        RecordKind.HIT,
        group[:TAKES],
        lambda hit: hit_block(hit, texts),
        name=_named,
        plainly=_plain_block,
    )
    if len(group) > TAKES:
        pieces.append(f"-# {texts('search.takes', count=len(group) - TAKES)}")
    return "\n".join([_head(group[0]), *filter(None, pieces)])


def _named(hit: Hit) -> str:
    """What a hit is called in the log."""
    number = hit.take.id if hit.take else hit.document.id if hit.document else ""
    return f"{hit.kind.value} {number or (hit.paper.reference if hit.paper else '')}"


def _plain_block(hit: Hit) -> str:
    return f"> {plain_line(hit.take.text, TITLE)}" if hit.take else ""


def _head(hit: Hit) -> str:
    if hit.document is not None:
        return f"**{escape(shorten(hit.document.title or hit.document.path, TITLE))}**"
    return f"**{cards.link(hit.paper, TITLE)}**" if hit.paper else ""


def hit_block(hit: Hit, texts: Texts) -> str:
    """What was found of a paper, below its title: the words around what was asked for, and whose
    they are."""
    lines = []
    if hit.document is not None:
        path = escape(shorten(hit.document.path, TITLE))
        lines = [f"-# {texts('search.document', path=path)}"]
    if hit.kind is HitKind.ANNOUNCED:
        lines.append(f"-# {texts('search.announced')}")
    words = marked(hit.snippet)
    if hit.take is not None:
        who = escape(shorten(hit.take.member.name, 80))
        words = f"**{who}**: {words}"
    if words:
        lines.append(f"> {words}")
    return "\n".join(lines)


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
