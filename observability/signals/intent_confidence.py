"""Confidence in what the question is about."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="intent_confidence",
    layer=ROUTING,
    unit="1",
    describes="Confidence in what the question is about.",
    healthy="0.38 to 1, median 0.931.",
    of=number_of(semconv.INTENT_CONFIDENCE),
)
