"""Tokens that the call which wrote the answer wrote."""

from __future__ import annotations

from observability.signals.signal import ANSWER, Signal
from observability.signals.trace import total
from observability.telemetry import semconv

SIGNAL = Signal(
    name="answer_tokens",
    layer=ANSWER,
    unit="tokens",
    describes="Tokens that the call which wrote the answer wrote.",
    healthy="10 to 33.1, median 16. A value that is the same for many answers points at a limit.",
    of=lambda trace: total(trace.answering, semconv.GEN_AI_USAGE_OUTPUT_TOKENS),
)
