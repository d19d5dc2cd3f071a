"""Share of the cited documents beside which no newer version was shown."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import Signal
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="source_freshness",
    layer=DATA,
    unit="1",
    describes="Share of the cited documents beside which no newer version was shown.",
    healthy="1. Less means that an answer cites a version although a newer one was shown.",
    of=check_of("source_freshness"),
    cost="check",
)
