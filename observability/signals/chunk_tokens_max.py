"""Length of the longest passage that came out."""

from __future__ import annotations

from observability.signals.reading import numbers
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="chunk_tokens_max",
    layer=DATA,
    unit="tokens",
    describes="Length of the longest passage that came out.",
    healthy="90.2 to 245, median 172, at most 256, which is all that the encoder reads.",
    of=lambda trace: max(numbers(trace, semconv.RETRIEVAL_CHUNK_TOKENS), default=None),
)
