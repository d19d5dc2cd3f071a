"""Times that a second way was taken because the first did not do."""

from __future__ import annotations

from observability.signals.reading import whole
from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv


def _of(trace: Trace) -> float | None:
    told = float(len(trace.events(semconv.EVENT_FALLBACK)))
    used = whole(trace, semconv.FALLBACK_USED)
    return max(told, used or 0.0)


SIGNAL = Signal(
    name="fallbacks",
    layer=INFRASTRUCTURE,
    unit="1",
    describes="Times that a second way was taken because the first did not do.",
    healthy=(
        "0 for nine of ten; the others are unsure of the way and take the one that does everything."
    ),
    of=_of,
)
