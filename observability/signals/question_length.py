"""Length of the question."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="question_length",
    layer=INFRASTRUCTURE,
    unit="characters",
    describes="Length of the question; it says what traffic is like, not how it is served.",
    healthy="38.8 to 103, median 67.5. A shift is one of traffic, and explains others.",
    of=number_of(semconv.QUESTION_LENGTH),
)
