"""The lowest confidence of any model call in its words, from their probabilities."""

from __future__ import annotations

from observability.signals.reading import known
from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL


def _of(trace: Trace) -> float | None:
    calls = trace.operation(semconv.OP_CHAT)
    return min(known(*(number([c], semconv.RESPONSE_CONFIDENCE) for c in calls)), default=None)


SIGNAL = Signal(
    name="lowest_confidence",
    layer=MODEL,
    unit="1",
    describes="The lowest confidence of any model call in its words, from their probabilities.",
    healthy=(
        "0.331 to 0.986, median 0.777. Decisions between ways are among the calls, and are less "
        "sure than answers."
    ),
    of=_of,
)
