"""Vendors, invoices and orders that the question names, those taken from memory among them."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import number
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="entities_found",
    layer=ROUTING,
    unit="1",
    describes=(
        "Vendors, invoices and orders that the question names, those taken from memory among them."
    ),
    healthy=(
        "0 to 2, mostly 1. A fall means that questions changed or names are no longer recognised."
    ),
    of=lambda trace: number(trace.named(semconv.SPAN_INTENT), semconv.ENTITY_COUNT),
)
