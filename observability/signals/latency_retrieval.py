"""Time in the search, without the way to it."""

from __future__ import annotations

from observability.signals.reading import time_in
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="latency_retrieval",
    layer=RETRIEVAL,
    unit="s",
    describes="Time in the search, without the way to it.",
    healthy="0.0488 to 0.0701, median 0.0561.",
    of=time_in(semconv.SPAN_RETRIEVAL),
)
