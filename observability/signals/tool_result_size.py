"""Length of what the tools returned, all together."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import total
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS

SIGNAL = Signal(
    name="tool_result_size",
    layer=TOOLS,
    unit="characters",
    describes="Length of what the tools returned, all together.",
    healthy="39 to 2,865, median 496. Follows what is asked about.",
    of=lambda trace: total(trace.operation(semconv.OP_EXECUTE_TOOL), semconv.TOOL_RESULT_SIZE),
)
