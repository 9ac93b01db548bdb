"""How many records could not be read or drawn, by kind, for whoever watches the host."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.isolation import Failures, RecordKind


class FailedRecords(Collector):
    """`papertakes_failed_records_total{kind="…"}`, each kind from the start on."""

    def __init__(self, failures: Failures) -> None:
        self.failures = failures

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(
            "papertakes_failed_records", "Records that could not be read or drawn", labels=["kind"]
        )
        for kind in RecordKind:
            family.add_metric([kind.value], self.failures.counts[kind])
        yield family
