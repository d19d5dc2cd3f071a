"""Time until the first token of the answer came from the model."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="time_to_first_token",
    layer=MODEL,
    unit="s",
    describes="Time until the first token of the answer came from the model.",
    healthy="0.332 to 0.546, median 0.427. Follows the length of what the model reads.",
    of=number_of(semconv.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK),
)
