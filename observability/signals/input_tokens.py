"""Tokens that all model calls read."""

from __future__ import annotations

from observability.signals.reading import whole_or_calls
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL

SIGNAL = Signal(
    name="input_tokens",
    layer=MODEL,
    unit="tokens",
    describes="Tokens that all model calls read.",
    healthy="3,584 to 14,683, median 7,932. Depends on the way most of all.",
    of=lambda trace: whole_or_calls(trace, semconv.GEN_AI_USAGE_INPUT_TOKENS),
)
