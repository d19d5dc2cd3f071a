"""Time in reranking."""

from __future__ import annotations

from observability.signals.reading import time_in
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="latency_rerank",
    layer=RETRIEVAL,
    unit="s",
    describes="Time in reranking.",
    healthy="0.0244 to 0.0414, median 0.03. Follows the number and length of the candidates.",
    of=time_in(semconv.SPAN_RERANK),
)
