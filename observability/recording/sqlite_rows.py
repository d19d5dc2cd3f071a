"""Spans as rows of the SQLite file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from observability.recording.records import SPAN_FIELDS, EventRecord, SpanRecord, plain_values

COLUMNS = ", ".join(SPAN_FIELDS)
PLACES = ", ".join("?" for _ in SPAN_FIELDS)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def row_of(span: SpanRecord) -> tuple[object, ...]:
    """Return a span's row."""
    events = (
        _encode([[event.name, event.time_ns, event.attributes] for event in span.events])
        if span.events
        else "[]"
    )
    return (*plain_values(span), _encode(span.attributes), events)


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
