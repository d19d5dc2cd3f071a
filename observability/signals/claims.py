"""Claims that the validating model found in the answer."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="claims",
    layer=ANSWER,
    unit="1",
    describes="Claims that the validating model found in the answer.",
    healthy="1, seldom 2.",
    of=number_of(semconv.VALIDATION_CLAIMS),
    cost="model",
)
