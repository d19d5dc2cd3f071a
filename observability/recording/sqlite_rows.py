"""Spans as rows of the SQLite file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from observability.recording.records import EventRecord, SpanRecord

COLUMNS = (
    "trace_id, span_id, parent_id, service, name, kind,"
    " start_ns, end_ns, status, attributes, events"
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def row_of(span: SpanRecord) -> tuple[object, ...]:
    """Return a span's row."""
    events = (
        _encode([[event.name, event.time_ns, event.attributes] for event in span.events])
        if span.events
        else "[]"
    )
    return (
        span.trace_id,
        span.span_id,
        span.parent_id,
        span.service,
        span.name,
        span.kind,
        span.start_ns,
        span.end_ns,
        span.status,
        _encode(span.attributes),
        events,
    )


def record_of(row: Sequence[Any]) -> SpanRecord:
    """Return the span of a row."""
    *plain, attributes, events = row
    told = tuple(
        EventRecord(name, time_ns, _attributes(values))
        for name, time_ns, values in json.loads(events)
    )
    values: list[Any] = [*plain, _attributes(json.loads(attributes)), told]
    return SpanRecord(*values)


def _attributes(values: dict[str, Any]) -> dict[str, Any]:
    # Sequences come from the SDK as tuples, so that is what they are again.
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
