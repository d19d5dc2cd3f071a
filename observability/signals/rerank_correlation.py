"""Spearman's correlation between the order before reranking and the order after it."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="rerank_correlation",
    layer=RETRIEVAL,
    unit="1",
    describes="Spearman's correlation between the order before reranking and the order after it.",
    healthy="0.256 to 0.879, median 0.64. Below 0, reranking turns the order round.",
    of=number_of(semconv.RERANK_CORRELATION),
)
