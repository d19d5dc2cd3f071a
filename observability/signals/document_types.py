"""Kinds of documents among the passages."""

from __future__ import annotations

from observability.signals.reading import distinct
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="document_types",
    layer=RETRIEVAL,
    unit="1",
    describes="Kinds of documents among the passages.",
    healthy="1 to 3.2, median 2. More kinds when the ranking is loose.",
    of=lambda trace: distinct(trace, semconv.RETRIEVAL_DOCUMENT_TYPES),
)
