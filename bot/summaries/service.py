"""What people do with written summaries: see them, throw one away, ask a model about a paper."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

import structlog

from bot.errors import (
    BlankQuestion,
    ManagersOnly,
    ModelAnswerUseless,
    ModelNotSet,
    ModelSilent,
    ModelSpent,
    NoAbstract,
    PaperGone,
)
from bot.model.channel import Channel
from bot.model.paper import Paper
from bot.model.people import Member, Place
from bot.model.summary import SummaryKey, WrittenSummary
from bot.model.take import Entry, Take
from bot.papers.channels import Clock, channel_of
from bot.store import Store, Transaction
from bot.summaries import checked, prompts
from bot.summaries.endpoint import Endpoint, ModelRefused, ModelUnavailable
from bot.text.markdown import is_blank

log = structlog.get_logger()

SummaryChanged = Callable[[Transaction, int], Awaitable[None]]
"""Called, in the same transaction, with the paper that is to be shown with another summary."""


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """A paper's summary as a channel sees it.

    `written`: by the model, if it has. `coming`: it has been asked for.
    """

    channel: Channel
    written: WrittenSummary | None
    coming: bool


class SummaryService:
    """Written summaries. Without a model none is asked for; what it wrote earlier stays."""

    def __init__(
        self,
        store: Store,
        endpoint: Endpoint,
        clock: Clock,
        changed: SummaryChanged,
        wanted: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.endpoint = endpoint
        self.config = endpoint.config
        self.clock = clock
        self.changed = changed
        self.wanted = wanted
        self._explain_prompt = prompts.explain_prompt()

    async def of(self, channel: Channel, papers: Sequence[Paper]) -> Mapping[int, WrittenSummary]:
        """What a model wrote of these papers for a channel, by the paper's number. What it has not
        written yet is asked for."""
        language = channel.settings.language
        async with self.store.read() as tx:
            found = await tx.summaries.of(channel.scope, papers, language)
            if not self.config.on:
                return found
            able = [paper for paper in papers if is_writable(paper)]
            missing = await tx.summaries.unknown(channel.scope, able, language)
        if missing:
            async with self.store.begin() as tx:
                await tx.summaries.want(missing, self.clock())
            self.wanted()
        return found

    async def shown(self, place: Place, paper: Paper) -> ShownSummary:
        """The summary of a paper in a channel. Raises NoPapersHere."""
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
        written = (await self.of(channel, [paper])).get(paper.id)
        coming = False
        if written is None and self.config.on:
            key = SummaryKey.of(paper, channel.settings.language)
            async with self.store.read() as tx:
                coming = await tx.summaries.is_wanted(channel.scope, key)
        return ShownSummary(channel, written, coming)

    async def discard(self, place: Place, key: SummaryKey, member: Member) -> Paper:
        """Show this server a written summary no more; gives its paper.

        Raises ManagersOnly, PaperGone.
        """
        if not member.manages:
            raise ManagersOnly
        async with self.store.begin() as tx:
            channel = await channel_of(tx, place)
            known = await tx.papers.of_channel(channel.id, [key.paper_id])
            if key.paper_id not in known:
                raise PaperGone
            await tx.summaries.discard(channel.scope, key)
            await self.changed(tx, key.paper_id)
            return known[key.paper_id]

    def check_set(self) -> None:
        """Raises ModelNotSet where there is no model to ask."""
        if not self.config.on:
            raise ModelNotSet

    async def close(self) -> None:
        """Close the connections to the model."""
        await self.endpoint.close()

    async def explain(self, entry: Entry, question: str, language: str) -> str:
        """A model's answer to one question about a paper, from its abstract and the channel's
        takes: plain text.

        Raises ModelNotSet, BlankQuestion, NoAbstract, ModelSpent, ModelSilent, ModelAnswerUseless.
        """
        self.check_set()
        if is_blank(question):
            raise BlankQuestion
        async with self.store.read() as tx:
            takes = await tx.takes.of_entries([entry.id])
        if not entry.paper.data.abstract and not takes:
            raise NoAbstract
        if not await spend(self.store, self.config.per_day, self.clock):
            raise ModelSpent(limit=self.config.per_day)
        return await self._answer(question, entry.paper, takes, language)

    async def _answer(
        self, question: str, paper: Paper, takes: Sequence[Take], language: str
    ) -> str:
        data = prompts.question_data(question, paper, takes)
        told = prompts.in_language(self._explain_prompt, language)
        try:
            answer = await self.endpoint.ask(told, data)
        except ModelUnavailable as error:
            log.warning("model.silent", error=str(error))
            raise ModelSilent from None
        except ModelRefused as error:
            log.warning("model.refused", error=str(error))
            raise ModelAnswerUseless from None
        source = "\n".join([question, prompts.source_of(paper), *(take.text for take in takes)])
        text = await asyncio.to_thread(checked.answer_of, answer.text, source)
        if not text:
            raise ModelAnswerUseless
        return text if answer.whole else f"{text}…"


def is_writable(paper: Paper) -> bool:
    """Whether there is something to summarise."""
    return not is_blank(paper.data.abstract) and not paper.data.withdrawn


async def spend(store: Store, per_day: int, clock: Clock) -> bool:
    """Count a request, before it is made: whatever comes of it, it may have to be paid for."""
    async with store.begin() as tx:
        return await tx.summaries.spend(clock().astimezone(UTC).date(), per_day)
