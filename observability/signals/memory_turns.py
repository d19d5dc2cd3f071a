"""Earlier turns of the conversation that were recalled."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MEMORY

SIGNAL = Signal(
    name="memory_turns",
    layer=MEMORY,
    unit="1",
    describes="Earlier turns of the conversation that were recalled.",
    healthy="0 for the first question of a conversation, up to 6 later.",
    of=number_of(semconv.MEMORY_TURNS),
)
