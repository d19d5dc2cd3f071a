"""The supervisor's confidence in the way that it chose first."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="route_confidence",
    layer=ROUTING,
    unit="1",
    describes="The supervisor's confidence in the way that it chose first.",
    healthy=(
        "0.463 to 0.999, median 0.942. Below 0.4 the application falls back to the way that "
        "does everything."
    ),
    of=number_of(semconv.ROUTE_CONFIDENCE),
)
