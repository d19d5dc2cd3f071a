"""Rows that the ledger gave to the tools, all together."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import total
from observability.telemetry import semconv
from observability.trace_view.layers import TOOLS

SIGNAL = Signal(
    name="ledger_rows",
    layer=TOOLS,
    unit="1",
    describes="Rows that the ledger gave to the tools, all together.",
    healthy="0 to 10.7, median 1, the same as tool_rows as long as tools pass on what they get.",
    of=lambda trace: total(trace.named(semconv.SPAN_SELECT), semconv.DB_RESPONSE_RETURNED_ROWS),
)
