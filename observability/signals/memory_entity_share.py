"""Share of the entities asked about that the question itself does not name but memory brought."""

from __future__ import annotations

from observability.signals.reading import texts
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import MEMORY


def _of(trace: Trace) -> float | None:
    taken = texts(trace, semconv.MEMORY_ENTITIES)
    asked = texts(trace, semconv.ENTITY_IDS)
    if taken is None or not asked:
        return None
    return sum(entity in taken for entity in asked) / len(asked)


SIGNAL = Signal(
    name="memory_entity_share",
    layer=MEMORY,
    unit="1",
    describes=(
        "Share of the entities asked about that the question itself does not name but memory "
        "brought."
    ),
    healthy=(
        "0 or 1: a question names what it is about, or leaves it to the turn before. Rises when "
        "memory brings what was not meant."
    ),
    of=_of,
)
