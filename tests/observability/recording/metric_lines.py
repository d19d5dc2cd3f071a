"""Lines of OTLP JSON with points of one metric, and what importing them records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from observability.recording.importing import Imported, import_lines
from observability.recording.records import MetricRecord
from observability.recording.run_folder import RunFolder

_CUMULATIVE = 2


def line(
    *points: dict[str, Any],
    name: str = "calls",
    kind: str = "sum",
    temporality: Any = _CUMULATIVE,
    monotonic: bool = True,
    process: str = "p1",
) -> str:
    """Return a line with one metric of the service ``app``."""
    data: dict[str, Any] = {"dataPoints": list(points), "aggregationTemporality": temporality}
    if kind == "sum":
        data["isMonotonic"] = monotonic
    attributes = [
        {"key": key, "value": {"stringValue": value}}
        for key, value in (("service.name", "app"), ("service.instance.id", process))
    ]
    metrics = [{"name": name, "unit": "1", kind: data}]
    resource = {"resource": {"attributes": attributes}, "scopeMetrics": [{"metrics": metrics}]}
    return json.dumps({"resourceMetrics": [resource]})


def at(time: int, value: float, start: int = 1, route: str = "") -> dict[str, Any]:
    """Return a point of a sum; ``time`` and ``start`` are nanoseconds."""
    pairs = [{"key": "route", "value": {"stringValue": route}}] if route else []
    return {
        "startTimeUnixNano": str(start),
        "timeUnixNano": str(time),
        "asDouble": value,
        "attributes": pairs,
    }


def buckets(time: int, *counts: int, start: int = 1, **changed: Any) -> dict[str, Any]:
    """Return a point of a histogram with so many values in each bucket."""
    return {
        "startTimeUnixNano": str(start),
        "timeUnixNano": str(time),
        "count": str(sum(counts)),
        "sum": 2.0 * sum(counts),
        "bucketCounts": [str(count) for count in counts],
        "explicitBounds": [1.0 * bound for bound in range(len(counts) - 1)],
        **changed,
    }


def imported(tmp_path: Path, lines: Sequence[str]) -> tuple[Imported, list[MetricRecord]]:
    """Return what importing these lines tells, and the metrics that it recorded."""
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = import_lines(tmp_path / "in.jsonl", tmp_path / "new", {})
    records = list(RunFolder.open(tmp_path / "new").metrics())
    assert report.metrics == len(records)
    return report, records


def spans_of_time(records: Sequence[MetricRecord]) -> list[tuple[int, int, float]]:
    """Return begin, end and value of each record."""
    return [(record.start_ns, record.time_ns, record.value) for record in records]
