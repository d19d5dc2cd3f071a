"""Mean place, from 1, in the evidence of what the answer cites."""

from __future__ import annotations

from observability.signals.reading import mean, numbers
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="cited_rank",
    layer=CONTEXT,
    unit="1",
    describes="Mean place, from 1, in the evidence of what the answer cites.",
    healthy="1 to 2, median 1. Rises when what answers the question no longer stands first.",
    of=lambda trace: mean(numbers(trace, semconv.CITATION_RANKS)),
)
