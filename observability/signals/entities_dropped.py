"""Entities that were found and did not reach an agent."""

from __future__ import annotations

from observability.signals.reading import known
from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> float | None:
    found = number(trace.named(semconv.SPAN_INTENT), semconv.ENTITY_COUNT)
    turns = trace.having(semconv.HANDOFF_ENTITIES)
    handed = known(*(number([turn], semconv.HANDOFF_ENTITIES) for turn in turns))
    return None if found is None or not handed else max(0.0, found - min(handed))


SIGNAL = Signal(
    name="entities_dropped",
    layer=ROUTING,
    unit="1",
    describes="Entities that were found and did not reach the agent that was handed fewest.",
    healthy="0. More means that an agent works without knowing whom the question is about.",
    of=_of,
)
