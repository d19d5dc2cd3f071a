"""Confidence on which a review was decided."""

from __future__ import annotations

from observability.signals.signal import ANSWER, Signal
from observability.signals.trace import number
from observability.telemetry import semconv

SIGNAL = Signal(
    name="decision_confidence",
    layer=ANSWER,
    unit="1",
    describes="Confidence on which it was decided whether a person looks at the answer.",
    healthy="0.992 to 1, median 1. The same as answer_confidence.",
    of=lambda trace: number(trace.named(semconv.SPAN_ESCALATION), semconv.DECISION_CONFIDENCE),
)
