"""Length of what was searched for."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="query_length",
    layer=RETRIEVAL,
    unit="characters",
    describes="Length of what was searched for.",
    healthy=(
        "45.8 to 113, median 79. Follows the questions; grows when earlier turns are mixed into "
        "the search."
    ),
    of=number_of(semconv.QUERY_LENGTH),
)
