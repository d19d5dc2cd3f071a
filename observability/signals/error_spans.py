"""Spans with the status ERROR."""

from __future__ import annotations

from observability.signals.signal import INFRASTRUCTURE, Signal

SIGNAL = Signal(
    name="error_spans",
    layer=INFRASTRUCTURE,
    unit="1",
    describes="Spans with the status ERROR.",
    healthy="0. Stays 0 in nearly all failures of quality.",
    of=lambda trace: float(sum(span.status == "ERROR" for span in trace.spans)),
)
