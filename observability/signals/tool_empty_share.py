"""Share of the calls of tools that found nothing."""

from __future__ import annotations

from observability.signals.reading import known, mean
from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS


def _of(trace: Trace) -> float | None:
    calls = trace.operation(semconv.OP_EXECUTE_TOOL)
    found = known(*(number([call], semconv.TOOL_FOUND) for call in calls))
    return mean([1 - each for each in found])


SIGNAL = Signal(
    name="tool_empty_share",
    layer=TOOLS,
    unit="1",
    describes="Share of the calls of tools that found nothing.",
    healthy="0 for nine of ten; a question about something that does not exist finds nothing.",
    of=_of,
)
