"""A member's own data in one guild: all of it out, all of it gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.model.people import Member, Place
from bot.papers.channels import Clock
from bot.papers.complete import redraw_cards
from bot.store import Store
from bot.takes.service import Changed

NOBODY = "—"
"""The name that stands for a member who is forgotten."""


class PrivacyService:
    """What is kept of a member. Papers that they put on a list are the club's, and stay."""

    def __init__(self, store: Store, clock: Clock, changed: Changed) -> None:
        self.store = store
        self.clock = clock
        self.changed = changed

    async def export(self, place: Place, member: Member) -> str:
        """All that is kept of a member in this guild, as JSON."""
        assert member.id is not None
        async with self.store.read() as tx:
            kept = await tx.personal.of_member(place.scope, member.id)
        data: Mapping[str, Any] = {
            "guild": str(place.guild_id),
            "member": {"id": str(member.id), "name": member.name},
            "exported_at": self.clock().isoformat(),
            **kept,
        }
        return json.dumps(data, ensure_ascii=False, indent=2, default=str)

    async def erase(self, place: Place, member: Member) -> int:
        """Forget a member in this guild; returns how many takes were deleted.

        Their takes are deleted, in posted digests and in the channel too; the papers that they
        added and the queries that they subscribed to stay, without their name.
        """
        assert member.id is not None
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            if done is not None:
                return int(done["count"])
            takes = await tx.takes.of_writer(place.scope, member.id)
            for take in takes:
                await tx.takes.delete(take.id)
                await self.changed(tx, take)
            cards = await tx.personal.cards(place.scope, member.id)
            await tx.personal.forget(place.scope, member.id, NOBODY)
            await redraw_cards(tx, cards)
            await tx.acts.note(member.act, count=len(takes))
        async with self.store.begin() as tx:
            await tx.personal.purge()
        return len(takes)
