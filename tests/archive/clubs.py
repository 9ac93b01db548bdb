"""A club with a posted digest, and an imported archive, as the files of their sites."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.archive.contents import contents
from bot.archive.importing.importer import import_archive
from bot.archive.site import SiteOptions, site
from bot.model.channel import Channel, ChannelSettings
from bot.model.digest import DigestState
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.take import How
from bot.store import Store

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
START = datetime(2020, 7, 19, 18, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> ![x](https://evil.example/p.png)\n\n"
    "[js](javascript:alert(3)) [data](data:text/html,x) <svg/onload=alert(4)>\n\n"
    '[t](https://ok.example/ "onmouseover=alert(5)") # not a heading'
)


async def a_club(store: Store) -> Channel:
    """Two members on Discord, a posted digest, a take that links to another paper."""
    settings = ChannelSettings(closing_tag="#review", language="en")
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(7, 8, "club <&>"), settings, period_start=START,
            next_digest_at=START + timedelta(days=7), now=START,
        )  # fmt: skip
        ada = await tx.members.ensure(7, Member(11, "Ada <b>"))
        grace = await tx.members.ensure(7, Member(12, "Grace"))
        slice_ = PaperData(
            "2007.10909", "SliceOut: $O(n^2)$", ("Pascal Notin",), "An <i>abstract</i>."
        )
        memo = PaperData("2001.10913", "MEMO <script>", ("A. B.",))
        first = await tx.papers.keep(0, "https://arxiv.org/abs/2007.10909", slice_)
        other = await tx.papers.keep(0, "https://arxiv.org/abs/2001.10913", memo)
        one, _ = await tx.entries.add(channel.id, first.id, ada, How.COMMAND, START)
        two, _ = await tx.entries.add(channel.id, other.id, ada, How.COMMAND, START)
        text = "memo(https://arxiv.org/pdf/2001.10913v2)를 보라. #메타러닝 #few-shot"
        await tx.takes.add(one.id, ada, text, START)
        await tx.takes.add(one.id, grace, "### Deep\n\nSlices.", START + timedelta(hours=1))
        await tx.takes.add(two.id, grace, HOSTILE, START + timedelta(hours=2))
        number = await tx.digests.add(
            channel.id, START, START + timedelta(days=7), DigestState.POSTED, NOW,
            number=1, title="200726 <Papers>", day=date(2020, 7, 26), intro="Hello *club*.",
        )  # fmt: skip
        assert number is not None
        await tx.takes.freeze(channel.id, NOW, number)
        await tx.entries.freeze(channel.id, NOW, number)
        await tx.takes.add(one.id, grace, "Later #Few-Shot", START + timedelta(days=9))
    return channel


async def files_of(store: Store, channel: Channel, url: str | None = None) -> dict[str, bytes]:
    async with store.read() as tx:
        archive = await contents(tx, channel)
    return dict(site(archive, SiteOptions(url)))


async def archived(store: Store, path: Path = ARCHIVE) -> dict[str, bytes]:
    await import_archive(store, path, "ml", now=NOW)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
    return await files_of(store, channel)
