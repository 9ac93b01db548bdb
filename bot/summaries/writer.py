"""Has a model write the summaries that are wanted, one after the other, at a bounded cost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.model.channel import Channel
from bot.model.paper import Paper
from bot.model.summary import SummaryKey, WrittenSummary
from bot.papers.channels import Clock
from bot.store import Store
from bot.summaries import checked, prompts
from bot.summaries.endpoint import Endpoint, ModelRefused, ModelUnavailable
from bot.summaries.service import SummaryChanged, is_writable, spend

log = structlog.get_logger()

TRIES: Final = 3
"""Answers that may be of no use before a summary is given up."""
FIRST_PAUSE: Final = timedelta(seconds=30)
"""How long the endpoint is left alone after a failure, doubled with each in a row."""
LONGEST_PAUSE: Final = timedelta(hours=1)
LONGEST_ASKED: Final = timedelta(days=1)
"""The longest that an endpoint may ask to be left alone."""
AHEAD: Final = 100
"""Papers of one channel's next digest that are summed up before it."""


class SummaryWriter:
    """The queue is in the database; what is kept here is only how the endpoint does."""

    def __init__(
        self, store: Store, endpoint: Endpoint, clock: Clock, changed: SummaryChanged
    ) -> None:
        self.store = store
        self.endpoint = endpoint
        self.config = endpoint.config
        self.clock = clock
        self.changed = changed
        self._prompt = prompts.summary_prompt(self.config.prompt)
        self._failures = 0
        self._held_until: datetime | None = None
        self._turn = asyncio.Lock()

    async def run_once(self) -> bool:
        """Write one summary, or fail; False where there is nothing to be done for now."""
        async with self._turn:
            return await self._run_once(self.clock())

    async def _run_once(self, now: datetime) -> bool:
        if not self.config.on or (self._held_until is not None and now < self._held_until):
            return False
        async with self.store.read() as tx:
            wanted = await tx.summaries.next_wanted(now)
        if wanted is None:
            return False
        key, attempts, paper = wanted
        if SummaryKey.of(paper, key.language) != key or not is_writable(paper):
            await self._give_up(key)  # a newer version came: that one is asked for when it is shown
            return True
        if not await spend(self.store, self.config.per_day, self.clock):
            return False
        try:
            text = await self._written(paper, key.language)
        except ModelUnavailable as error:
            await self._put_off(key, attempts, error)
            return False
        except (ModelRefused, checked.Unfit) as error:
            log.info("summary.unfit", paper=paper.reference, attempt=attempts + 1, why=str(error))
            await self._failed(key, attempts + 1)
        else:
            await self._keep(WrittenSummary(key, text, self.config.model))
        self._failures, self._held_until = 0, None
        return True

    async def look_ahead(self) -> None:
        """Want what the next digests will show, in channels whose digests show summaries."""
        if not self.config.on:
            return
        async with self.store.read() as tx:
            channels = [one for one in await tx.channels.every() if one.settings.abstract]
        for channel in channels:
            async with self.store.read() as tx:
                papers = await tx.summaries.waiting_for_digest(channel.id, AHEAD)
            await self._want(channel, papers)

    async def _want(self, channel: Channel, papers: Sequence[Paper]) -> None:
        able = [paper for paper in papers if is_writable(paper)]
        async with self.store.read() as tx:
            missing = await tx.summaries.unknown(channel.scope, able, channel.settings.language)
        if missing:
            async with self.store.begin() as tx:
                await tx.summaries.want(missing, self.clock())

    async def _written(self, paper: Paper, language: str) -> str:
        told = prompts.in_language(self._prompt, language)
        answer = await self.endpoint.ask(told, prompts.paper_data(paper))
        if not answer.whole:
            raise checked.Unfit("cut off at max_tokens")
        source = prompts.source_of(paper)
        return await asyncio.to_thread(checked.summary_of, answer.text, source, language)

    async def _keep(self, written: WrittenSummary) -> None:
        async with self.store.begin() as tx:
            if await tx.summaries.keep(written):
                await self.changed(tx, written.key.paper_id)

    async def _failed(self, key: SummaryKey, attempts: int) -> None:
        if attempts >= TRIES:
            await self._give_up(key)
            return
        async with self.store.begin() as tx:
            await tx.summaries.put_off(key, self.clock() + FIRST_PAUSE * 2**attempts, attempts)

    async def _give_up(self, key: SummaryKey) -> None:
        async with self.store.begin() as tx:
            await tx.summaries.give_up(key)

    async def _put_off(self, key: SummaryKey, attempts: int, error: ModelUnavailable) -> None:
        """The endpoint is left alone. This paper waits as long: it may be what it fails at, and
        others go first then."""
        pause = min(FIRST_PAUSE * 2 ** min(self._failures, 20), LONGEST_PAUSE)
        if error.retry_after is not None:
            pause = min(timedelta(seconds=error.retry_after), LONGEST_ASKED)
        log.warning("model.silent", error=str(error), seconds=pause.total_seconds())
        self._failures += 1
        self._held_until = self.clock() + pause
        async with self.store.begin() as tx:
            await tx.summaries.put_off(key, self._held_until + FIRST_PAUSE, attempts)
