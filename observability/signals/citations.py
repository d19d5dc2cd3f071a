"""Citations in the answer."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="citations",
    layer=ANSWER,
    unit="1",
    describes="Citations in the answer.",
    healthy="1, and 0 for an abstention.",
    of=number_of(semconv.CITATION_GIVEN),
)
