"""Time that the request took at the server's door."""

from __future__ import annotations

from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.signals.trace import Trace, seconds
from observability.telemetry import semconv


def _of(trace: Trace) -> float | None:
    root = trace.root
    at_the_door = root.kind == "SERVER" or semconv.HTTP_RESPONSE_STATUS_CODE in root.attributes
    return seconds([root]) if at_the_door else None


SIGNAL = Signal(
    name="http_duration",
    layer=INFRASTRUCTURE,
    unit="s",
    describes="Time that the request took at the server's door.",
    healthy="5.55 to 9.07, median 7.13. The same as latency unless requests wait.",
    of=_of,
)
