"""Passages that came out."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="retrieval_returned",
    layer=RETRIEVAL,
    unit="1",
    describes="Passages that came out.",
    healthy="Always 5, the number asked for.",
    of=number_of(semconv.RETRIEVAL_RETURNED),
)
