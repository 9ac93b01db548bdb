"""Which takes a digest holds, and when one is planned."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import (
    BadPeriod,
    DigestPosted,
    DigestSkipped,
    EmptyDigest,
    ManagersOnly,
    NoPapersHere,
    NothingNew,
)
from bot.model.digest import DigestState
from bot.store import Store
from tests.clock import Clock
from tests.digest.clubs import ADA, GRACE, OTHER_GUILD, PLACE, Club

# The clock stands at Sunday 26 July 2020, noon UTC; a new channel's digest is due at 18:00.


@pytest.fixture
def club(store: Store, clock: Clock) -> Club:
    return Club(store, clock)


async def test_a_digest_is_planned_at_the_channels_hour_and_once(club: Club) -> None:
    await club.take(1, "on time")
    assert await club.services.planner.run_due() == 0
    club.clock.set(datetime(2020, 7, 26, 18, tzinfo=UTC))
    assert await club.services.planner.run_due() == 1
    assert await club.services.planner.run_due() == 0
    texts = await club.texts()
    assert sum("on time" in text for text in texts) == 1


async def test_a_week_missed_while_the_bot_was_off_is_posted_once(club: Club) -> None:
    await club.take(1, "before the bot went off")
    club.clock.set(datetime(2020, 8, 12, tzinfo=UTC))
    assert await club.services.planner.run_due() == 1
    assert await club.services.planner.run_due() == 0
    [digest] = await club.services.digests.history(PLACE)
    assert (digest.state, digest.day.isoformat()) == (DigestState.PLANNED, "2020-07-26")
    async with club.store.read() as tx:
        channel = await tx.channels.find(PLACE)
    assert channel is not None
    assert channel.next_digest_at == datetime(2020, 8, 16, 18, tzinfo=UTC)


async def test_a_digest_that_is_far_too_late_is_told_and_comes_with_the_next(club: Club) -> None:
    await club.take(1, "before the bot went off for long")
    club.clock.set(datetime(2020, 10, 1, tzinfo=UTC))
    assert await club.services.planner.run_due() == 0
    assert await club.services.planner.run_due() == 0
    [told] = await club.texts()
    assert "2020-07-26" in told
    club.clock.set(datetime(2020, 10, 4, 18, tzinfo=UTC))
    assert await club.services.planner.run_due() == 1
    assert "off for long" in await club.markdown("2020-10-04")


async def test_a_paper_of_an_earlier_digest_links_back_to_it(club: Club) -> None:
    await club.take(1, "first")
    digest = await club.services.digests.post(PLACE, ADA)
    async with club.store.begin() as tx:
        await tx.digests.set_place(digest.id, message_id=555, thread_id=555)
    await club.take(1, "second thoughts")
    preview = await club.services.digests.preview(PLACE)
    assert "](<https://discord.com/channels/10/555>)" in preview.messages[1]


async def test_a_paper_that_a_digest_left_out_does_not_lead_there(club: Club) -> None:
    await club.set(untaken="left_out")
    await club.take(1, "first")
    await club.add(2)
    digest = await club.services.digests.post(PLACE, ADA)
    async with club.store.begin() as tx:
        await tx.digests.set_place(digest.id, message_id=555, thread_id=555)
    await club.take(2, "at last")
    preview = await club.services.digests.preview(PLACE)
    assert "discord.com" not in preview.messages[1]


async def test_a_reminder_lists_the_papers_without_takes_once(club: Club) -> None:
    await club.add(1)
    await club.take(2, "taken")
    await club.services.planner.remind()
    assert await club.texts() == []
    await club.set(reminder="on", weekday="monday", time="11:00")
    await club.services.planner.remind()
    await club.set(time="12:30")
    await club.services.planner.remind()
    [text] = await club.texts()
    assert "Paper 1" in text
    assert "Paper 2" not in text


async def test_a_paper_taken_up_again_comes_in_at_that_place(club: Club) -> None:
    await club.take(1, "first")
    await club.services.digests.post(PLACE, ADA)
    club.clock.set(datetime(2020, 7, 26, 18, tzinfo=UTC))
    await club.services.planner.run_due()
    for number in (2, 1, 3):
        club.clock.advance(hours=1)
        await club.take(number, f"this week's {number}")
    text = await club.markdown()
    assert [text.index(f"Paper {number}") for number in (2, 1, 3)] == sorted(
        text.index(f"Paper {number}") for number in (1, 2, 3)
    )


async def test_an_empty_week_posts_nothing(club: Club) -> None:
    await club.set(weekday="sunday")
    club.clock.advance(days=10)
    assert await club.services.planner.run_due() == 0 or not await club.texts()
    assert await club.texts() == []
    assert await club.services.digests.history(PLACE) == []


async def test_what_comes_after_an_early_post_is_in_the_regular_digest(club: Club) -> None:
    await club.take(1, "early")
    await club.services.digests.post(PLACE, ADA)
    with pytest.raises(NothingNew):
        await club.services.digests.post(PLACE, ADA)
    with pytest.raises(DigestPosted):
        await club.services.digests.post(PLACE, ADA, "last")
    await club.take(1, "late, same paper")
    await club.take(2, "late, new paper")
    club.clock.set(datetime(2020, 7, 26, 18, tzinfo=UTC))
    assert await club.services.planner.run_due() == 1
    assert await club.services.planner.run_due() == 0
    last = await club.markdown("last")
    assert last == await club.markdown("#2") == await club.markdown("200726 Papers (2)")
    assert "early" not in last
    assert last.index("late, same paper") < last.index("late, new paper")
    first = await club.markdown("#1")
    assert "early" in first
    assert "late" not in first
    assert [digest.number for digest in await club.services.digests.history(PLACE)] == [2, 1]


async def test_the_running_period_prints_what_was_posted_today(club: Club) -> None:
    await club.take(1, "a take")
    before = await club.markdown()
    await club.services.digests.post(PLACE, ADA)
    assert await club.markdown() == before


async def test_without_a_period_the_last_digest_is_printed_until_there_is_more(
    club: Club,
) -> None:
    await club.take(1, "posted")
    await club.services.digests.post(PLACE, ADA)
    posted = await club.markdown()
    assert "posted" in posted
    club.clock.set(datetime(2020, 8, 20, tzinfo=UTC))
    assert await club.markdown() == posted
    with pytest.raises(NothingNew):
        await club.markdown("this")
    await club.take(1, "more")
    assert "posted" not in await club.markdown()


async def test_a_skipped_week_comes_with_the_next(club: Club) -> None:
    await club.take(1, "kept")
    await club.services.digests.skip(PLACE, ADA)
    with pytest.raises(DigestSkipped):
        await club.services.digests.skip(PLACE, ADA)
    club.clock.set(datetime(2020, 7, 26, 18, tzinfo=UTC))
    assert await club.services.planner.run_due() == 0
    club.clock.set(datetime(2020, 8, 2, 18, tzinfo=UTC))
    assert await club.services.planner.run_due() == 1
    assert "kept" in await club.markdown("2020-08-02")


async def test_posting_undoes_a_skip(club: Club) -> None:
    await club.take(1, "wanted after all")
    await club.services.digests.skip(PLACE, ADA)
    await club.services.digests.post(PLACE, ADA)
    assert any("wanted after all" in text for text in await club.texts())


async def test_the_periods_own_intro_is_said_once(club: Club) -> None:
    await club.take(1, "one")
    await club.set(intro="always")
    await club.services.digests.set_intro(PLACE, ADA, "just this week")
    assert "just this week" in await club.markdown()
    await club.services.digests.post(PLACE, ADA)
    await club.services.digests.set_intro(PLACE, ADA, "for the next")
    assert "just this week" in await club.markdown("2020-07-26")
    club.clock.set(datetime(2020, 8, 2, 18, tzinfo=UTC))
    await club.take(2, "two")
    club.clock.set(datetime(2020, 8, 9, 18, tzinfo=UTC))
    await club.services.planner.run_due()
    first, second = (await club.services.digests.history(PLACE))[::-1]
    assert (first.intro, second.intro) == ("just this week", "for the next")
    assert await club.services.digests.intro(PLACE) == "always"


async def test_setting_the_hour_does_not_post_an_hour_that_has_passed(club: Club) -> None:
    await club.take(1, "a take")
    await club.set(time="11:00")
    assert await club.services.planner.run_due() == 0
    await club.set(time="12:01")
    club.clock.advance(minutes=1)
    assert await club.services.planner.run_due() == 1


async def test_a_take_of_the_digests_very_moment_is_in_the_next_one(club: Club) -> None:
    await club.take(1, "in")
    club.clock.set(datetime(2020, 7, 26, 18, tzinfo=UTC))
    await club.take(1, "next")
    await club.services.planner.run_due()
    assert not any("next" in text for text in await club.texts())
    assert "next" in await club.markdown()


async def test_members_may_not_post_and_nothing_gives_nothing(club: Club) -> None:
    with pytest.raises(NoPapersHere):
        await club.services.digests.post(PLACE, ADA)
    await club.set(title="t")
    with pytest.raises(ManagersOnly):
        await club.services.digests.post(PLACE, GRACE)
    with pytest.raises(EmptyDigest):
        await club.services.digests.post(PLACE, ADA)
    with pytest.raises(BadPeriod):
        await club.services.digests.preview(PLACE, "someday")


async def test_no_guild_sees_another_ones_takes(club: Club) -> None:
    await club.take(1, "ours")
    await club.take(1, "theirs", place=OTHER_GUILD)
    assert "theirs" not in await club.markdown()
    papers = club.services.papers
    entry = await papers.listed(OTHER_GUILD, "2007.00001")
    shown = await papers.entry(OTHER_GUILD, entry.id)
    assert [take.text for take in shown.takes] == ["theirs"]


async def test_a_removed_paper_is_not_in_the_digest_and_comes_back_with_its_takes(
    club: Club,
) -> None:
    await club.take(1, "kept in the drawer")
    await club.services.papers.remove(PLACE, "2007.00001", GRACE)
    with pytest.raises(EmptyDigest):
        await club.markdown()
    await club.add(1)
    assert "drawer" in await club.markdown()
