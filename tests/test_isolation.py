"""One bad record costs only itself: the mechanism by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.exc import DBAPIError, OperationalError
from structlog.testing import capture_logs

from bot.isolation import (
    AGAIN,
    Failures,
    RecordKind,
    all_or_each,
    each,
    either,
    is_of_record,
    isolated,
)
from bot.ops.records import FailedRecords


def halved(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def test_the_others_go_on_and_the_failing_one_is_shown_plainly() -> None:
    assert each(RecordKind.ROW, [2, 3, 4], halved, name=str) == [1, 2]
    assert each(RecordKind.ROW, [2, 3], halved, name=str, plainly=lambda number: -number) == [1, -3]
    assert either(RecordKind.ROW, 3, lambda: halved(3), lambda: 0) == 0


def test_what_has_not_even_a_name_costs_only_itself() -> None:
    assert each(RecordKind.ROW, [2, 3, 4], halved, name=lambda number: 1 // (number - 3)) == [1, 2]


def test_where_the_plain_way_fails_too_the_record_is_left_out() -> None:
    assert each(RecordKind.ROW, [3, 4], halved, name=str, plainly=halved) == [2]


@pytest.mark.parametrize(
    "error",
    [OperationalError("", {}, Exception("locked")), OSError("disk full"), MemoryError()],
    ids=["database", "disk", "memory"],
)
async def test_the_hosts_troubles_are_let_through(error: Exception) -> None:
    with pytest.raises(type(error)), isolated(RecordKind.ROW, 1):
        raise error

    async def work(_: Sequence[int]) -> None:
        raise error

    with pytest.raises(type(error)):
        await all_or_each(RecordKind.ROW, [1, 2], work, name=str)


async def test_cancelling_is_let_through() -> None:
    with pytest.raises(asyncio.CancelledError), isolated(RecordKind.ROW, 1):
        raise asyncio.CancelledError


def test_a_value_that_the_database_cannot_hold_is_the_records_fault() -> None:
    error = Exception()
    error.sqlstate = "22021"  # type: ignore[attr-defined]
    assert is_of_record(DBAPIError("", {}, error))


async def test_together_or_one_by_one() -> None:
    tried: list[list[int]] = []

    async def work(some: Sequence[int]) -> int:
        tried.append(list(some))
        return sum(halved(number) for number in some)

    assert await all_or_each(RecordKind.ROW, [2, 4], work, name=str) == ([3], [])
    assert await all_or_each(RecordKind.ROW, [2, 3, 4], work, name=str) == ([1, 2], [3])
    assert tried == [[2, 4], [2, 3, 4], [2], [3], [4]]


def test_a_failure_is_logged_with_its_id_and_counted() -> None:
    noted = Failures()
    with capture_logs() as logs:
        number = noted.note(RecordKind.FEED_ITEM, "2607.00001", ValueError("odd"), "<item/>")
    (line,) = logs
    assert (line["log_level"], line["id"], line["record"]) == ("error", number, "2607.00001")
    assert (line["error"], line["raw"]) == ("ValueError: odd", "<item/>")
    registry = CollectorRegistry()
    registry.register(FailedRecords(noted))
    shown = generate_latest(registry).decode()
    assert 'papertakes_failed_records_total{kind="feed_item"} 1.0' in shown
    assert 'papertakes_failed_records_total{kind="take"} 0.0' in shown


def test_what_a_member_wrote_is_in_no_log() -> None:
    written = "my " + "secret" * 2
    with capture_logs() as logs, isolated(RecordKind.TAKE, 7):
        raise ValueError(written)
    assert written not in str(logs)
    assert "ValueError" in str(logs)


def test_the_same_again_is_counted_but_logged_once_an_hour() -> None:
    moment = 0.0
    noted = Failures(lambda: moment)
    with capture_logs() as logs:
        first = noted.note(RecordKind.TAKE, 7, ValueError())
        assert noted.note(RecordKind.TAKE, 7, ValueError()) == first
        moment = AGAIN + 1
        assert noted.note(RecordKind.TAKE, 7, ValueError()) == first
        noted.note(RecordKind.TAKE, 8, ValueError())
    assert noted.counts[RecordKind.TAKE] == 4
    assert [line["record"] for line in logs] == ["7", "7", "8"]


def test_what_failed_is_known_by_its_kind_with_the_last_ones_id() -> None:
    noted = Failures()
    noted.note(RecordKind.TAKE, 7, ValueError())
    last = noted.note(RecordKind.TAKE, 8, ValueError())
    seen = noted.seen()
    assert [(kind, one.count, one.id) for kind, one in seen.items()] == [(RecordKind.TAKE, 2, last)]
    assert datetime.now(UTC) - seen[RecordKind.TAKE].at < timedelta(minutes=1)


def test_what_failed_in_another_process_is_counted_here() -> None:
    here, there = Failures(), Failures()
    here.note(RecordKind.FILE, "a.md", ValueError())
    last = there.note(RecordKind.FILE, "b.md", ValueError())
    here.add(there.seen())
    assert here.counts[RecordKind.FILE] == 2
    assert (here.seen()[RecordKind.FILE].count, here.seen()[RecordKind.FILE].id) == (2, last)
