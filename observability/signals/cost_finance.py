"""What the finance agent's model calls cost."""

from __future__ import annotations

from observability.signals.reading import cost_of
from observability.signals.signal import Signal
from observability.trace_view.layers import TOOLS

SIGNAL = Signal(
    name="cost_finance",
    layer=TOOLS,
    unit="USD",
    describes="What the finance agent's model calls cost.",
    healthy="0.0131 to 0.03, median 0.0137. Rises with each further round of tools.",
    of=cost_of("finance"),
)
