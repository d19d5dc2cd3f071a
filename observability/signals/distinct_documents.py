"""Documents from which the passages come."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="distinct_documents",
    layer=RETRIEVAL,
    unit="1",
    describes="Documents from which the passages come.",
    healthy=(
        "1 to 5, median 3. Falls to 1 or 2 when one document's pieces crowd the others out; "
        "rises to 5 when passages are chosen without regard to the question."
    ),
    of=number_of(semconv.RETRIEVAL_DISTINCT_DOCUMENTS),
)
