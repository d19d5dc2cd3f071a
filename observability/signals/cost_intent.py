"""What telling what is wanted cost."""

from __future__ import annotations

from observability.signals.reading import cost_of
from observability.signals.signal import Signal
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="cost_intent",
    layer=ROUTING,
    unit="USD",
    describes="What telling what is wanted cost.",
    healthy="0.00295 to 0.00304, median 0.00298. Nearly constant.",
    of=cost_of("intent"),
)
