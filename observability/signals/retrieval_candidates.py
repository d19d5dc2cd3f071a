"""Passages from which the best were chosen."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="retrieval_candidates",
    layer=RETRIEVAL,
    unit="1",
    describes="Passages from which the best were chosen.",
    healthy="Always 24, the number that is reranked.",
    of=number_of(semconv.RETRIEVAL_CANDIDATES),
)
