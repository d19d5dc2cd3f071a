"""Passages that were offered to the context."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_offered",
    layer=CONTEXT,
    unit="1",
    describes="Passages that were offered to the context.",
    healthy="Always 5.",
    of=number_of(semconv.CONTEXT_OFFERED),
)
