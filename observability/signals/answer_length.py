"""Length of the answer."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="answer_length",
    layer=ANSWER,
    unit="characters",
    describes="Length of the answer.",
    healthy="24 to 132, median 49.",
    of=number_of(semconv.ANSWER_LENGTH),
)
