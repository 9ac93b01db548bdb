"""One bad record costs only itself.

Whoever works on many records of others in a row (a feed's items, a digest's papers, an archive's
files) does it through here. One that fails is logged under an id and counted by its kind, which
`/health` and `/metrics` show to whoever runs the bot; the caller shows it plainly, or goes on
without it.

Errors of the database, the disk and the network are never a record's fault: they are let through,
and so is the end of the task.
"""

from __future__ import annotations

import secrets
import threading
import time
import traceback
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError, StatementError

log = structlog.get_logger()

T = TypeVar("T")
R = TypeVar("R")

AGAIN: Final = 3600.0
"""Seconds in which the same failure of the same record is counted, but not logged again."""
_REMEMBERED: Final = 1_000
_RAW: Final = 2_000
"""Characters of a record that are kept."""


class RecordKind(StrEnum):
    """What can fail by itself: the label of the count."""

    FEED_ITEM = "feed_item"
    OAI_RECORD = "oai_record"
    QUERY_ENTRY = "query_entry"
    MAILING = "mailing"
    """A part of the poller's step, such as the feed of the day."""
    ANNOUNCED_PAPER = "announced_paper"
    SUBSCRIPTION = "subscription"
    ARRIVAL = "arrival"
    ANNOUNCEMENT = "announcement"
    PAPER = "paper"
    TAKE = "take"
    DIGEST = "digest"
    CHANNEL = "channel"
    REMINDER = "reminder"
    DELIVERY = "delivery"
    FILE = "file"
    """Of an import."""
    EXPORTED = "exported"
    """An entry of an export, or a page of a site."""
    ROW = "row"
    """Of the database."""
    INDEXED = "indexed"
    """What the words for the search are made of."""
    HIT = "hit"
    LINK = "link"
    """From a take to another paper, note or part of a series."""
    CHOICE = "choice"
    """Of an autocompletion."""
    BLOCK = "block"
    """Of an answer with pages."""
    GUILD = "guild"
    EVENT = "event"
    """Of Discord's gateway."""


@dataclass(frozen=True, slots=True)
class FailedCount:
    """The records of a kind that failed: how often, and the last one's id in the log."""

    count: int
    id: str
    at: datetime


class Failures:
    """What has failed in this process. Used from threads too."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.counts: Counter[RecordKind] = Counter()
        """How often records of each kind failed."""
        self._now = now
        self._lock = threading.Lock()
        self._logged: OrderedDict[tuple[RecordKind, str, str], tuple[str, float]] = OrderedDict()
        self._seen: dict[RecordKind, FailedCount] = {}

    def note(self, kind: RecordKind, name: object, error: BaseException, raw: object = "") -> str:
        """Log and count a failure; returns its id.

        Without `raw` the record is somebody's own words, and none of them may stand in the log:
        the error's message, which may quote them, is left out then.
        """
        text = str(raw)[:_RAW]
        what = f"{type(error).__name__}: {error}"[:300] if text else type(error).__name__
        key = kind, str(name)[:200], what
        with self._lock:
            known, at = self._logged.get(key, ("", float("-inf")))
            again = self._now() - at < AGAIN
            number = known or secrets.token_hex(4)
            if not again:
                self._logged[key] = number, self._now()
                while len(self._logged) > _REMEMBERED:
                    self._logged.popitem(last=False)
            self._count(kind, FailedCount(1, number, datetime.now(UTC)))
        if not again:
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("record.failed", id=number, kind=kind.value, record=key[1], error=what,
                      raw=text[:300], where=where)  # fmt: skip
        return number

    def seen(self) -> Mapping[RecordKind, FailedCount]:
        """What has failed since the start, by kind; a kind of which nothing has is left out."""
        with self._lock:
            return dict(self._seen)

    def add(self, others: Mapping[RecordKind, FailedCount]) -> None:
        """Count what another process of this program's has logged."""
        with self._lock:
            for kind, seen in others.items():
                self._count(kind, seen)

    def _count(self, kind: RecordKind, seen: FailedCount) -> None:
        self.counts[kind] += seen.count
        self._seen[kind] = replace(seen, count=self.counts[kind])


failures = Failures()
"""This process's."""


def is_of_record(error: Exception) -> bool:
    """Whether an error can be the fault of the record that was worked on."""
    if isinstance(error, DBAPIError):
        # A value that the database cannot hold (SQLSTATE class 22); else the trouble is its own.
        state = str(getattr(error.orig, "sqlstate", ""))
        return isinstance(error, DataError) or state.startswith("22")
    if isinstance(error, StatementError):
        return True  # the value did not get as far as the database
    return not isinstance(error, SQLAlchemyError | OSError | MemoryError)


@dataclass(slots=True)
class Attempt:
    """Whether the block went well: `failed` is the id under which its failure was noted."""

    failed: str | None = None


@contextmanager
def isolated(kind: RecordKind, name: object, raw: object = "") -> Iterator[Attempt]:
    """A block that may fail without more than itself; `raw` is the record, if it is public."""
    attempt = Attempt()
    try:
        yield attempt
    except Exception as error:
        if not is_of_record(error):
            raise
        attempt.failed = failures.note(kind, name, error, raw)


def either(
    kind: RecordKind,
    name: object,
    work: Callable[[], R],
    plainly: Callable[[], R],
    *,
    raw: object = "",
) -> R:
    """What `work` makes of a record; if it fails, what `plainly` does."""
    with isolated(kind, name, raw):
        return work()
    return plainly()


def each(
    kind: RecordKind,
    records: Iterable[T],
    work: Callable[[T], R],
    *,
    name: Callable[[T], object],
    plainly: Callable[[T], R] | None = None,
) -> list[R]:
    """What `work` makes of each record, in order; one that fails is made `plainly`, or left out."""
    made: list[R] = []
    for record in records:
        with isolated(kind, _called(name, record)) as attempt:
            made.append(work(record))
        if attempt.failed and plainly is not None:
            with isolated(kind, _called(name, record)):
                made.append(plainly(record))
    return made


async def all_or_each(
    kind: RecordKind,
    records: Sequence[T],
    work: Callable[[Sequence[T]], Awaitable[R]],
    *,
    name: Callable[[T], object],
    raw: Callable[[T], object] = lambda record: "",
) -> tuple[list[R], list[T]]:
    """`work` on all records together; if that fails, on each by itself.

    `work` must leave nothing behind where it fails: it is one transaction. Returns its results, and
    the records that failed.
    """
    if len(records) > 1:
        try:
            return [await work(records)], []
        except Exception as error:
            if not is_of_record(error):
                raise
    made: list[R] = []
    failed: list[T] = []
    for record in records:
        with isolated(kind, _called(name, record), raw(record)) as attempt:
            made.append(await work([record]))
        if attempt.failed:
            failed.append(record)
    return made, failed


def _called(name: Callable[[T], object], record: T) -> object:
    """The record's name, even if it has none that can be had."""
    try:
        return name(record)
    except Exception:
        return type(record).__name__
