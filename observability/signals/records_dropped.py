"""Tools that found something less the results that the agent which answers was handed."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, number, total
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> float | None:
    found = total(trace.operation(semconv.OP_EXECUTE_TOOL), semconv.TOOL_FOUND)
    handed = number(trace.agent("response"), semconv.HANDOFF_RECORDS)
    return None if found is None or handed is None else max(0.0, found - handed)


SIGNAL = Signal(
    name="records_dropped",
    layer=ROUTING,
    unit="1",
    describes=(
        "Tools that found something less the results that the agent which answers was handed."
    ),
    healthy="0. More means that the answer is written without a result that was looked up.",
    of=_of,
)
