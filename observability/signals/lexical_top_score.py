"""Best score of the search by words (BM25)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="lexical_top_score",
    layer=DATA,
    unit="1",
    describes="Best score of the search by words (BM25).",
    healthy="4.53 to 20.3, median 10. Follows the length and the rarity of the words asked for.",
    of=number_of(semconv.LEXICAL_TOP_SCORE),
)
