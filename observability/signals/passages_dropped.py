"""Passages of the context that were not handed to the agent that answers."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> float | None:
    kept = number(trace.having(semconv.CONTEXT_KEPT), semconv.CONTEXT_KEPT)
    handed = number(trace.agent("response"), semconv.HANDOFF_PASSAGES)
    return None if kept is None or handed is None else max(0.0, kept - handed)


SIGNAL = Signal(
    name="passages_dropped",
    layer=ROUTING,
    unit="1",
    describes="Passages of the context that were not handed to the agent that answers.",
    healthy="0.",
    of=_of,
)
