"""Passages that the context holds."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_kept",
    layer=CONTEXT,
    unit="1",
    describes="Passages that the context holds.",
    healthy="Always 5; fewer when the budget is too small.",
    of=number_of(semconv.CONTEXT_KEPT),
)
