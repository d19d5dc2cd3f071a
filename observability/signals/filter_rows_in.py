"""Chunks that the metadata filter chose from."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="filter_rows_in",
    layer=DATA,
    unit="1",
    describes="Chunks that the metadata filter chose from.",
    healthy="The size of the index, the same for all requests; steps when documents come or go.",
    of=number_of(semconv.FILTER_ROWS_IN),
)
