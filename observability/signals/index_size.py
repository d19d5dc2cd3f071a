"""Chunks in the collection that was searched."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="index_size",
    layer=DATA,
    unit="1",
    describes="Chunks in the collection that was searched.",
    healthy="The same for all requests; steps when documents come or go.",
    of=number_of(semconv.INDEX_SIZE),
)
