"""Whether the search was narrowed by metadata (1) or ran over everything (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="filter_applied",
    layer=RETRIEVAL,
    unit="1",
    describes="Whether the search was narrowed by metadata (1) or ran over everything (0).",
    healthy=(
        "About half of the searches: 1 for each question that names a vendor, an invoice or an "
        "order."
    ),
    of=number_of(semconv.FILTER_APPLIED),
)
