"""Rows that the tools returned, all together."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import total
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS

SIGNAL = Signal(
    name="tool_rows",
    layer=TOOLS,
    unit="1",
    describes="Rows that the tools returned, all together.",
    healthy="0 to 10.7, median 1. Follows what is asked about.",
    of=lambda trace: total(trace.operation(semconv.OP_EXECUTE_TOOL), semconv.TOOL_RESULT_ROWS),
)
