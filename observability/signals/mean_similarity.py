"""Mean cosine similarity of the passages that came out."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="mean_similarity",
    layer=RETRIEVAL,
    unit="1",
    describes="Mean cosine similarity of the passages that came out.",
    healthy=(
        "0.346 to 0.652, median 0.517. Falls with top1_similarity, and when the rest of the "
        "passages is filler."
    ),
    of=number_of(semconv.RETRIEVAL_MEAN_SIMILARITY),
)
