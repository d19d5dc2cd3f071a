"""The tools that were called, in order, each named once."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, text
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS


def _of(trace: Trace) -> str | None:
    calls = trace.operation(semconv.OP_EXECUTE_TOOL)
    names = dict.fromkeys(text([call], semconv.GEN_AI_TOOL_NAME) for call in calls)
    return ", ".join(name for name in names if name) or None


SIGNAL = Signal(
    name="tools",
    layer=TOOLS,
    unit="1",
    describes="The tools that were called, in order, each named once.",
    healthy=(
        "A mix that follows the questions; single calls of `invoice_aggregate` and "
        "`get_invoice` are the most frequent."
    ),
    of=_of,
    kind="label",
)
