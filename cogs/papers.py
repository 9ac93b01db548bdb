"""`/paper`: the papers on a channel's list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from discord import app_commands

from bot.archive.formats.cite import CiteFormat
from bot.chat import autocomplete, paginator
from bot.chat.ask_which import settled
from bot.chat.context import member, place, posting_place, spoken
from bot.chat.errors import refusals, remark, stored, ways_on
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.modals import Form, FormField, form
from bot.chat.paginator import PagedAnswer
from bot.chat.responses import is_waiting, outcome, privately, publicly
from bot.chat.router import on_press
from bot.chat.translate import said
from bot.chat.views import cards, cite, summaries
from bot.chat.views.buttons import add_take, more
from bot.chat.views.buttons import title as title_of
from bot.chat.views.found_papers import blocks_around
from bot.chat.views.moments import coming_line
from bot.errors import ButtonGone, TitleBad, TitleNeeded
from bot.isolation import RecordKind, each
from bot.locale import speak
from bot.model.numbers import parse_id
from bot.model.take import Entry
from bot.papers.find import CHOICE
from bot.papers.resolve import TITLE_LIMIT
from bot.papers.service import Added
from bot.services import Services
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from bot.text.plain import plain_line

_FORMATS = [app_commands.Choice(name=one.shown, value=one.value) for one in CiteFormat]


class PaperCommands(CommandGroup, name="papers"):
    """Adding, showing, removing and listing papers."""

    paper = app_commands.Group(name="paper", description=said("command.paper"))

    @paper.command(name="add", description=said("command.paper.add"))
    @app_commands.autocomplete(reference=autocomplete.all_papers)
    async def add(self, interaction: Interaction, reference: str, title: str | None = None) -> None:
        await add(interaction, reference, title)

    @paper.command(name="show", description=said("command.paper.show"))
    @app_commands.autocomplete(paper=autocomplete.papers)
    async def show(self, interaction: Interaction, paper: str) -> None:
        await settled(interaction, paper, self._show)

    async def _show(self, interaction: Interaction, paper: str) -> None:
        work = self.services.papers.listed(place(interaction), paper)
        entry = await outcome(interaction, work)
        await paginator.show(interaction, "entry", str(entry.id))

    @paper.command(name="summary", description=said("command.paper.summary"))
    @app_commands.autocomplete(paper=autocomplete.papers)
    async def summary(self, interaction: Interaction, paper: str) -> None:
        await settled(interaction, paper, self._summary)

    async def _summary(self, interaction: Interaction, paper: str) -> None:
        work = self.services.papers.listed(place(interaction), paper)
        entry = await outcome(interaction, work)
        await summaries.answer(interaction, entry.paper)

    @paper.command(name="explain", description=said("command.paper.explain"))
    @app_commands.autocomplete(paper=autocomplete.papers)
    async def explain(
        self, interaction: Interaction, paper: str, question: app_commands.Range[str, 1, 1000]
    ) -> None:
        self.services.summaries.check_set()
        await settled(interaction, paper, partial(self._explain, question))

    async def _explain(self, question: str, interaction: Interaction, paper: str) -> None:
        work = self.services.papers.listed(place(interaction), paper)
        entry = await outcome(interaction, work)
        await summaries.explain(interaction, entry, question)

    @paper.command(name="remove", description=said("command.paper.remove"))
    @app_commands.autocomplete(paper=autocomplete.papers)
    async def remove(self, interaction: Interaction, paper: str) -> None:
        await settled(interaction, paper, self._remove)

    async def _remove(self, interaction: Interaction, paper: str) -> None:
        work = self.services.papers.remove(place(interaction), paper, member(interaction))
        entry = await outcome(interaction, work)
        interaction.client.wake()
        title = escape(shorten(title_of(entry.paper), 200))
        await privately(interaction, spoken(interaction)("paper.removed", title=title))

    @paper.command(name="list", description=said("command.paper.list"))
    @app_commands.autocomplete(period=autocomplete.periods)
    async def list(self, interaction: Interaction, period: str | None = None) -> None:
        await paginator.show(interaction, "list", period or "")

    @paper.command(name="search", description=said("command.paper.search"))
    async def search(self, interaction: Interaction, query: str) -> None:
        await paginator.show(interaction, "search", " ".join(query.split()))

    @paper.command(name="related", description=said("command.paper.related"))
    @app_commands.autocomplete(paper=autocomplete.papers)
    async def related(self, interaction: Interaction, paper: str) -> None:
        await settled(interaction, paper, self._related)

    async def _related(self, interaction: Interaction, paper: str) -> None:
        work = self.services.papers.listed(place(interaction), paper)
        entry = await outcome(interaction, work)
        await paginator.show(interaction, "related", f"{CHOICE}{entry.id}")

    @paper.command(name="cite", description=said("command.paper.cite"))
    @app_commands.choices(format=_FORMATS)
    @app_commands.autocomplete(paper=autocomplete.papers, period=autocomplete.periods)
    async def cite(
        self,
        interaction: Interaction,
        paper: str | None = None,
        format: str = CiteFormat.BIBTEX.value,
        period: str | None = None,
    ) -> None:
        if paper is not None:
            await settled(interaction, paper, partial(self._cite, CiteFormat(format)))
            return
        work = self.services.digests.entries(place(interaction), period)
        await cite.answer(interaction, await outcome(interaction, work), CiteFormat(format))

    async def _cite(self, format: CiteFormat, interaction: Interaction, paper: str) -> None:
        work = self.services.papers.listed(place(interaction), paper)
        entry = await outcome(interaction, work)
        await cite.answer(interaction, [entry], format)


@on_press("entry:{entry}:related")
async def show_related(interaction: Interaction, entry: int) -> None:
    """*Related papers*."""
    shown = await interaction.client.services.papers.entry(place(interaction), entry)
    await paginator.show(interaction, "related", f"{CHOICE}{shown.entry.id}")


async def add(
    interaction: Interaction,
    reference: str,
    title: str | None = None,
    *,
    withdrawn_too: bool = False,
) -> None:
    """Put papers on the list and show their card; a page's title is asked for where it lacks."""
    where, services = posting_place(interaction), interaction.client.services
    work = services.papers.add(
        where, reference, member(interaction), title, withdrawn_too=withdrawn_too
    )
    try:
        added = await outcome(interaction, work)
    except (TitleNeeded, TitleBad) as problem:
        if interaction.response.is_done():
            raise
        if isinstance(problem, TitleBad) and title is not None:
            raise
        await title_form(interaction, reference).open(interaction)
        return
    await announce(interaction, services, added)


