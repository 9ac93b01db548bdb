"""An archive that a member hands over in chat, into the list of the channel where they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.archive.importer import Import
from bot.archive.into import Here
from bot.archive.report import Report
from bot.archive.sources import BadArchive
from bot.errors import AttachmentTooLong, ManagersOnly, NotImportable
from bot.model.people import Member, Place
from bot.papers.channels import Clock, PaperChannels
from bot.store import Store

ATTACHMENT_LIMIT = 10 * 2**20
"""Bytes of a file; Discord takes as much from anybody."""


class Imports:
    """Taking files in."""

    def __init__(self, store: Store, channels: PaperChannels, clock: Clock) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock

    async def take_in(
        self,
        place: Place,
        member: Member,
        name: str,
        size: int,
        read: Callable[[], Awaitable[bytes]],
    ) -> Report:
        """Import the file of that name (Markdown, ZIP or JSON Lines) and size, read by `read`.

        Nothing is read from whoever may not do this. Raises ManagersOnly, AttachmentTooLong,
        NotImportable.
        """
        if not member.manages:
            raise ManagersOnly
        if size > ATTACHMENT_LIMIT:
            raise AttachmentTooLong(size=_megabytes(size), limit=_megabytes(ATTACHMENT_LIMIT))
        data = await read()
        if len(data) > ATTACHMENT_LIMIT:
            raise AttachmentTooLong(size=_megabytes(len(data)), limit=_megabytes(ATTACHMENT_LIMIT))
        now = self.clock()
        into = Here(place, self.channels.defaults.channel(place.locale), now)
        try:
            return await Import(self.store, into, now, importer=member).data(name, data)
        except BadArchive as error:
            raise NotImportable(typed=name[:100], reason=str(error)) from None


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}"
