"""What was found in a channel's past, onto its list: each message once, however often it comes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.archive.importing.channel import ARCHIVE, shelf
from bot.archive.importing.destination import Destination
from bot.archive.importing.job import ImportOutcome
from bot.archive.importing.transactions import ImportTransactions
from bot.model.channel import Channel
from bot.model.history import FoundMessage, LinkedPaper, found_message
from bot.model.paper import PaperData
from bot.model.people import Member
from bot.store import Transaction
from bot.store.queries.bulk import BulkRepository, NewEntry, NewPaper, NewTake
from bot.store.queries.papers import ARXIV_SCOPE

_AT_ONCE: Final = 100
"""Messages that are taken in together."""


@dataclass(frozen=True, slots=True)
class PastWork:
    """What is to be taken in. `replies`: as takes, too; `vouched`: Discord itself told who wrote
    it, and not a file that anybody may have made."""

    messages: Sequence[FoundMessage]
    replies: bool
    vouched: bool

    def as_bytes(self) -> bytes:
        messages = [one.as_data() for one in self.messages]
        whole = {"messages": messages, "replies": self.replies, "vouched": self.vouched}
        return json.dumps(whole).encode()


def past_work(data: bytes) -> PastWork:
    """What `as_bytes` gave."""
    whole = json.loads(data)
    messages = [found_message(one) for one in whole["messages"]]
    return PastWork(messages, whole["replies"], whole["vouched"])


async def take_history(
    pieces: ImportTransactions, into: Destination, work: PastWork, importer: Member | None
) -> ImportOutcome:
    """Take messages in, in pieces; what an earlier try has taken in is passed over.

    `importer`: whose own messages are theirs; None for the host.
    """
    papers = takes = 0
    for at in range(0, len(work.messages), _AT_ONCE):
        async with pieces.piece() as tx:
            channel = await into.ensure(tx)
            channel = await tx.channels.lock(channel.id) or channel
            part = _Part(tx, channel, work, importer)
            messages = work.messages[at : at + _AT_ONCE]
            papers += await part.list_papers(messages)
            if work.replies:
                takes += await part.keep_replies(messages)
    return ImportOutcome(entries=papers, takes=takes, imported=papers + takes)


@dataclass(slots=True)
class _Part:
    """Some messages within one transaction."""

    tx: Transaction
    channel: Channel
    work: PastWork
    importer: Member | None
    bulk: BulkRepository = field(init=False)
    _writers: dict[tuple[int | None, str], int] = field(default_factory=dict)
    _accounts: set[str] | None = None

    def __post_init__(self) -> None:
        self.bulk = BulkRepository(self.tx.session)

    async def list_papers(self, messages: Sequence[FoundMessage]) -> int:
        """Put the papers on the list that are not there; how many those were."""
        new = await self._untaken([one for one in messages if one.papers], reply=False)
        named = [(one, paper) for one in new for paper in one.papers]
        numbers, _ = await self.bulk.papers([self._paper(paper) for _, paper in named])
        entries = [
            NewEntry(
                numbers[self._key(paper)],
                await self._writer(one),
                one.at,
                await self._holder(one.at),
                self._paper(paper).words,
            )
            for one, paper in named
        ]
        _, listed = await self.bulk.entries(self.channel.id, entries)
        await self.tx.histories.note(self.channel.id, [one.id for one in new], reply=False)
        return listed

    async def keep_replies(self, messages: Sequence[FoundMessage]) -> int:
        """Make takes of answers to papers that are on the list; how many."""
        new = await self._untaken([one for one in messages if one.take_on], reply=True)
        about = [(one, paper) for one in new if (paper := one.take_on) is not None]
        known = await self.bulk.known_papers([self._key(paper) for _, paper in about])
        listed = await self.tx.entries.of_papers(self.channel.id, list(known.values()))
        entries = {entry.paper.id: entry.id for entry in listed}
        takes = [
            NewTake(
                entries[known[self._key(paper)]],
                await self._writer(one),
                one.text,
                one.at,
                await self._holder(one.at),
            )
            for one, paper in about
            if known.get(self._key(paper)) in entries
        ]
        # What was taken in here may have come back with an export that was imported since.
        there = {
            (take.entry_id, take.created_at, take.text)
            for take in await self.tx.takes.of_entries([take.entry_id for take in takes])
        }
        takes = [one for one in takes if (one.entry_id, one.created_at, one.text) not in there]
        await self.bulk.takes(takes)
        await self.tx.histories.note(self.channel.id, [one.id for one in new], reply=True)
        return len(takes)

    async def _untaken(
        self, messages: Sequence[FoundMessage], *, reply: bool
    ) -> Sequence[FoundMessage]:
        taken = await self.tx.histories.taken_among(
            self.channel.id, [one.id for one in messages], reply=reply
        )
        return [one for one in messages if one.id not in taken]

    async def _writer(self, message: FoundMessage) -> int:
        """The number of who wrote it: the importing member themselves, else the archive's name of
        the writer. A file gives nobody a name that a member here goes by."""
        writer = Member(None, message.by)
        if self.importer is not None and message.by_id == self.importer.id:
            writer = self.importer
        elif self.importer is not None and not self.work.vouched:
            if self._accounts is None:
                self._accounts = await self.tx.members.account_names(self.channel.scope)
            if message.by.casefold() in self._accounts:
                writer = Member(None, ARCHIVE)
        key = (writer.id, writer.name)
        if key not in self._writers:
            self._writers[key] = await self.tx.members.ensure(self.channel.scope, writer)
        return self._writers[key]

    async def _holder(self, at: datetime) -> int | None:
        """What is older than the running period comes in no digest; what is not, in the next."""
        if at >= self.channel.period_start:
            return None
        return await shelf(self.tx, self.channel, at)

    def _key(self, paper: LinkedPaper) -> tuple[int, str]:
        scope = self.channel.scope if paper.arxiv_id is None else ARXIV_SCOPE
        return scope, paper.url

    def _paper(self, paper: LinkedPaper) -> NewPaper:
        return NewPaper(*self._key(paper), PaperData(paper.arxiv_id, paper.title))
