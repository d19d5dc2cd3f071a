"""Time in the vector query."""

from __future__ import annotations

from observability.signals.reading import time_in
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="latency_query",
    layer=DATA,
    unit="s",
    describes="Time in the vector query.",
    healthy="0.0081 to 0.0139, median 0.0101.",
    of=time_in(semconv.SPAN_QUERY),
)
