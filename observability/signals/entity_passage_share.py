"""Share of the passages that are about something that the question names."""

from __future__ import annotations

from observability.signals.reading import texts
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL


def _of(trace: Trace) -> float | None:
    asked = [entity for entity in texts(trace, semconv.ENTITY_IDS) or () if entity]
    documents = texts(trace, semconv.RETRIEVAL_DOCUMENT_IDS)
    if not asked or not documents:
        return None
    vendors = texts(trace, semconv.RETRIEVAL_VENDOR_IDS) or ("",) * len(documents)
    about = [
        vendor in asked or any(entity in document for entity in asked)
        for document, vendor in zip(documents, vendors, strict=False)
    ]
    return sum(about) / len(documents)


SIGNAL = Signal(
    name="entity_passage_share",
    layer=RETRIEVAL,
    unit="1",
    describes=(
        "Share of the passages that are about something that the question names: by the vendor, "
        "or by the number in the document's id."
    ),
    healthy=(
        "0.7 to 1, median 1. Where a vendor or a number is named, general policies are the only "
        "good reason for less than 1."
    ),
    of=_of,
)
