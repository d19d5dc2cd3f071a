"""Agents that had a turn below the supervisor."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="agents",
    layer=ROUTING,
    unit="1",
    describes="Agents that had a turn below the supervisor.",
    healthy="2 to 4, median 3.",
    of=number_of(semconv.AGENT_COUNT),
)
