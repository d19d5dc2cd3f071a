"""Spans as an Arrow table and back: typed columns, ids as bytes, in an order of its own.

The order does not depend on the order in which the spans came: traces by their
first start, within a trace by start, the longer span first, so that a parent
comes before its children.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa

from observability.recording import attribute_columns
from observability.recording.errors import RecordingError
from observability.recording.parts import DIGEST_RANGE
from observability.recording.records import EventRecord, SpanRecord, plain_values

_EVENT = pa.struct([("name", pa.string()), ("time_ns", pa.int64()), ("attributes", pa.string())])
_EVENTS = pa.list_(pa.field("element", _EVENT))
CORE = pa.schema(
    [
        ("trace_id", pa.binary(16)),
        ("span_id", pa.binary(8)),
        ("parent_id", pa.binary(8)),
        ("service", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("start_ns", pa.int64()),
        ("duration_ns", pa.int64()),
        ("status", pa.string()),
        ("events", _EVENTS),
    ]
)
"""The columns that every part has; all others are attributes."""

# Names of the view in SQL, which a column of attributes must not take.
RESERVED = frozenset({*CORE.names, "start", "end_ns", "duration_ms"})


def in_order(spans: Iterable[SpanRecord]) -> list[SpanRecord]:
    """Return spans in the order in which they are kept."""
    spans = list(spans)
    first: dict[str, int] = {}
    for span in spans:
        first[span.trace_id] = min(span.start_ns, first.get(span.trace_id, span.start_ns))
    return sorted(
        spans,
        key=lambda s: (first[s.trace_id], s.trace_id, s.start_ns, -s.end_ns, s.span_id),
    )


def to_table(spans: Sequence[SpanRecord]) -> pa.Table:
    """Return spans, which are in order already, as a table.

    Raises ``RecordingError`` for a span that cannot be kept.
    """
    try:
        core: list[pa.Array] = [
            pa.array([bytes.fromhex(span.trace_id) for span in spans], pa.binary(16)),
            pa.array([bytes.fromhex(span.span_id) for span in spans], pa.binary(8)),
            pa.array(
                [None if s.parent_id is None else bytes.fromhex(s.parent_id) for s in spans],
                pa.binary(8),
            ),
            pa.array([span.service for span in spans], pa.string()),
            pa.array([span.name for span in spans], pa.string()),
            pa.array([span.kind for span in spans], pa.string()),
            pa.array([span.start_ns for span in spans], pa.int64()),
            pa.array([span.end_ns - span.start_ns for span in spans], pa.int64()),
            pa.array([span.status for span in spans], pa.string()),
            pa.array([_events(span) for span in spans], _EVENTS),
        ]
        columns = attribute_columns.encode([span.attributes for span in spans], RESERVED)
    except (TypeError, ValueError, OverflowError) as error:  # pa.ArrowInvalid is a ValueError
        raise RecordingError(f"a span cannot be recorded: {error}") from error
    return pa.table([*core, *columns.values()], names=[*CORE.names, *columns])


def from_table(table: pa.Table) -> Iterator[SpanRecord]:
    """Yield the spans of a table, as they were recorded."""
    attributes = attribute_columns.decode(table, CORE.names)
    core = (table.column(name).to_pylist() for name in CORE.names)
    for row, attributes_ in zip(zip(*core, strict=True), attributes, strict=True):
        trace_id, span_id, parent_id, service, name, kind, start, duration, status, events = row
        yield SpanRecord(
            trace_id=trace_id.hex(),
            span_id=span_id.hex(),
            parent_id=None if parent_id is None else parent_id.hex(),
            service=service,
            name=name,
            kind=kind,
            start_ns=start,
            end_ns=start + duration,
            status=status,
            attributes=attributes_,
            events=tuple(
                EventRecord(
                    event["name"], event["time_ns"], attribute_columns.load(event["attributes"])
                )
                for event in events or ()
            ),
        )


def content_digest(spans: Iterable[SpanRecord]) -> int:
    """Return a number that is the same for the same spans, in any order and however cut in parts.

    It is the sum of the spans' hashes modulo 2**128: digests of parts add up
    to the digest of the whole.
    """
    total = 0
    for span in spans:
        plain = [
            *plain_values(span),
            attribute_columns.dump(span.attributes),
            [
                [event.name, event.time_ns, attribute_columns.dump(event.attributes)]
                for event in span.events
            ],
        ]
        total += digest_of(plain)
    return total % DIGEST_RANGE


def digest_of(plain: list[Any]) -> int:
    """Return a hash of plain values, below ``DIGEST_RANGE``."""
    digest = hashlib.blake2b(orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS), digest_size=16)
    return int.from_bytes(digest.digest(), "big")


def _events(span: SpanRecord) -> list[dict[str, Any]] | None:
    if not span.events:
        return None
    return [
        {
            "name": event.name,
            "time_ns": event.time_ns,
            "attributes": attribute_columns.dump(event.attributes),
        }
        for event in span.events
    ]
