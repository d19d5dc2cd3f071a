"""Tokens that a model call reads and writes, on average."""

from __future__ import annotations

from observability.signals.reading import known, ratio
from observability.signals.signal import Signal
from observability.signals.trace import Trace, total
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL


def _of(trace: Trace) -> float | None:
    calls = trace.operation(semconv.OP_CHAT)
    read = total(calls, semconv.GEN_AI_USAGE_INPUT_TOKENS)
    written = total(calls, semconv.GEN_AI_USAGE_OUTPUT_TOKENS)
    return ratio(sum(known(read, written)), len(calls)) if known(read, written) else None


SIGNAL = Signal(
    name="tokens_per_call",
    layer=MODEL,
    unit="tokens",
    describes="Tokens that a model call reads and writes, on average.",
    healthy="998 to 2,136, median 1,440. Rises when prompts grow.",
    of=_of,
)
