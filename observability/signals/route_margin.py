"""Confidence in the way that was chosen less that in the next best."""

from __future__ import annotations

from observability.signals.reading import margin_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="route_margin",
    layer=ROUTING,
    unit="1",
    describes="Confidence in the way that was chosen less that in the next best.",
    healthy=(
        "0.13 to 0.998, median 0.9. Below 0 in 3 of 100 requests, where the choice was not the "
        "likeliest."
    ),
    of=margin_of(semconv.ROUTE_CONFIDENCE, semconv.ROUTE_ALTERNATIVES),
)
