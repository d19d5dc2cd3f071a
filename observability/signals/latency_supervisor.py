"""Time in planning the way, all together."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import seconds
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="latency_supervisor",
    layer=ROUTING,
    unit="s",
    describes="Time in planning the way, all together.",
    healthy="1.63 to 2.47, median 2. One planning; a second one doubles it.",
    of=lambda trace: seconds(trace.operation(semconv.OP_PLAN)),
)
