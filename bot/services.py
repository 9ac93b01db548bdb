"""The services, wired to one store: shared by the bot and by the command line's verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.archive.importing.history import HistoryService
from bot.archive.importing.queue import ImportQueue
from bot.archive.importing.service import ImportService
from bot.archive.publish import Publisher, PublishOptions
from bot.archive.site import SiteOptions, site_url
from bot.config import ArchiveConfig, Settings
from bot.digest.amend import refresh_reminder
from bot.digest.edits import take_changed
from bot.digest.plan import Planner
from bot.digest.service import DigestService
from bot.digest.settings import ChannelSettingsService
from bot.isolation import RecordKind, isolated
from bot.model.allowance import Spending
from bot.model.remote import parse_target
from bot.model.take import Take
from bot.papers.channels import Clock, PaperChannels
from bot.papers.complete import Completer
from bot.papers.resolve import ArxivService, PaperResolver
from bot.papers.search import PaperSearch
from bot.papers.service import PaperService
from bot.picks.service import PickService
from bot.store import Owner, SharedClock, Store, Transaction, set_by
from bot.subscriptions.announcements import AnnouncementService
from bot.subscriptions.deliver import refresh_announcements
from bot.subscriptions.service import SubscriptionService
from bot.summaries.endpoint import Endpoint
from bot.summaries.service import SummaryService
from bot.summaries.writer import SummaryWriter
from bot.takes.messages import message_changed
from bot.takes.privacy import PrivacyService
from bot.takes.service import TakeService
from bot.takes.tags import TagService

PATIENCE = 10.0
"""Seconds that a member waits for arXiv at most before the paper is kept as pending."""


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def site_options(archive: ArchiveConfig, url: str | None = None) -> SiteOptions:
    """What the settings say of the site; `url` instead of theirs. Raises BadSiteUrl."""
    where = url or archive.url
    return SiteOptions(site_url(where) if where else None, archive.title, archive.about)


def publisher(settings: Settings, store: Store, clock: Clock) -> Publisher | None:
    """What publishes the archive, if the host wants that."""
    archive = settings.archive
    if not archive.publish:
        return None
    options = PublishOptions(
        target=parse_target(archive.publish),
        site=site_options(archive),
        branch=archive.branch,
        token=archive.token.get_secret_value(),
    )
    return Publisher(store, options, clock)


@dataclass(frozen=True, slots=True)
class Services:
    """What the commands call."""

    store: Store
    clock: Clock
    now: SharedClock
    """The time for what several processes compare."""
    owner: Owner
    papers: PaperService
    takes: TakeService
    digests: DigestService
    settings: ChannelSettingsService
    planner: Planner
    completer: Completer
    search: PaperSearch
    tags: TagService
    subscriptions: SubscriptionService
    announcements: AnnouncementService
    picks: PickService
    summaries: SummaryService
    writer: SummaryWriter
    privacy: PrivacyService
    imports: ImportService
    histories: HistoryService
    spending: Spending


def wire(
    settings: Settings,
    store: Store,
    arxiv: ArxivService,
    clock: Clock,
    *,
    now: SharedClock | None = None,
    owner: Owner | None = None,
    schedule_changed: Callable[[], None] = lambda: None,
    subscribed: Callable[[], None] = lambda: None,
    handed_over: Callable[[], None] = lambda: None,
    summary_wanted: Callable[[], None] = lambda: None,
) -> Services:
    """Build the services. `now` is the time that all processes have, left out: by `clock`;
    `schedule_changed` is called when a channel's hour was set, `subscribed`
    when there may be something new to ask of arXiv, `handed_over` when there is a file to be taken
    in, `summary_wanted` when the model has something to write."""

    async def list_changed(tx: Transaction, channel_id: int) -> None:
        with isolated(RecordKind.REMINDER, channel_id):
            await refresh_reminder(tx, channel_id, clock())

    async def take_gone(tx: Transaction, take: Take) -> None:
        for entry in await tx.entries.by_ids([take.entry_id]):
            await list_changed(tx, entry.channel_id)

    async def changed(tx: Transaction, take: Take) -> None:
        for follow in (take_changed, message_changed, take_gone):
            # A message that cannot follow it keeps nobody from changing or deleting a take.
            with isolated(RecordKind.TAKE, take.id):
                await follow(tx, take)

    async def summary_changed(tx: Transaction, paper_id: int) -> None:
        with isolated(RecordKind.ANNOUNCEMENT, paper_id):
            await refresh_announcements(tx, [paper_id])

    channels = PaperChannels(settings.digest, clock)
    queue = ImportQueue(store, clock, settings.log, handed_over)
    spending = Spending()
    resolver = PaperResolver(store, arxiv, PATIENCE, spending)
    papers = PaperService(store, resolver, channels, clock, list_changed)
    endpoint = Endpoint(settings.summaries)
    summaries = SummaryService(store, endpoint, clock, summary_changed, summary_wanted)
    return Services(
        store=store,
        clock=clock,
        now=now or set_by(clock),
        owner=owner or Owner(),
        papers=papers,
        takes=TakeService(store, papers, clock, changed),
        digests=DigestService(store, channels, clock),
        settings=ChannelSettingsService(store, channels, clock, schedule_changed),
        planner=Planner(store, clock, timedelta(days=settings.digest.overdue_days)),
        completer=Completer(store, arxiv, clock),
        search=PaperSearch(store),
        tags=TagService(store, clock, changed),
        subscriptions=SubscriptionService(store, channels, resolver, clock, subscribed),
        picks=PickService(store),
        announcements=AnnouncementService(store, channels, clock, summaries),
        summaries=summaries,
        writer=SummaryWriter(store, endpoint, clock, summary_changed),
        privacy=PrivacyService(store, clock, changed),
        imports=ImportService(queue, channels),
        histories=HistoryService(store, queue, channels, clock),
        spending=spending,
    )
