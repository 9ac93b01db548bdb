"""What became of the digests that fell due while the demo's clock went on, for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.delivery.refusal_codes import Reason
from bot.locale import Texts, speak
from bot.model.channel import Channel
from bot.model.digest import Digest, DigestState, HeldDigest
from bot.sandbox.page.hooks import Told
from bot.store import Store, Transaction
from bot.text.markdown import escape


def tips(locale: str) -> Sequence[str]:
    """What to try first, in the page's words."""
    say = speak(locale)
    return [say("demo.tip.paper"), say("demo.tip.take"), say("demo.tip.digest")]


class DueReport:
    """The periods that are running before a step of the clock, and what they are after it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.before: Mapping[int, Channel] = {}

    async def begin(self) -> None:
        """Note what runs; before the step."""
        async with self.store.read() as tx:
            channels = await tx.channels.every()
        self.before = {one.id: one for one in channels if one.discord_id is not None}

    async def next_due(self) -> datetime | None:
        """When the next period ends, skipped or not; None without any channel."""
        async with self.store.read() as tx:
            channels = await tx.channels.every()
        return min(
            (one.next_digest_at for one in channels if one.discord_id is not None), default=None
        )

    async def told(self, locale: str) -> Sequence[Told]:
        """A line for each period that ended; after the step, once it was settled."""
        say = speak(locale)
        lines: list[Told] = []
        async with self.store.read() as tx:
            for now in await tx.channels.every():
                channel = self.before.get(now.id)
                if channel is None or now.period_start == channel.period_start:
                    continue
                held = {one.digest_id: one for one in await tx.held.digests(now.id)}
                lines += [
                    _line(now, digest, held.get(digest.id), say)
                    for digest in await _ended(tx, channel, now)
                ]
        return lines


async def _ended(tx: Transaction, before: Channel, now: Channel) -> Sequence[Digest]:
    """The digests, or the notes that there was none, of the periods from then till now."""
    found: list[Digest] = []
    start = before.period_start
    while start < now.period_start:
        digest = await tx.digests.of_period(now.id, start)
        if digest is None or digest.period_end <= start:
            break
        found.append(digest)
        start = digest.period_end
    return found


def _line(channel: Channel, digest: Digest, held: HeldDigest | None, say: Texts) -> Told:
    assert channel.discord_id is not None
    title = escape(digest.title)
    day = digest.day
    if digest.state is DigestState.SKIPPED:
        return Told(channel.discord_id, say("demo.skipped", day=say.day(day)))
    if digest.state is DigestState.EMPTY:
        least = channel.settings.minimum_papers > 1 or channel.settings.minimum_takes > 0
        return Told(
            channel.discord_id, say("demo.few" if least else "demo.nothing", day=say.day(day))
        )
    if held is not None:
        why = _why(held, say)
        return Told(channel.discord_id, say("demo.held", title=title, why=why), digest.thread_id)
    if digest.thread_id is None:
        return Told(channel.discord_id, say("demo.on_its_way", title=title))
    return Told(channel.discord_id, say("demo.posted", title=title), digest.thread_id)


def _why(held: HeldDigest, say: Texts) -> str:
    reason = held.reason or Reason.REFUSED.value
    if reason == Reason.FORBIDDEN:
        return say("demo.forbidden")
    return say(reason)
