"""Time in embedding what is searched for."""

from __future__ import annotations

from observability.signals.reading import time_in
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="latency_embedding",
    layer=DATA,
    unit="s",
    describes="Time in embedding what is searched for.",
    healthy="0.0123 to 0.02, median 0.0147. Follows the length of the question.",
    of=time_in(semconv.SPAN_EMBEDDINGS),
)
