"""Mean similarity of the rows of the vector query."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="query_mean_score",
    layer=DATA,
    unit="1",
    describes="Mean similarity of the rows of the vector query.",
    healthy="0.298 to 0.554, median 0.441. Moves with the encoder and with what the index holds.",
    of=number_of(semconv.QUERY_MEAN_SCORE),
)
