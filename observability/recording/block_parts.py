"""A block's records as the bytes of its parts, in an order of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from observability.recording import parts, seal, span_table
from observability.recording.record_tables import LOGS, METRICS, REQUESTS, TRUTH, RecordTable
from observability.recording.records import LogRecord, MetricRecord, SpanRecord, TruthRecord
from observability.recording.request_rows import request_rows

R = TypeVar("R")


def encoded_block(
    spans: Sequence[SpanRecord],
    metrics: Sequence[MetricRecord],
    logs: Sequence[LogRecord],
    truth: Sequence[TruthRecord],
    twins: Sequence[SpanRecord],
) -> Mapping[str, bytes | None]:
    """Return the bytes of each part by its folder, the spans last; None for a part without rows.

    ``RecordingError`` for a record that cannot be kept.
    """
    spans = span_table.in_order(spans)
    whole = _encoded_spans(spans)
    return {
        seal.TRUTH: _encoded(TRUTH, sorted(truth, key=lambda t: (t.number, t.arm, t.trace_id))),
        seal.TWINS: _encoded_spans(span_table.in_order(twins)) if twins else None,
        "logs": _encoded(LOGS, sorted(logs, key=_log_order)),
        "metrics": _encoded(METRICS, sorted(metrics, key=_metric_order)),
        "requests": _encoded(REQUESTS, tuple(request_rows(spans))),
        "spans": whole,
    }


def _encoded_spans(spans: Sequence[SpanRecord]) -> bytes:
    return parts.encode(span_table.to_table(spans), span_table.content_digest(spans))


def _encoded(table: RecordTable[R], records: Sequence[R]) -> bytes | None:
    if not records:
        return None
    return parts.encode(table.to_table(records), table.digest(records))


def _log_order(log: LogRecord) -> tuple[Any, ...]:
    return (log.time_ns, log.service, log.trace_id or "", log.span_id or "", log.body)


def _metric_order(metric: MetricRecord) -> tuple[Any, ...]:
    labels = sorted(map(str, metric.attributes.items()))
    return (metric.time_ns, metric.start_ns, metric.service, metric.name, labels)
