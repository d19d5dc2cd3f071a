"""Chunks that the metadata filter let through."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="filter_rows_out",
    layer=RETRIEVAL,
    unit="1",
    describes="Chunks that the metadata filter let through.",
    healthy="A few hundred with a filter, the whole index without one.",
    of=number_of(semconv.FILTER_ROWS_OUT),
)
