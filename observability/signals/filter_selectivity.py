"""Share of the chunks that the metadata filter let through."""

from __future__ import annotations

from observability.signals.reading import share_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="filter_selectivity",
    layer=RETRIEVAL,
    unit="1",
    describes="Share of the chunks that the metadata filter let through.",
    healthy="About 0.09 to 0.13 with a filter, 1 without one.",
    of=share_of(semconv.FILTER_ROWS_OUT, semconv.FILTER_ROWS_IN),
)
