"""Status code of the response."""

from __future__ import annotations

from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.signals.trace import number
from observability.telemetry import semconv

SIGNAL = Signal(
    name="status_code",
    layer=INFRASTRUCTURE,
    unit="1",
    describes="Status code of the response.",
    healthy="200. It says nothing about whether the answer is right.",
    of=lambda trace: number([trace.root], semconv.HTTP_RESPONSE_STATUS_CODE),
)
