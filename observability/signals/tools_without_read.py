"""Calls of tools below which nothing was read from the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from observability.recording.records import SpanRecord
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS


def _of(trace: Trace) -> float | None:
    calls = trace.operation(semconv.OP_EXECUTE_TOOL)
    parents = {span.span_id: span.parent_id for span in trace.spans}
    read = {above for span in trace.named(semconv.SPAN_SELECT) for above in _above(span, parents)}
    return float(sum(call.span_id not in read for call in calls)) if calls else None


def _above(span: SpanRecord, parents: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    parent = span.parent_id
    # Parents that go round in a circle are possible in what comes from elsewhere.
    while parent is not None and parent not in found:
        found.add(parent)
        parent = parents.get(parent)
    return found


SIGNAL = Signal(
    name="tools_without_read",
    layer=TOOLS,
    unit="1",
    describes="Calls of tools below which nothing was read from the ledger.",
    healthy="0. More means that a tool answered out of something else, or out of nothing.",
    of=_of,
)
