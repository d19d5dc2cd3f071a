"""Whether something was cut off to fit the budget (1) or not (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_truncated",
    layer=CONTEXT,
    unit="1",
    describes="Whether something was cut off to fit the budget (1) or not (0).",
    healthy="0.",
    of=number_of(semconv.CONTEXT_TRUNCATED),
)
