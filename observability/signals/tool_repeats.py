"""Calls of a tool with arguments that it was called with already."""

from __future__ import annotations

from observability.recording.records import SpanRecord
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS


def _of(trace: Trace) -> float | None:
    calls = trace.operation(semconv.OP_EXECUTE_TOOL)
    return float(len(calls) - len(set(map(_call, calls)))) if calls else None


def _call(span: SpanRecord) -> str:
    keys = [semconv.GEN_AI_TOOL_CALL_ARGUMENTS]
    if semconv.GEN_AI_TOOL_CALL_ARGUMENTS not in span.attributes:
        keys = [semconv.TOOL_ARGUMENT_NAMES, semconv.TOOL_RESULT_SIZE]
    return repr([span.name, *(span.attributes.get(key) for key in keys)])


SIGNAL = Signal(
    name="tool_repeats",
    layer=TOOLS,
    unit="1",
    describes=(
        "Calls of a tool with arguments that it was called with already; where arguments are "
        "not recorded, with their names and a result of the same size."
    ),
    healthy="0.",
    of=_of,
)
