"""Mean length of the passages that came out."""

from __future__ import annotations

from observability.signals.reading import mean, numbers
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="chunk_tokens_mean",
    layer=DATA,
    unit="tokens",
    describes="Mean length of the passages that came out.",
    healthy=(
        "68 to 172, median 124. Constant for one way of cutting documents; a shift means that "
        "they were cut anew."
    ),
    of=lambda trace: mean(numbers(trace, semconv.RETRIEVAL_CHUNK_TOKENS)),
)
