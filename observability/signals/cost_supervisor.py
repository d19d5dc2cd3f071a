"""What planning the way cost."""

from __future__ import annotations

from observability.signals.reading import cost_of
from observability.signals.signal import Signal
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="cost_supervisor",
    layer=ROUTING,
    unit="USD",
    describes="What planning the way cost.",
    healthy="0.00401 to 0.00414, median 0.00407. Nearly constant.",
    of=cost_of("supervisor"),
)
