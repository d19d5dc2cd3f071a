"""Score of the first passage after reranking less that of the second."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="rerank_margin",
    layer=RETRIEVAL,
    unit="1",
    describes="Score of the first passage after reranking less that of the second.",
    healthy=(
        "0.00121 to 0.316, median 0.0773, never below 0. Below 0, what stands first is not what "
        "scores best."
    ),
    of=number_of(semconv.RERANK_MARGIN),
)
