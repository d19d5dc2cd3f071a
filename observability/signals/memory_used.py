"""Whether the question leaned on earlier turns (1) or stood alone (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MEMORY

SIGNAL = Signal(
    name="memory_used",
    layer=MEMORY,
    unit="1",
    describes="Whether the question leaned on earlier turns (1) or stood alone (0).",
    healthy="About one question in seven.",
    of=number_of(semconv.MEMORY_USED),
)
