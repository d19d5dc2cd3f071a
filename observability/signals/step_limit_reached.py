"""Whether the work was stopped at the limit of steps or tool calls (1) or not (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="step_limit_reached",
    layer=ROUTING,
    unit="1",
    describes="Whether the work was stopped at the limit of steps or tool calls (1) or not (0).",
    healthy="0.",
    of=number_of(semconv.STEP_LIMIT_REACHED),
)
