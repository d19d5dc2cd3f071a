"""Whether a way that looks records up came to its end without looking any up."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> float | None:
    if not trace.agent("finance"):
        return None
    return float(not trace.operation(semconv.OP_EXECUTE_TOOL))


SIGNAL = Signal(
    name="lookup_without_tools",
    layer=ROUTING,
    unit="1",
    describes=(
        "Whether a way with the finance agent came to its end without a call of a tool (1) or "
        "with one (0); none for other ways."
    ),
    healthy="0.",
    of=_of,
)
