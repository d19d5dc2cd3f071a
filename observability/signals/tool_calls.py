"""Calls of tools."""

from __future__ import annotations

from observability.signals.reading import whole
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS


def _of(trace: Trace) -> float | None:
    there = whole(trace, semconv.TOOL_COUNT)
    calls = len(trace.operation(semconv.OP_EXECUTE_TOOL))
    return float(calls) if calls else there


SIGNAL = Signal(
    name="tool_calls",
    layer=TOOLS,
    unit="1",
    describes="Calls of tools.",
    healthy="1 or 3 where there are any; none for documents alone.",
    of=_of,
)
