"""Cosine similarity of the passage that came out first."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="top1_similarity",
    layer=RETRIEVAL,
    unit="1",
    describes="Cosine similarity of the passage that came out first.",
    healthy=(
        "0.38 to 0.766, median 0.624. Falls when passages come back in a wrong order or the "
        "index does not hold what is asked for; a falling answer quality need not show here."
    ),
    of=number_of(semconv.RETRIEVAL_TOP1_SIMILARITY),
)
