"""Whether the call which wrote the answer came to its own end (1) or was cut off (0)."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, as_texts, first
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL


def _of(trace: Trace) -> float | None:
    reasons = as_texts(first(trace.answering, semconv.GEN_AI_RESPONSE_FINISH_REASONS))
    return float(reasons[-1] == "stop") if reasons else None


SIGNAL = Signal(
    name="finish_stop",
    layer=MODEL,
    unit="1",
    describes="Whether the call which wrote the answer came to its own end (1) or was cut off (0).",
    healthy="1. An answer that was cut off says so here and nowhere else.",
    of=_of,
)
