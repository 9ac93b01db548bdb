"""An archive that a member hands over in chat, into the list of the channel where they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.archive.importing.job import ImportOutcome, ImportRequest
from bot.archive.importing.queue import ImportQueue
from bot.errors import AttachmentTooLong, ImportFailed, ManagersOnly, NotImportable
from bot.model.people import Member, Place
from bot.papers.channels import PaperChannels

ATTACHMENT_LIMIT = 10 * 2**20
"""Bytes of a file; Discord takes as much from anybody."""


class ImportService:
    """Taking files in."""

    def __init__(self, queue: ImportQueue, channels: PaperChannels) -> None:
        self.queue = queue
        self.channels = channels

    async def take_in(
        self,
        place: Place,
        member: Member,
        name: str,
        size: int,
        read: Callable[[], Awaitable[bytes]],
        waits: Callable[[int], Awaitable[None]],
    ) -> ImportOutcome:
        """Import the file of that name (Markdown, ZIP or JSON Lines) and size, read by `read`.

        Nothing is read from whoever may not do this. `waits` is told how many others come before
        it, if there are any. Raises ManagersOnly, AttachmentTooLong, ImportsFull, ImportGoesOn,
        NotImportable, ImportFailed.
        """
        if not member.manages:
            raise ManagersOnly
        if size > ATTACHMENT_LIMIT:
            raise AttachmentTooLong(size=megabytes(size), limit=megabytes(ATTACHMENT_LIMIT))
        data = await read()
        if len(data) > ATTACHMENT_LIMIT:
            raise AttachmentTooLong(size=megabytes(len(data)), limit=megabytes(ATTACHMENT_LIMIT))
        settings = self.channels.defaults.channel(place.locale)
        number, before = await self.queue.add(ImportRequest(name, place, member, settings), data)
        if before:
            await waits(before)
        outcome = await self.queue.outcome(number)
        if outcome.failed is not None:
            raise ImportFailed(typed=name[:100], id=outcome.failed)
        if outcome.refused is not None:
            raise NotImportable(typed=name[:100], reason=outcome.refused)
        return outcome


def megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}"
