"""Turns of an agent that had one already."""

from __future__ import annotations

from observability.signals.reading import repeated
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="agent_repeats",
    layer=ROUTING,
    unit="1",
    describes="Turns of an agent that had one already.",
    healthy="0.",
    of=lambda trace: repeated(trace.operation(semconv.OP_INVOKE_AGENT), semconv.GEN_AI_AGENT_NAME),
)
