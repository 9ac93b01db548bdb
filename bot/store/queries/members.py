"""Members: who said what."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.people import Member
from bot.store.queries.insert import insert
from bot.store.schema import MemberRow


def plain(row: MemberRow) -> Member:
    """A row as plain data."""
    return Member(row.discord_id, row.name)


class MemberRepository:
    """People in a guild, and names that came with an archive."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def account_names(self, scope: int) -> set[str]:
        """What those members of a guild are called who have an account, without capitals."""
        names = await self.session.scalars(
            select(MemberRow.name).where(
                MemberRow.scope == scope, MemberRow.discord_id.is_not(None)
            )
        )
        return {name.casefold() for name in names}

    async def ensure(self, scope: int, member: Member) -> int:
        """The number of a member of the guild `scope`, kept under the name they have today."""
        wanted = MemberRow.discord_id == member.id
        if member.id is None:
            wanted = MemberRow.discord_id.is_(None) & (MemberRow.name == member.name)
        found = await self.session.execute(
            select(MemberRow.id, MemberRow.name).where(MemberRow.scope == scope, wanted)
        )
        row = found.first()
        if row is None:
            made = insert(self.session, MemberRow).values(
                scope=scope, discord_id=member.id, name=member.name
            )
            # Two processes may meet a new member at once: the second finds the first one's row.
            made = made.on_conflict_do_update(
                index_elements=["scope", "discord_id"], set_={"name": member.name}
            )
            member_id: int = (await self.session.execute(made.returning(MemberRow.id))).scalar_one()
            return member_id
        if row.name != member.name:
            await self.session.execute(
                update(MemberRow).where(MemberRow.id == row.id).values(name=member.name)
            )
        return int(row.id)
