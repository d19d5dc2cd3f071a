"""How unsure the application is of its way and of its words."""

from __future__ import annotations

import math

from observability.signals.reading import clamped, known
from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL


def _of(trace: Trace) -> float | None:
    confidences = [
        number(trace.having(key), key)
        for key in (semconv.ROUTE_CONFIDENCE, semconv.EXTRACTION_CONFIDENCE)
    ]
    there = [clamped(confidence) for confidence in known(*confidences)]
    return 1 - math.prod(there) if there else None


SIGNAL = Signal(
    name="uncertainty",
    layer=MODEL,
    unit="1",
    describes=(
        "1 less the product of the confidence in the way (route_confidence) and in the answer's "
        "words (extraction_confidence), of those that there are."
    ),
    healthy="0.00147 to 0.559, median 0.0614. Most of it is uncertainty about the way.",
    of=_of,
)
