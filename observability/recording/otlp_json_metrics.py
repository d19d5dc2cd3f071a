"""Metrics as OTLP/JSON: sums, histograms and gauges; written with delta temporality."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

import orjson

from observability.recording.cumulative import CumulativePoint
from observability.recording.otlp_json_values import (
    attributes_of,
    double,
    enum_of,
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
_TEMPORALITIES = ("UNSPECIFIED", "DELTA", "CUMULATIVE")
_NO_VALUE = 1  # a point's flag: the series is known, but nothing was measured
_TOO_MANY = 2**63


@dataclass(slots=True)
class Points:
    """A metric's points: ``ready`` ones as they are kept, and those of cumulative series.

    ``left_out`` points are of a kind that is not kept. ``unspecified`` ones do
    not say their temporality; they are among the cumulative ones. ``unfit``
    says of each that contradicts itself what is wrong with it.
    """

    ready: list[MetricRecord] = field(default_factory=list)
    cumulative: list[CumulativePoint] = field(default_factory=list)
    left_out: int = 0
    unspecified: int = 0
    unfit: list[str] = field(default_factory=list)


def metric_lines(
    metrics: Iterable[MetricRecord], resources: Mapping[str, Attributes]
) -> Iterator[bytes]:
    """Yield lines, each with its end, of some hundred points at most."""
    waiting = iter(metrics)
    while some := list(islice(waiting, _POINTS)):
        services: dict[str, dict[tuple[str, str, str, bool], list[MetricRecord]]] = {}
        for point in some:
            of_service = services.setdefault(point.service, {})
            metric = (point.name, point.unit, point.kind, point.monotonic)
            of_service.setdefault(metric, []).append(point)
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


def metrics_of(metric: Mapping[str, Any], service: str, origin: Sequence[Any]) -> Points:
    """Return a metric's points.

    ``origin`` is what tells the series of one process and library from those
    of others. A temporality that is not specified is taken for cumulative, as
    SDKs have it by default; points with start times come out right even if they
    were deltas. Raises what ``otlp_json.from_line`` explains.
    """
    name, unit = str(metric.get("name", "")), str(metric.get("unit", ""))
    found = Points()
    for kind in _OTHER_KINDS:
        found.left_out += len(list_of(metric.get(kind) or {}, "dataPoints"))
    for kind in _KINDS:
        data = metric.get(kind) or {}
        temporality = enum_of(
            data.get("aggregationTemporality") or 0, _TEMPORALITIES, "AGGREGATION_TEMPORALITY_"
        )
        ready = kind == "gauge" or temporality == "DELTA"
        for plain in list_of(data, "dataPoints"):
            if int(plain.get("flags") or 0) & _NO_VALUE:
                continue
            grows = kind == "sum" and bool(data.get("isMonotonic"))
            record = _record(plain, kind, name, unit, service, grows)
            if why := _contradiction(record, ready):
                found.unfit.append(f"{kind} {name!r} {why}")
            elif ready:
                found.ready.append(record)
            else:
                found.cumulative.append(CumulativePoint(_series(record, origin), record))
                found.unspecified += temporality == "UNSPECIFIED"
    return found


def _series(record: MetricRecord, origin: Sequence[Any]) -> bytes:
    """Return what all points of a series have in common, in a few bytes."""
    parts = [*origin, record.name, record.unit, record.kind, record.attributes]
    return hashlib.blake2b(
        orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=16
    ).digest()


def _contradiction(record: MetricRecord, ready: bool) -> str:
    """Say what cannot be true of a point, nothing if all can."""
    if record.kind != "histogram":
        # The difference to what is no number would be none either.
        return "" if ready or math.isfinite(record.value) else f"has the value {record.value}"
    bounds, buckets = record.bounds, record.buckets
    if not all(0 <= number < _TOO_MANY for number in (record.count, *buckets)):
        return "has a count that is none"
    if not all(low < high for low, high in pairwise(bounds)) or any(map(math.isnan, bounds)):
        return "has bounds that do not ascend"
    if len(buckets) != len(bounds) + 1 and (buckets or bounds):
        return f"has {len(buckets)} buckets for {len(bounds)} bounds"
    if buckets and sum(buckets) != record.count:
        return f"has {sum(buckets)} values in its buckets and a count of {record.count}"
    return ""


def _metric(
    name: str, unit: str, kind: str, monotonic: bool, points: Sequence[MetricRecord]
) -> dict[str, Any]:
    data: dict[str, Any] = {"dataPoints": [_point(point) for point in points]}
    if kind != "gauge":
        data["aggregationTemporality"] = _DELTA
    if monotonic:  # what is not said is no, as in all of Protocol Buffers
        data["isMonotonic"] = True
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
    point: Mapping[str, Any], kind: str, name: str, unit: str, service: str, monotonic: bool
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
        monotonic=monotonic,
    )
