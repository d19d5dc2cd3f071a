"""Kinds of documents in the context."""

from __future__ import annotations

from observability.signals.reading import distinct
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_document_types",
    layer=CONTEXT,
    unit="1",
    describes="Kinds of documents in the context.",
    healthy=(
        "1 to 3.2, median 2, the same as document_types as long as nothing is added or left out."
    ),
    of=lambda trace: distinct(trace, semconv.CONTEXT_DOCUMENT_TYPES),
)
