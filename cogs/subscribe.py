"""`/subscribe`: queries over new papers."""

from __future__ import annotations

import discord
from discord import app_commands, ui

from bot.chat import autocomplete, paginator
from bot.chat.ask_which import settled
from bot.chat.context import member, place, posting_place, spoken
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.paginator import PagedAnswer
from bot.chat.questions import question_button
from bot.chat.responses import outcome, privately
from bot.chat.translate import said
from bot.chat.views import cards
from bot.chat.views.query_words import described, in_words, notes
from bot.chat.views.why import answer
from bot.isolation import RecordKind, each
from bot.locale import Texts
from bot.model.query.tree import Query
from bot.model.subscription import BROAD, HIGHEST_CAP, Delivery, Subscription
from bot.subscriptions.service import CHOICE, SubscriptionAnswer
from bot.subscriptions.status import SubscriptionListing
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from bot.text.plain import plain_line

QUERY = 300
"""Characters of a query that an answer quotes."""
CATEGORIES = 8
"""Categories that an answer names."""
OFFERED = 10
"""Papers a day that a query which brings too much is offered."""
Cap = app_commands.Range[int, 0, HIGHEST_CAP]

_DELIVERIES = [
    app_commands.Choice(name=said(f"choice.delivery.{one.value}"), value=one.value)
    for one in Delivery
]


class SubscribeCommands(CommandGroup, name="subscribe"):
    """Subscriptions: added, listed, edited, paused, tested, explained and removed."""

    subscribe = app_commands.Group(name="subscribe", description=said("command.subscribe"))

    @subscribe.command(name="add", description=said("command.subscribe.add"))
    @app_commands.choices(delivery=_DELIVERIES)
    @app_commands.autocomplete(query=autocomplete.queries, kinds=autocomplete.kinds)
    async def add(
        self,
        interaction: Interaction,
        query: str,
        kinds: str | None = None,
        delivery: str | None = None,
        cap: Cap | None = None,
    ) -> None:
        await Adding(query, kinds, delivery, cap).run(interaction)

    @subscribe.command(name="list", description=said("command.subscribe.list"))
    async def list(self, interaction: Interaction) -> None:
        await paginator.show(interaction, "subscriptions")

    @subscribe.command(name="edit", description=said("command.subscribe.edit"))
    @app_commands.choices(delivery=_DELIVERIES)
    @app_commands.autocomplete(
        subscription=autocomplete.subscriptions,
        query=autocomplete.queries,
        kinds=autocomplete.kinds,
    )
    async def edit(
        self,
        interaction: Interaction,
        subscription: str,
        query: str | None = None,
        kinds: str | None = None,
        delivery: str | None = None,
        cap: Cap | None = None,
    ) -> None:
        work = self.services.subscriptions.edit(
            place(interaction),
            member(interaction),
            subscription,
            query=query,
            kinds=kinds,
            delivery=Delivery(delivery) if delivery else None,
            cap=cap,
        )
        answer = await outcome(interaction, work)
        await privately(interaction, added(answer, spoken(interaction), "subscribe.edited"))

    @subscribe.command(name="pause", description=said("command.subscribe.pause"))
    @app_commands.autocomplete(subscription=autocomplete.subscriptions)
    async def pause(self, interaction: Interaction, subscription: str) -> None:
        work = self.services.subscriptions.pause(
            place(interaction), member(interaction), subscription
        )
        one = await outcome(interaction, work)
        key = "subscribe.paused" if one.paused else "subscribe.resumed"
        await privately(interaction, spoken(interaction)(key, query=quoted(one.query)))

    @subscribe.command(name="test", description=said("command.subscribe.test"))
    @app_commands.autocomplete(subscription=autocomplete.subscriptions)
    async def test(self, interaction: Interaction, subscription: str) -> None:
        await paginator.show(interaction, "trial", subscription)

    @subscribe.command(name="why", description=said("command.subscribe.why"))
    @app_commands.autocomplete(paper=autocomplete.all_papers)
    async def why(self, interaction: Interaction, paper: str) -> None:
        await settled(interaction, paper, self._why)

    async def _why(self, interaction: Interaction, paper: str) -> None:
        await paginator.show(interaction, "why", paper)

    @subscribe.command(name="remove", description=said("command.subscribe.remove"))
    @app_commands.autocomplete(subscription=autocomplete.subscriptions)
    async def remove(self, interaction: Interaction, subscription: str) -> None:
        work = self.services.subscriptions.remove(
            place(interaction), member(interaction), subscription
        )
        one = await outcome(interaction, work)
        texts = spoken(interaction)
        await privately(interaction, texts("subscribe.removed", query=quoted(one.query)))


class Adding:
    """A subscription on its way: a query that brings too much is asked about first."""

    def __init__(
        self, query: str, kinds: str | None, delivery: str | None, cap: int | None
    ) -> None:
        self.query, self.kinds, self.cap = query, kinds, cap
        self.delivery = Delivery(delivery) if delivery else None

    async def run(self, interaction: Interaction, *, confirmed: bool = False) -> None:
        texts = spoken(interaction)
        work = interaction.client.services.subscriptions.add(
            posting_place(interaction),
            member(interaction),
            self.query,
            kinds=self.kinds,
            delivery=self.delivery,
            cap=self.cap or None,
            confirmed=confirmed,
        )
        answer = await outcome(interaction, work)
        if answer.subscription is None:
            await privately(interaction, much(answer, texts), view=self._ways_on(interaction))
        else:
            await privately(interaction, added(answer, texts, "subscribe.added"))

    def _ways_on(self, interaction: Interaction) -> ui.View:
        """*Subscribe anyway*, or with a cap."""
        texts, primary = spoken(interaction), discord.ButtonStyle.primary
        cap_label, anyway_label = texts("button.cap", count=OFFERED), texts("button.anyway")
        return (
            ui.View(timeout=None)
            .add_item(question_button(interaction, cap_label, self._capped, style=primary))
            .add_item(question_button(interaction, anyway_label, self._anyway))
        )

    async def _capped(self, interaction: Interaction) -> None:
        self.cap = OFFERED
        await self.run(interaction, confirmed=True)

    async def _anyway(self, interaction: Interaction) -> None:
        await self.run(interaction, confirmed=True)


