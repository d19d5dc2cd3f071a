"""Exceptions, those that were handled among them."""

from __future__ import annotations

from observability.signals.reading import whole
from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv


def _of(trace: Trace) -> float | None:
    there = whole(trace, semconv.EXCEPTION_COUNT)
    return float(len(trace.events(semconv.EVENT_EXCEPTION))) if there is None else there


SIGNAL = Signal(
    name="exceptions",
    layer=INFRASTRUCTURE,
    unit="1",
    describes="Exceptions, those that were handled among them.",
    healthy="0.",
    of=_of,
)
