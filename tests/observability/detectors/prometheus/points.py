"""Points of metrics for tests: minute by minute, as a run records them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence

import pytest

from observability.detectors.prometheus.series import MINUTE_NS, Piece
from observability.recording.records import Attributes, MetricRecord

RESOURCES = {
    "shop": {"service.name": "shop", "service.namespace": "acme", "service.version": "1"},
}
BEGIN = 29_700_000
"""A minute in 2026, counted from the epoch."""

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="Prometheus is not installed (apt install prometheus)",
)


def point(
    name: str,
    minute: float,
    value: float,
    attributes: Attributes | None = None,
    kind: str = "sum",
    unit: str = "",
    bounds: Sequence[float] = (),
    buckets: Sequence[int] = (),
) -> MetricRecord:
    at = int((BEGIN + minute) * MINUTE_NS)
    return MetricRecord(
        service="shop",
        name=name,
        kind=kind,
        unit=unit,
        start_ns=at - MINUTE_NS,
        time_ns=at,
        value=value,
        count=sum(buckets) or 1,
        bounds=bounds,
        buckets=buckets,
        attributes=attributes or {},
    )


def counted(name: str, values: Mapping[int, float], **attributes: str) -> list[MetricRecord]:
    """Return a counter's points, by the minute at which each was read."""
    return [point(name, minute, value, attributes) for minute, value in values.items()]


def piece(points: Sequence[MetricRecord]) -> Piece:
    return Piece(sorted(points, key=lambda each: each.time_ns), RESOURCES)
