"""Entities that were taken over from earlier turns."""

from __future__ import annotations

from observability.signals.reading import texts
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import MEMORY


def _of(trace: Trace) -> float | None:
    taken = texts(trace, semconv.MEMORY_ENTITIES)
    return None if taken is None else float(len(taken))


SIGNAL = Signal(
    name="memory_entities",
    layer=MEMORY,
    unit="1",
    describes="Entities that were taken over from earlier turns.",
    healthy="0 or 1.",
    of=_of,
)
