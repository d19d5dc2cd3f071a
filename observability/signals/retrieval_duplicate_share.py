"""Share of the passages whose text another one has already."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL

SIGNAL = Signal(
    name="retrieval_duplicate_share",
    layer=RETRIEVAL,
    unit="1",
    describes="Share of the passages whose text another one has already.",
    healthy="0. Anything above it means that the same text is indexed more than once.",
    of=number_of(semconv.RETRIEVAL_DUPLICATE_SHARE),
)
