"""Share of the offered passages that the context holds."""

from __future__ import annotations

from observability.signals.reading import share_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_kept_share",
    layer=CONTEXT,
    unit="1",
    describes="Share of the offered passages that the context holds.",
    healthy="1. Less means that passages were left out to fit the budget.",
    of=share_of(semconv.CONTEXT_KEPT, semconv.CONTEXT_OFFERED),
)
