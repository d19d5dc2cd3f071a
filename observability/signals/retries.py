"""Calls of a model that were made again."""

from __future__ import annotations

from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.signals.trace import Trace, total
from observability.telemetry import semconv


def _of(trace: Trace) -> float | None:
    counted = total(trace.operation(semconv.OP_CHAT), semconv.RETRY_COUNT)
    told = len(trace.events(semconv.EVENT_RETRY))
    return max(counted or 0.0, float(told))


SIGNAL = Signal(
    name="retries",
    layer=INFRASTRUCTURE,
    unit="1",
    describes="Calls of a model that were made again.",
    healthy="0 for 99 of 100.",
    of=_of,
)
