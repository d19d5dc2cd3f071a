"""Whether the way leaves validation out (1) or not (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="route_short",
    layer=ROUTING,
    unit="1",
    describes="Whether the way leaves validation out (1) or not (0).",
    healthy=(
        "About a quarter of the requests, the lookups. More means that answers go out unchecked."
    ),
    of=number_of(semconv.ROUTE_SHORT),
)
