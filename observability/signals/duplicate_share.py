"""Share of what was shown that only repeats what was shown before it."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import Signal
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="duplicate_share",
    layer=CONTEXT,
    unit="1",
    describes="Share of what was shown that only repeats what was shown before it.",
    healthy="0, very seldom more.",
    of=check_of("duplicate_share"),
    cost="check",
)
