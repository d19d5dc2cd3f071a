"""Calls over HTTP that were answered with an error and came to nothing worse."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS


def _of(trace: Trace) -> float | None:
    calls = [span for span in trace.spans if span.kind == "CLIENT"]
    failed = [
        call
        for call in calls
        if (number([call], semconv.HTTP_RESPONSE_STATUS_CODE) or 0) >= 400
        or semconv.ERROR_TYPE in call.attributes
    ]
    return float(len(failed)) if calls else None


SIGNAL = Signal(
    name="tool_errors",
    layer=TOOLS,
    unit="1",
    describes=(
        "Calls over HTTP that were answered with a status of 400 or more, or not at all, and "
        "came to nothing worse."
    ),
    healthy=(
        "0 for 98 of 100; a number that does not exist gives 404, which is an answer and no "
        "failure."
    ),
    of=_of,
)
