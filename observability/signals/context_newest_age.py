"""Age of the newest document in the context."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_newest_age",
    layer=CONTEXT,
    unit="days",
    describes="Age of the newest document in the context.",
    healthy="7 to 458, median 149. Rises when newer documents are no longer found.",
    of=number_of(semconv.CONTEXT_NEWEST_AGE_DAYS),
)
