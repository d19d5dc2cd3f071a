"""What checking the answer cost."""

from __future__ import annotations

from observability.signals.reading import cost_of
from observability.signals.signal import Signal
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="cost_validation",
    layer=MODEL,
    unit="USD",
    describes="What checking the answer cost.",
    healthy="0.00138 to 0.00401, median 0.0028. Follows the evidence.",
    of=cost_of("validation"),
)
