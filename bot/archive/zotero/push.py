"""`papertakes zotero push`: a group's collection brought in step with a channel's archive."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.archive.contents import contents
from bot.archive.zotero.client import ZoteroChanged, ZoteroClient, ZoteroTrouble
from bot.archive.zotero.items import ZoteroItem, items_of
from bot.archive.zotero.plan import ZoteroPlan, plan
from bot.config import ZoteroConfig
from bot.papers.channels import channel_named
from bot.store import Store

_ROUNDS: Final = 5
"""Times that the library is read anew because somebody changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did, or would do."""

    collection: str
    papers: int
    """On the channel's list."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    taken_out: int = 0
    left_in_trash: int = 0
    notes_added: int = 0
    notes_changed: int = 0
    notes_deleted: int = 0

    def as_data(self) -> Mapping[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        lines = [
            f"{self.collection}: {self.papers} papers: {self.added} added, {self.changed} changed, "
            f"{self.unchanged} unchanged, {self.taken_out} taken out",
            f"takes as notes: {self.notes_added} added, {self.notes_changed} changed, "
            f"{self.notes_deleted} deleted",
        ]
        if self.left_in_trash:
            lines.append(f"{self.left_in_trash} papers lie in Zotero's trash and stay there")
        return "\n".join(lines)


async def push(
    store: Store,
    settings: ZoteroConfig,
    channel: str,
    *,
    collection: str | None = None,
    dry_run: bool = False,
) -> PushReport:
    """Bring the collection in step with a channel; twice changes nothing.

    `collection`: its name, left out: the setting's, else the channel's. Raises ZoteroTrouble,
    NoChannel.
    """
    key = settings.key.get_secret_value()
    if not key:
        raise ZoteroTrouble("zotero.key is missing: https://www.zotero.org/settings/keys")
    if settings.group is None:
        raise ZoteroTrouble("zotero.group is missing: the number in the group's address")
    async with store.read() as tx:
        found = await channel_named(tx, channel)
        archive = await contents(tx, found)
    wanted = items_of(archive, settings.group)
    name = collection or settings.collection or found.name
    client = ZoteroClient(settings.api_base, key, settings.group)
    return await asyncio.to_thread(_push, client, wanted, name, dry_run)


def _push(
    client: ZoteroClient, wanted: Sequence[ZoteroItem], name: str, dry_run: bool
) -> PushReport:
    for _ in range(_ROUNDS):
        try:
            collection = client.collection(name, make=not dry_run)
            todo = plan(wanted, client.read(collection), collection)
            if not dry_run:
                client.write(todo.items)
                client.write(todo.notes)
                client.delete(todo.obsolete)
            return _report(name, len(wanted), todo)
        except ZoteroChanged:
            continue
    raise ZoteroTrouble("the library is being changed all the time: try again later")


def _report(name: str, papers: int, todo: ZoteroPlan) -> PushReport:
    added = sum(one["version"] == 0 for one in todo.items)
    notes = sum(one["version"] == 0 for one in todo.notes)
    return PushReport(
        collection=name,
        papers=papers,
        added=added,
        changed=len(todo.items) - added - todo.taken_out,
        unchanged=todo.unchanged,
        taken_out=todo.taken_out,
        left_in_trash=todo.left_in_trash,
        notes_added=notes,
        notes_changed=len(todo.notes) - notes,
        notes_deleted=len(todo.obsolete),
    )
