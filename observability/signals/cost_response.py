"""What writing the answer cost."""

from __future__ import annotations

from observability.signals.reading import cost_of
from observability.signals.signal import Signal
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="cost_response",
    layer=MODEL,
    unit="USD",
    describes="What writing the answer cost.",
    healthy="0.000605 to 0.00323, median 0.00174. Follows the context.",
    of=cost_of("response"),
)
