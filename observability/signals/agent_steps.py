"""Steps of the agents below the supervisor."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, total
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> float | None:
    below = [
        turn
        for turn in trace.operation(semconv.OP_INVOKE_AGENT)
        if turn.attributes.get(semconv.GEN_AI_AGENT_NAME) != "supervisor"
    ]
    return total(below, semconv.AGENT_STEPS)


SIGNAL = Signal(
    name="agent_steps",
    layer=ROUTING,
    unit="1",
    describes="Steps of the agents below the supervisor: calls of models, tools and searches.",
    healthy="3 to 8, median 4. Model calls of the agents and calls of tools.",
    of=_of,
)
