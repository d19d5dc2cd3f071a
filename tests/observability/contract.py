"""What every emitted span must hold to, whoever emits it."""

from __future__ import annotations

from collections.abc import Iterable

from observability.recording import SpanRecord
from observability.telemetry import semconv


def unknown_keys(spans: Iterable[SpanRecord]) -> set[str]:
    """Return the attribute keys on spans and events that ``semconv`` does not name."""
    known = semconv.known_keys()
    return {
        key
        for span in spans
        for attributes in (span.attributes, *(event.attributes for event in span.events))
        for key in attributes
        if key not in known
    }


def assert_contract(spans: Iterable[SpanRecord]) -> None:
    """Fail on an unknown attribute key, a span that ends before it starts, or a missing parent."""
    spans = list(spans)
    assert spans, "no spans were emitted"
    assert not unknown_keys(spans)
    ids = {span.span_id for span in spans}
    assert len(ids) == len(spans), "two spans have the same id"
    for span in spans:
        assert span.end_ns >= span.start_ns, span.name
        assert span.parent_id is None or span.parent_id in ids, f"{span.name} has no parent"
