"""Time in model calls, all together."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import seconds
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="latency_model",
    layer=MODEL,
    unit="s",
    describes="Time in model calls, all together.",
    healthy="5.5 to 9.06, median 7.09. Nearly all of the latency.",
    of=lambda trace: seconds(trace.operation(semconv.OP_CHAT)),
)
