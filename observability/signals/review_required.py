"""Whether a person has to look at the answer (1) or not (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="review_required",
    layer=ANSWER,
    unit="1",
    describes="Whether a person has to look at the answer (1) or not (0).",
    healthy="About one in twenty.",
    of=number_of(semconv.REVIEW_REQUIRED),
)
