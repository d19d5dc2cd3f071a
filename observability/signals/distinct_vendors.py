"""Vendors about whom the passages are."""

from __future__ import annotations

from observability.signals.reading import distinct
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="distinct_vendors",
    layer=RETRIEVAL,
    unit="1",
    describes="Vendors about whom the passages are; what is about none is not counted.",
    healthy=(
        "0 or 1 for most questions, at most 3 in 95 of 100. Two and more for a question about "
        "one vendor is a mix-up."
    ),
    of=lambda trace: distinct(trace, semconv.RETRIEVAL_VENDOR_IDS),
)
