"""Time in tools, all together."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import seconds
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS

SIGNAL = Signal(
    name="latency_tools",
    layer=TOOLS,
    unit="s",
    describes="Time in tools, all together.",
    healthy="0.00228 to 0.06, median 0.00811. Rises with the number of calls.",
    of=lambda trace: seconds(trace.operation(semconv.OP_EXECUTE_TOOL)),
)