@on_press("withdrawn:{reference:text}")
async def add_withdrawn(interaction: Interaction, reference: str) -> None:
    """*List it all the same*, below the warning."""
    await add(interaction, reference, withdrawn_too=True)


@form("title")
def title_form(interaction: Interaction, reference: str) -> Form:
    """Asks for the title of a page that is not on arXiv."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        await add(submitted, reference, typed["title"])

    fields = (FormField("title", limit=TITLE_LIMIT),)
    return Form("title", reference, spoken(interaction)("form.page"), fields, then)


async def announce(interaction: Interaction, services: Services, added: Added) -> None:
    """Show the channel what was put on its list, and the person what could not be."""
    async with stored(interaction):
        texts = spoken(interaction)
        spoken_here = speak(added.channel.settings.language)
        view = cards.cards(added.entries, added.channel, spoken_here)
        plain = partial(cards.plain_cards, added.entries, spoken_here)
        refused = refusals(added.refused, texts)
        note = "\n".join(filter(None, (texts("paper.added", count=len(added.entries)), refused)))
        waited = is_waiting(interaction)
        message_id = await publicly(interaction, view, note, plain)
        if refused and not waited:
            await privately(interaction, refused, view=ways_on(added.refused, texts))
        if message_id is None or interaction.channel_id is None:
            return
        for entry in added.entries:
            await services.papers.card_posted(entry.id, interaction.channel_id, message_id)


@paginator.source("entry")
async def _entry(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    number = parse_id(argument)
    if number is None:
        raise ButtonGone
    shown = await interaction.client.services.papers.entry(place(interaction), number)
    blocks = [cards.describe(shown.entry, shown.channel, texts)]
    blocks += cards.take_blocks(shown.takes)
    if not shown.takes:
        blocks.append(texts("takes.none_yet"))
    around = await interaction.client.services.search.around(place(interaction), shown.entry.id)
    blocks += blocks_around(around, texts)
    own = [take for take in shown.takes if take.member.id == interaction.user.id]
    rows = ((add_take(shown.entry.id, texts),), (more(shown.entry, texts, own),))
    return PagedAnswer("", blocks, ruled=True, below=lambda _number, _blocks: rows)


@paginator.source("list")
async def _list(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    services = interaction.client.services
    listing = await services.digests.listing(place(interaction), argument or None)
    compiled = listing.compiled
    sections = (*compiled.sections, *compiled.left_out)
    entries = [(section.entry, len(section.takes)) for section in sections]
    entries += [(entry, 0) for entry in compiled.untaken]
    entries.sort(key=lambda item: (item[0].added_at, item[0].id))

    def block(listed: tuple[int, tuple[Entry, int]]) -> str:
        number, (entry, takes) = listed
        facts = texts(
            "list.entry",
            who=escape(entry.member.name),
            takes=texts("count.takes", count=takes),
        )
        return f"{number}\\. {cards.line(entry, texts)}\n-# {facts}"

    # Thousands, perhaps: others are answered meanwhile.
    blocks = await asyncio.to_thread(
        each,
        RecordKind.PAPER,
        enumerate(entries, start=1),
        block,
        name=lambda listed: listed[1][0].paper.reference,
        plainly=lambda listed: f"{listed[0]}\\. {plain_line(listed[1][0].paper.title)}",
    )
    counts = f"{texts('count.papers', count=len(entries))} · " + texts(
        "count.takes", count=sum(takes for _, takes in entries)
    )
    lines = [f"## {escape(compiled.title)}", f"-# {counts}"]
    if listing.coming is not None:
        lines.append(f"-# {coming_line(listing.coming, texts)}")
    lines += remark(listing.passed_over, texts)
    return PagedAnswer("\n".join(lines), blocks or [texts("list.empty")])
