"""Share of the answer's words, figures and entities that its evidence bears out."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="groundedness",
    layer=ANSWER,
    unit="1",
    describes="Share of the answer's words, figures and entities that its evidence bears out.",
    healthy="1, nearly always. It stays there for an answer that is true to a wrong document.",
    of=number_of(semconv.VALIDATION_GROUNDEDNESS),
    cost="check",
)
