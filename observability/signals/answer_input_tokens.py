"""Tokens that the call which wrote the answer read."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import total
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="answer_input_tokens",
    layer=CONTEXT,
    unit="tokens",
    describes=(
        "Tokens that the call which wrote the answer read: instructions, evidence and question."
    ),
    healthy=(
        "203 to 1,226, median 631. Follows the context; where the way has tools, their results."
    ),
    of=lambda trace: total(trace.answering, semconv.GEN_AI_USAGE_INPUT_TOKENS),
)
