"""Tokens that all model calls wrote."""

from __future__ import annotations

from observability.signals.reading import whole_or_calls
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="output_tokens",
    layer=MODEL,
    unit="tokens",
    describes="Tokens that all model calls wrote.",
    healthy=(
        "202 to 306, median 250. Decisions about the way are written by the model too, so this "
        "is far more than the answer."
    ),
    of=lambda trace: whole_or_calls(trace, semconv.GEN_AI_USAGE_OUTPUT_TOKENS),
)
