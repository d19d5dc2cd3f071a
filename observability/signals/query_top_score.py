"""Best similarity among the rows of the vector query."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="query_top_score",
    layer=DATA,
    unit="1",
    describes=(
        "Best similarity among the rows of the vector query, before anything else is done with "
        "them."
    ),
    healthy=(
        "0.444 to 0.766, median 0.636. For most questions the same as top1_similarity, and "
        "seldom more than 0.1 above it; a distance between the two is the work of what comes "
        "after the query."
    ),
    of=number_of(semconv.QUERY_TOP_SCORE),
)
