"""A channel that was known by its id alone comes into its guild, with its pages and members.

Until then they are kept under the channel's own id, where no guild looks for them.
"""

from __future__ import annotations

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.schema import ChannelRow, EntryRow, MemberRow, PaperRow, TakeRow


async def adopt(session: AsyncSession, scope: int, guild_id: int) -> None:
    """Give all that is kept under `scope` to the guild; what it has too becomes one with that."""
    await _pages(session, scope, guild_id)
    await _members(session, scope, guild_id)
    await session.execute(
        update(ChannelRow)
        .where(ChannelRow.discord_id == scope)
        .values(scope=guild_id, guild_id=guild_id)
    )


async def _pages(session: AsyncSession, scope: int, guild_id: int) -> None:
    theirs = aliased(PaperRow)
    twins = await session.execute(
        select(PaperRow.id, theirs.id)
        .join(theirs, theirs.url == PaperRow.url)
        .where(PaperRow.scope == scope, theirs.scope == guild_id)
    )
    for old, new in twins.all():
        await session.execute(update(EntryRow).where(EntryRow.paper_id == old).values(paper_id=new))
        await session.execute(delete(PaperRow).where(PaperRow.id == old))
    await session.execute(update(PaperRow).where(PaperRow.scope == scope).values(scope=guild_id))


async def _members(session: AsyncSession, scope: int, guild_id: int) -> None:
    theirs = aliased(MemberRow)
    nameless = and_(
        MemberRow.discord_id.is_(None), theirs.discord_id.is_(None), theirs.name == MemberRow.name
    )
    twins = await session.execute(
        select(MemberRow.id, func.min(theirs.id))
        .join(theirs, or_(theirs.discord_id == MemberRow.discord_id, nameless))
        .where(MemberRow.scope == scope, theirs.scope == guild_id)
        .group_by(MemberRow.id)
    )
    for old, new in twins.all():
        for row in (EntryRow, TakeRow):
            await session.execute(update(row).where(row.member_id == old).values(member_id=new))
        await session.execute(delete(MemberRow).where(MemberRow.id == old))
    await session.execute(update(MemberRow).where(MemberRow.scope == scope).values(scope=guild_id))
