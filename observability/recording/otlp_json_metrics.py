"""Metrics as OTLP/JSON: sums and histograms with delta temporality, and gauges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson

from observability.recording.otlp_json_values import (
    attributes_of,
    double,
    list_of,
    pairs,
    resource_of,
    time_of,
)
from observability.recording.records import Attributes, MetricRecord

_DELTA = 1
_POINTS = 500
"""Points of a line, so that none grows with the number of users or routes."""

_KINDS = ("sum", "gauge", "histogram")
_OTHER_KINDS = ("exponentialHistogram", "summary")


def metric_lines(
    metrics: Iterable[MetricRecord], resources: Mapping[str, Attributes]
) -> Iterator[bytes]:
    """Yield lines, each with its end, of some hundred points at most."""
    waiting = iter(metrics)
    while some := list(islice(waiting, _POINTS)):
        services: dict[str, dict[tuple[str, str, str], list[MetricRecord]]] = {}
        for point in some:
            of_service = services.setdefault(point.service, {})
            of_service.setdefault((point.name, point.unit, point.kind), []).append(point)
        request = {
            "resourceMetrics": [
                {
                    "resource": {"attributes": pairs(resource_of(service, resources))},
                    "scopeMetrics": [
                        {"scope": {}, "metrics": [_metric(*key, p) for key, p in found.items()]}
                    ],
                }
                for service, found in services.items()
            ]
        }
        yield orjson.dumps(request) + b"\n"


def metrics_of(metric: Mapping[str, Any], service: str) -> tuple[list[MetricRecord], int]:
    """Return a metric's points, and how many of a kind that is not kept are left out.

    Raises what ``otlp_json.from_line`` explains.
    """
    left_out = sum(len(list_of(metric.get(kind) or {}, "dataPoints")) for kind in _OTHER_KINDS)
    name, unit = str(metric.get("name", "")), str(metric.get("unit", ""))
    points = [
        _record(point, kind, name, unit, service)
        for kind in _KINDS
        for point in list_of(metric.get(kind) or {}, "dataPoints")
    ]
    return points, left_out


def _metric(name: str, unit: str, kind: str, points: Sequence[MetricRecord]) -> dict[str, Any]:
    data: dict[str, Any] = {"dataPoints": [_point(point) for point in points]}
    if kind != "gauge":
        data["aggregationTemporality"] = _DELTA
    return {"name": name, "unit": unit, kind: data}


def _point(point: MetricRecord) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "startTimeUnixNano": str(point.start_ns),
        "timeUnixNano": str(point.time_ns),
        "attributes": pairs(point.attributes),
    }
    if point.kind != "histogram":
        return plain | {"asDouble": double(point.value)}
    return plain | {
        "count": str(point.count),
        "sum": double(point.value),
        "bucketCounts": [str(n) for n in point.buckets],
        "explicitBounds": [double(bound) for bound in point.bounds],
    }


def _record(
    point: Mapping[str, Any], kind: str, name: str, unit: str, service: str
) -> MetricRecord:
    is_histogram = kind == "histogram"
    value = point.get("sum", 0) if is_histogram else point.get("asDouble", point.get("asInt", 0))
    return MetricRecord(
        service=service,
        name=name,
        kind=kind,
        unit=unit,
        start_ns=time_of(point, "startTimeUnixNano"),
        time_ns=time_of(point, "timeUnixNano"),
        value=float(value),
        count=int(point.get("count", 0)) if is_histogram else 1,
        bounds=tuple(float(bound) for bound in list_of(point, "explicitBounds")),
        buckets=tuple(int(n) for n in list_of(point, "bucketCounts")),
        attributes=attributes_of(list_of(point, "attributes")),
    )