def quoted(query: str) -> str:
    """A query as code, on one line."""
    return f"`{shorten(query.replace('`', chr(39)), QUERY)}`"


def much(answer: SubscriptionAnswer, texts: Texts) -> str:
    """What is asked about a query that brings too much."""
    said_query = quoted(answer.written)
    if answer.estimate.a_day > BROAD:
        return texts("subscribe.much", query=said_query, count=round(answer.estimate.a_day))
    return texts("subscribe.everything", query=said_query)


def added(answer: SubscriptionAnswer, texts: Texts, key: str) -> str:
    """How a query was understood, what it would have brought, and how papers arrive."""
    one = answer.subscription
    assert one is not None
    matched = estimated(answer, texts)
    if answer.estimate.papers:
        matched += f" {texts('subscribe.estimate.look')}"
    return "\n".join(
        [
            texts(key, query=quoted(answer.written)),
            *meant(answer.query, texts),
            matched,
            facts(one, texts),
        ]
    )


def meant(query: Query, texts: Texts) -> list[str]:
    """The query in words, and what somebody may not expect of it."""
    return [described(query, texts), *notes(query, texts)]


def estimated(answer: SubscriptionAnswer, texts: Texts) -> str:
    """What the newest announcements would have brought."""
    estimate = answer.estimate
    if not estimate.days:
        return texts("subscribe.estimate.none")
    if estimate.only:
        shown = ", ".join(estimate.only[:CATEGORIES])
        shown += "…" if len(estimate.only) > CATEGORIES else ""
        return texts("subscribe.estimate.partly", count=estimate.papers, categories=shown)
    if estimate.days == 1:
        return texts("subscribe.estimate.one", count=estimate.papers)
    return texts("subscribe.estimate", count=estimate.papers, days=estimate.days)


def facts(one: Subscription, texts: Texts) -> str:
    """What counts, how papers arrive, and how many."""
    parts = [
        ", ".join(texts(f"kind.{kind.value}") for kind in one.kinds),
        texts(f"delivery.{one.delivery.value}"),
    ]
    if one.cap is not None:
        parts.append(texts("subscribe.cap", count=one.cap))
    if one.paused:
        parts.append(texts("subscribe.is_paused"))
    return f"-# {' · '.join(parts)}"


def status(listing: SubscriptionListing, texts: Texts) -> str:
    """When the last announcement was taken in, and what of today's."""
    lines = []
    if listing.newest is not None and listing.newest.taken_at is not None:
        lines.append(
            texts(
                "subscribe.newest",
                day=texts.day(listing.newest.date),
                count=listing.newest.papers,
                when=texts.moment(listing.newest.taken_at),
            )
        )
    else:
        lines.append(texts("subscribe.newest.none"))
    lines.append(texts(f"subscribe.today.{listing.today.value}", day=texts.day(listing.day)))
    return "\n".join(f"-# {line}" for line in lines)


@paginator.source("subscriptions")
async def _subscriptions(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    listing = await interaction.client.services.subscriptions.listing(place(interaction))
    blocks = each(
        RecordKind.SUBSCRIPTION,
        enumerate(listing.subscriptions, start=1),
        lambda numbered: _subscription(*numbered, texts),
        name=lambda numbered: numbered[1].id,
        plainly=lambda numbered: f"{numbered[0]}\\. {plain_line(numbered[1].query, QUERY)}",
    )
    return PagedAnswer("", blocks or [texts("subscribe.none")], ending=status(listing, texts))


def _subscription(number: int, one: Subscription, texts: Texts) -> str:
    words = in_words(one.query, texts)
    return (
        f"{number}\\. {quoted(one.query)}\n{words}\n{facts(one, texts)} · {escape(one.member.name)}"
    )


@paginator.source("trial")
async def _trial(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    answer, papers = await interaction.client.services.subscriptions.test(
        place(interaction), argument
    )
    blocks = each(
        RecordKind.PAPER,
        papers,
        lambda paper: f"**{cards.link(paper, 200)}**\n-# {cards.facts_line(paper, texts)}",
        name=lambda paper: paper.reference,
        plainly=lambda paper: plain_line(paper.title),
    )
    words = "\n".join(meant(answer.query, texts))
    heading = f"{quoted(answer.written)}\n{words}\n{estimated(answer, texts)}"
    none = "subscribe.test.none" if answer.estimate.days else "subscribe.test.unknown"
    return PagedAnswer(heading, blocks or [texts(none)])


@paginator.source("why")
async def _why(interaction: Interaction, argument: str) -> PagedAnswer:
    found = await interaction.client.services.subscriptions.why(
        place(interaction), member(interaction), argument
    )
    return answer(found, spoken(interaction))


__all__ = ["CHOICE", "SubscribeCommands"]
