"""Whole rows back into a channel, many at a time; what is there already stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.channel import Channel
from bot.store.backup.row_export import TABLES
from bot.store.backup.row_json import Row
from bot.store.fulltext import index, pages
from bot.store.queries.insert import insert
from bot.store.queries.papers import ARXIV_SCOPE
from bot.store.queries.takes import TakeRepository
from bot.store.schema import DigestRow, MemberRow

_AT_ONCE: Final = 500
"""Values in one IN list."""
_SAME: Final[Mapping[str, tuple[str, ...]]] = {
    "digest": ("period_start",),
    "entry": ("paper_id",),
    "paper": ("url", "scope"),
    "document": ("path",),
    "take": ("entry_id", "member_id", "created_at", "text"),
}
"""By what a row of the channel is known to be there already; looked for by the first of them."""
_UNKNOWN: Final = {"title": "", "authors": [], "abstract": "", "categories": []}
"""What the catalogue says of a paper that came with a file: that is for arXiv to tell."""

Key = tuple[Hashable, ...]
Known = Mapping[Key, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row that can be put; `key` is what makes it the same as another."""

    key: Key
    values: Row


class Restoring:
    """Puts rows of one kind after the other into a channel."""

    def __init__(
        self, session: AsyncSession, channel: Channel, used: set[int] | None = None
    ) -> None:
        self.session = session
        self.channel = channel
        self._used = set() if used is None else used
        """Takes that a record was found to be: two may be the same in all but their number."""

    def prepared(self, kind: str, values: Row) -> Prepared:
        """The columns of a record, which are those of its kind in `rows.COLUMNS`, as a row of this
        channel; of a paper its address and id alone."""
        row = dict(values)
        if "channel_id" in TABLES[kind].__table__.c:
            row["channel_id"] = self.channel.id
        if kind == "member":
            row["scope"] = self.channel.scope
        if kind == "paper":
            arxiv_id = values["arxiv_id"]
            row = {
                "scope": self.channel.scope if arxiv_id is None else ARXIV_SCOPE,
                "url": values["url"],
                "arxiv_id": arxiv_id,
                "metadata_state": "complete" if arxiv_id is None else "pending",
                "withdrawn": False,
                "asked": 0,
                **_UNKNOWN,
            }
        return Prepared(_key(kind, row), row)

    async def put(self, kind: str, rows: Sequence[Prepared]) -> list[tuple[int, bool]]:
        """The number of each row, and whether this made it."""
        known = await self._known(kind, rows)
        if kind == "take":
            return await self._put_takes(rows, known)
        first = {row.key: row.values for row in rows if row.key not in known}
        made = first.keys()
        if made:
            # Another process may be first with a paper: then it is found afterwards.
            statement = insert(self.session, TABLES[kind]).on_conflict_do_nothing()
            await self.session.execute(statement, list(first.values()))
            known = await self._known(kind, rows)
            numbers = [known[key][0] for key in made]
            if kind == "entry":
                pages.touch(self.session, numbers)
            if kind == "document":
                await index.run(self.session, index.add_documents, numbers)
                await pages.touch_documents(self.session, numbers)
        unseen = set(made)
        found: list[tuple[int, bool]] = []
        for row in rows:
            found.append((known[row.key][0], row.key in unseen))
            unseen.discard(row.key)
        return found

    async def arrange(self, digest_id: int, entries: Sequence[int]) -> None:
        """Keep the order that a manager gave a digest's entries."""
        await self.session.execute(
            update(DigestRow).where(DigestRow.id == digest_id).values(arranged=list(entries))
        )

    async def _put_takes(self, rows: Sequence[Prepared], known: Known) -> list[tuple[int, bool]]:
        there: list[int | None] = []
        for row in rows:
            id = next((one for one in known.get(row.key, ()) if one not in self._used), None)
            if id is not None:
                self._used.add(id)
            there.append(id)
        new = [row.values for row, id in zip(rows, there, strict=True) if id is None]
        made = await TakeRepository(self.session).add_many(new)
        self._used.update(made)
        rest = iter(made)
        return [(next(rest), True) if id is None else (id, False) for id in there]

    async def _known(self, kind: str, rows: Sequence[Prepared]) -> Known:
        """The numbers of the rows that are there already, by their keys."""
        table = TABLES[kind]
        columns = ("discord_id", "name") if kind == "member" else _SAME[kind]
        found: dict[Key, list[int]] = defaultdict(list)
        values = list({row.values.get(columns[0]): None for row in rows})
        for start in range(0, len(values), _AT_ONCE):
            asked = values[start : start + _AT_ONCE]
            where: list[ColumnElement[bool]] = [getattr(table, columns[0]).in_(asked)]
            if kind == "member":
                names = [row.values["name"] for row in rows]
                nameless = MemberRow.discord_id.is_(None) & MemberRow.name.in_(names)
                where = [MemberRow.scope == self.channel.scope, or_(*where, nameless)]
            if "channel_id" in table.__table__.c:
                where.append(table.__table__.c.channel_id == self.channel.id)
            chosen = [table.__table__.c[name] for name in ("id", *columns)]
            for row in await self.session.execute(
                select(*chosen).where(*where).order_by(table.__table__.c.id)
            ):
                found[_key(kind, dict(row._mapping))].append(row.id)
        return found


def _key(kind: str, row: Mapping[str, Any]) -> Key:
    if kind == "member":
        known = row["discord_id"]
        return (known,) if known is not None else (None, row["name"])
    return tuple(row[name] for name in _SAME[kind])
