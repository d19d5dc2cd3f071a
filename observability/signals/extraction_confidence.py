"""The model's confidence in the answer's words, from their probabilities."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="extraction_confidence",
    layer=MODEL,
    unit="1",
    describes="The model's confidence in the answer's words, from their probabilities.",
    healthy=(
        "0.999 to 1, median 1. Lower where two wordings of an answer are alike; a model may be "
        "sure of what is wrong."
    ),
    of=number_of(semconv.EXTRACTION_CONFIDENCE),
)
