"""What a service's metrics add up to, for whoever wants numbers without a backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from opentelemetry.sdk.metrics import Counter, Histogram, UpDownCounter
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    HistogramDataPoint,
    InMemoryMetricReader,
    Metric,
    NumberDataPoint,
    Sum,
)

from observability.recording.records import AttributeValue, MetricRecord

DELTA: dict[type, AggregationTemporality] = dict.fromkeys(
    (Counter, UpDownCounter, Histogram), AggregationTemporality.DELTA
)
"""The reader's setting for metrics that count from one look to the next."""


@dataclass(frozen=True, slots=True)
class MetricTotal:
    """One metric with one set of labels since the service began.

    ``value`` is a counter's or gauge's value and a histogram's sum; ``count``
    is the number of a histogram's values (1 otherwise). ``bounds`` and
    ``buckets`` are a histogram's, with one bucket more than there are bounds.
    """

    name: str
    labels: Mapping[str, object]
    value: float
    count: int = 1
    bounds: Sequence[float] = ()
    buckets: Sequence[int] = ()

    def quantile(self, share: float) -> float:
        """Return a histogram's quantile as Prometheus estimates it; nan without values."""
        rank, below = share * self.count, 0
        for number, held in enumerate(self.buckets):
            if held and below + held >= rank:
                if number == len(self.bounds):
                    return float(self.bounds[-1])
                low = self.bounds[number - 1] if number else 0.0
                return float(low + (self.bounds[number] - low) * (rank - below) / held)
            below += held
        return float("nan")


def read_totals(reader: InMemoryMetricReader) -> list[MetricTotal]:
    """Return every metric with every set of labels that a reader holds."""
    data = reader.get_metrics_data()
    if data is None:
        return []
    return [
        _total(metric.name, point)
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
        if isinstance(point, HistogramDataPoint | NumberDataPoint)
    ]


def read_records(
    reader: InMemoryMetricReader, service: str, start_ns: int, time_ns: int
) -> list[MetricRecord]:
    """Return a service's metrics as records of a stretch of time, sorted by name and labels.

    The times are given, since the reader only knows the machine's.
    """
    data = reader.get_metrics_data()
    if data is None:
        return []
    found = [
        _record(service, metric, point)
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
        if isinstance(point, HistogramDataPoint | NumberDataPoint)
    ]
    stamped = [replace(one, start_ns=start_ns, time_ns=time_ns) for one in found]
    return sorted(stamped, key=lambda one: (one.name, repr(sorted(one.attributes.items()))))


def _record(
    service: str, metric: Metric, point: HistogramDataPoint | NumberDataPoint
) -> MetricRecord:
    total = _total(metric.name, point)
    is_gauge = isinstance(metric.data, Gauge)
    return MetricRecord(
        service,
        metric.name,
        "gauge" if is_gauge else "histogram" if total.buckets else "sum",
        metric.unit or "",
        0,
        0,
        total.value,
        total.count,
        total.bounds,
        total.buckets,
        cast(Mapping[str, AttributeValue], total.labels),
        isinstance(metric.data, Sum) and metric.data.is_monotonic,
    )


def _total(name: str, point: HistogramDataPoint | NumberDataPoint) -> MetricTotal:
    labels = dict(point.attributes or {})
    if isinstance(point, NumberDataPoint):
        return MetricTotal(name, labels, float(point.value))
    return MetricTotal(
        name,
        labels,
        float(point.sum),
        point.count,
        tuple(point.explicit_bounds),
        tuple(point.bucket_counts),
    )
