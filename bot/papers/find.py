"""Which paper of a channel's list is meant: by a reference, a choice, or words of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.errors import NotListed, NotListedNear, SeveralPapers
from bot.isolation import RecordKind, each
from bot.model.channel import Channel
from bot.model.numbers import parse_id
from bot.model.paper import Paper, PaperData, year_of
from bot.model.reference import ArxivReference, PageReference, TitleReference, parse_references
from bot.model.take import Entry
from bot.papers.known_names import KnownName, almost, covers, named, words_of
from bot.store import Transaction
from bot.text.graphemes import shorten
from bot.text.markdown import escape, strip_controls
from bot.text.names import coined, initials
from bot.text.tex import readable

CHOICE = "paper:"
"""What a choice of the autocompletion starts with where the reference is too long for one."""
LOOKED_AT = 5_000
"""Papers of a list, the newest, that are gone through for words."""
_MOST = 25
"""Papers that are asked about: what a menu holds."""
_WHOLE_TITLE = 4
"""Words that may be the whole title of a paper that is not on the list."""
_AUTHORS = 100
"""Authors of a paper by which it is named."""
_LONGEST_TYPED = 300


async def find_entry(
    tx: Transaction, channel: Channel, typed: str, *, unlisted_too: bool = False
) -> Entry | None:
    """The entry of a channel that a reference, words or a choice name.

    Words are those of its title, its authors' names, its year, also with a letter wrong. Where
    they fit several, SeveralPapers is raised; with `unlisted_too` also where they fit one but may
    be the title of a paper that is not on the list.
    """
    typed = strip_controls(typed)
    if typed.startswith(CHOICE):
        number = parse_id(typed.removeprefix(CHOICE))
        return await tx.entries.get(channel.id, number) if number else None
    references = parse_references(typed).references
    if len(references) > 1:
        return None
    if references and not isinstance(references[0], TitleReference):
        return await referred(tx, channel, typed)
    return await _by_words(tx, channel, typed.strip()[:_LONGEST_TYPED], unlisted_too)


async def referred(tx: Transaction, channel: Channel, typed: str) -> Entry | None:
    """The entry that an arXiv id or an address names."""
    paper: Paper | None = None
    for reference in parse_references(typed).references[:1]:
        if isinstance(reference, ArxivReference):
            paper = (await tx.papers.by_arxiv_ids([str(reference.id)])).get(str(reference.id))
        elif isinstance(reference, PageReference):
            paper = await tx.papers.by_url(channel.scope, reference.url)
    return await tx.entries.of_paper(channel.id, paper.id) if paper else None


async def listed_entry(tx: Transaction, channel: Channel | None, typed: str) -> Entry:
    """The same where it must be on the list. Raises SeveralPapers, NotListed, NotListedNear."""
    entry = await find_entry(tx, channel, typed) if channel else None
    if entry is not None:
        return entry
    said = " ".join(typed.split())[:100]
    if channel is not None and not typed.startswith(CHOICE):
        names = await names_of(tx, channel)
        numbers = await asyncio.to_thread(almost, typed[:_LONGEST_TYPED], names)
        near = sorted(await tx.entries.by_ids(numbers), key=lambda one: numbers.index(one.id))
        if near:
            lines = [f"- {escape(shorten(one.paper.shown_title, 90))}" for one in near]
            raise NotListedNear(typed=said, candidates="\n".join(lines))
    raise NotListed(typed=said)


async def names_of(tx: Transaction, channel: Channel, limit: int = LOOKED_AT) -> list[KnownName]:
    """By what each paper of a list is called, the newest first."""
    found = await tx.entries.names(channel.id, limit)
    # Reading thousands of titles takes a moment, in which others are to be answered.
    return await asyncio.to_thread(_all_names, found)


def _all_names(found: Sequence[tuple[int, PaperData, Sequence[str]]]) -> list[KnownName]:
    return each(
        RecordKind.PAPER,
        found,
        lambda one: name_of(*one),
        name=lambda one: f"entry {one[0]}",
    )


def name_of(number: int, paper: PaperData, names: Sequence[str] = ()) -> KnownName:
    """By what a paper is called: title, other names, authors, the year in which it appeared."""
    title = readable(paper.title) if paper.arxiv_id else paper.title
    called = (*names, *coined(title, ""), *initials(title))
    words = " ".join((*called, *paper.authors[:_AUTHORS], year_of(paper)))
    return KnownName(number, title, words, called)


async def _by_words(
    tx: Transaction, channel: Channel, typed: str, unlisted_too: bool
) -> Entry | None:
    if not words_of(typed):
        return None
    names = await names_of(tx, channel)
    numbers: Sequence[int] = await asyncio.to_thread(named, typed, names, typos=False)
    if not numbers:
        numbers = [one.id for one in await tx.entries.matching(channel.id, typed, limit=_MOST)]
    if not numbers:
        numbers = await asyncio.to_thread(named, typed, names)
    if not numbers:
        return None
    found = await tx.entries.by_ids(numbers[:_MOST])
    entries = sorted(found, key=lambda one: numbers.index(one.id))
    if len(numbers) == 1 and entries:
        title = entries[0].paper.shown_title
        long = len(words_of(typed)) >= _WHOLE_TITLE
        if not (unlisted_too and long and not covers(typed, title)):
            return entries[0]
    raise SeveralPapers(typed=typed[:100], count=len(numbers), entries=tuple(entries))
