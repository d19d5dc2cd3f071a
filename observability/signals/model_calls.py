"""Calls of a model."""

from __future__ import annotations

from observability.signals.reading import whole
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL


def _of(trace: Trace) -> float | None:
    calls = whole(trace, semconv.MODEL_CALLS)
    return float(len(trace.operation(semconv.OP_CHAT))) or None if calls is None else calls


SIGNAL = Signal(
    name="model_calls",
    layer=MODEL,
    unit="1",
    describes="Calls of a model.",
    healthy="4 to 7, median 5. Between 3 and 8, by the way that is taken.",
    of=_of,
)
