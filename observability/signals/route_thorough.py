"""Whether the way calls every tool that can be called (1) or not (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="route_thorough",
    layer=ROUTING,
    unit="1",
    describes="Whether the way calls every tool that can be called (1) or not (0).",
    healthy="0; tools are chosen by need.",
    of=number_of(semconv.ROUTE_THOROUGH),
)
