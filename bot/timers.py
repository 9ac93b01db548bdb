"""Timers (APScheduler). They only wake what asks the database what is due."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.isolation import RecordKind, each, isolated
from bot.model.channel import WEEKDAYS, ChannelSettings, zone_of
from bot.store import Store

log = structlog.get_logger()

_COMMON = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Timers:
    """Cron jobs in the channels' time zones, made from the database.

    The scheduler holds no state of its own: `reload` makes all jobs anew, one for each different
    hour and zone, however many channels share it. `come` is called when one has come.
    """

    def __init__(self, store: Store, defaults: ChannelSettings, come: Callable[[], None]) -> None:
        self.store = store
        self.defaults = defaults
        self.come = come
        self.scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=_COMMON)

    def start(self) -> None:
        """Let the timers run."""
        self.scheduler.start()

    def stop(self) -> None:
        """Stop them for good."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def reload(self) -> None:
        """Make the jobs from the database."""
        async with self.store.read() as tx:
            channels = await tx.channels.every()
        hours = each(
            RecordKind.CHANNEL, channels, lambda one: _hour(one.settings), name=lambda one: one.id
        )
        wanted = {*hours, _hour(self.defaults)}
        have = {job.id for job in self.scheduler.get_jobs() if job.id.startswith("digest:")}
        for job_id in have - {f"digest:{'|'.join(hour)}" for hour in wanted}:
            self.scheduler.remove_job(job_id)
        for zone, days, time in wanted:
            job_id = f"digest:{zone}|{days}|{time}"
            if job_id in have:
                continue
            # A channel without its job is planned all the same: the database is asked each minute.
            with isolated(RecordKind.CHANNEL, job_id):
                hour, minute = time.split(":")
                trigger = CronTrigger(
                    day_of_week=days, hour=hour, minute=minute, timezone=zone_of(zone)
                )
                self.scheduler.add_job(self._hour, trigger, id=job_id)
        log.debug("timers.loaded", jobs=len(wanted))

    async def _hour(self) -> None:
        # A coroutine runs in the loop; a plain function would run in a thread.
        self.come()


def _hour(settings: ChannelSettings) -> tuple[str, str, str]:
    """A channel's zone, the days on which there is something to do, and the hour, as cron says it.

    With reminders also the days before. Weeks that do not count are found out by the database's
    answer.
    """
    days = {WEEKDAYS.index(name) for name in settings.weekday}
    if settings.reminder:
        days |= {(day - 1) % 7 for day in days}
    named = ",".join(WEEKDAYS[day][:3] for day in sorted(days))
    return settings.time_zone, named, f"{settings.time:%H:%M}"
