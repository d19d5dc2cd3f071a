"""Finished spans by trace, in memory and bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from observability.recording import SpanRecord


class SpanStore:
    """Keeps the spans of the last ``traces`` traces; its ``add`` is a telemetry sink."""

    def __init__(self, traces: int = 256) -> None:
        self._bound = traces
        self._traces: OrderedDict[str, list[SpanRecord]] = OrderedDict()

    def add(self, span: SpanRecord) -> None:
        """Keep a span, forgetting the oldest trace when there are too many."""
        self._traces.setdefault(span.trace_id, []).append(span)
        if len(self._traces) > self._bound:
            self._traces.popitem(last=False)

    def spans(self, trace_id: str) -> Sequence[SpanRecord]:
        """Return the spans of a trace in the order in which they ended."""
        return tuple(self._traces.get(trace_id, ()))
