"""Share of the citations that lead to something that was shown."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="citation_match",
    layer=ANSWER,
    unit="1",
    describes="Share of the citations that lead to something that was shown.",
    healthy="1. Less means that an answer cites what was not shown.",
    of=number_of(semconv.CITATION_MATCH),
)
