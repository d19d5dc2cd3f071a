"""Age of the oldest document in the context."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_oldest_age",
    layer=CONTEXT,
    unit="days",
    describes="Age of the oldest document in the context.",
    healthy=(
        "85 to 1,216, median 288. Old policies are in force, so a high age alone is no failure."
    ),
    of=number_of(semconv.CONTEXT_OLDEST_AGE_DAYS),
)
