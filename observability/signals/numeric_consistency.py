"""Share of the sums in the evidence and the answer that come out."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import Signal
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="numeric_consistency",
    layer=DATA,
    unit="1",
    describes="Share of the sums in the evidence and the answer that come out.",
    healthy=(
        "1, where there is a sum to be checked: one request in seven. Less means a misread figure."
    ),
    of=check_of("numeric_consistency"),
    cost="check",
)
