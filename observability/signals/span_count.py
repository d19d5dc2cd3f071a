"""Spans of the trace."""

from __future__ import annotations

from observability.signals.signal import INFRASTRUCTURE, Signal

SIGNAL = Signal(
    name="span_count",
    layer=INFRASTRUCTURE,
    unit="1",
    describes="Spans of the trace.",
    healthy="29 to 44, median 31. Follows the way.",
    of=lambda trace: float(len(trace.spans)),
)
