"""The risk that the application itself states."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="hallucination_risk",
    layer=ANSWER,
    unit="1",
    describes="The risk that the application states: 1 less the mean of support and groundedness.",
    healthy="0 for 96 of 100 answers that are checked, 0.5 for the others.",
    of=number_of(semconv.VALIDATION_HALLUCINATION_RISK),
    cost="model",
)
