"""The cron jobs that wake the planner at the channels' hours."""

from __future__ import annotations

from datetime import UTC

from bot.model.channel import ChannelSettings
from bot.store import Store
from bot.timers import Timers
from tests.clock import Clock
from tests.digest.clubs import ADA, OTHER_GUILD, Club
from tests.poison import MARK, poisoned


async def test_there_is_a_job_at_each_hour_and_the_day_before_for_reminders(
    store: Store, clock: Clock
) -> None:
    club = Club(store, clock)
    await club.set(time_zone="GMT+9", weekday="monday, thu", time="6pm", reminder="on")
    timers = Timers(store, ChannelSettings(), lambda: None)
    await timers.reload()
    jobs = [job for job in timers.scheduler.get_jobs() if job.id.startswith("digest:")]
    jobs.sort(key=lambda job: str(job.id))
    assert [job.id for job in jobs] == [
        "digest:UTC+09:00|mon,wed,thu,sun|18:00", "digest:UTC|sun|18:00"
    ]  # fmt: skip
    due = [jobs[0].trigger.get_next_fire_time(None, clock())]
    for _ in range(3):
        due.append(jobs[0].trigger.get_next_fire_time(due[-1], due[-1]))
    assert [f"{moment.astimezone(UTC):%m%d %H:%M}" for moment in due] == [
        "0727 09:00", "0729 09:00", "0730 09:00", "0802 09:00"
    ]  # fmt: skip
    await club.set(time_zone="Europe/Berlin", weekday="sun", time="18", reminder="off")
    await timers.reload()
    jobs = [job for job in timers.scheduler.get_jobs() if job.id.startswith("digest:")]
    assert sorted(job.id for job in jobs) == [
        "digest:Europe/Berlin|sun|18:00", "digest:UTC|sun|18:00"
    ]  # fmt: skip


async def test_a_channel_whose_hour_cannot_be_read_costs_only_itself(
    store: Store, clock: Clock
) -> None:
    club = Club(store, clock)
    await club.services.settings.set(OTHER_GUILD, ADA, time_zone="Asia/Seoul", time="9:00")
    await club.set(time_zone="Europe/Berlin", time="18:00", title=MARK)
    for target, mark in (("bot.timers._hour", MARK), ("bot.timers.CronTrigger", "Europe/Berlin")):
        timers = Timers(store, ChannelSettings(), lambda: None)
        with poisoned(target, mark):
            await timers.reload()
        jobs = [job.id for job in timers.scheduler.get_jobs() if job.id.startswith("digest:")]
        assert sorted(jobs) == ["digest:Asia/Seoul|sun|09:00", "digest:UTC|sun|18:00"]
