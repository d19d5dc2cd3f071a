"""The application's confidence in its answer."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="answer_confidence",
    layer=ANSWER,
    unit="1",
    describes="The application's confidence in its answer.",
    healthy=(
        "0.992 to 1, median 1. Extraction confidence, reduced where validation was not content."
    ),
    of=number_of(semconv.ANSWER_CONFIDENCE),
)
