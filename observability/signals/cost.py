"""What all model calls cost."""

from __future__ import annotations

from observability.signals.reading import whole_or_calls
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="cost",
    layer=MODEL,
    unit="USD",
    describes="What all model calls cost.",
    healthy=(
        "0.0113 to 0.0392, median 0.0221. The sum over the agents; its median for a user or an "
        "intent is what to watch."
    ),
    of=lambda trace: whole_or_calls(trace, semconv.COST_USD),
)
