"""Markers that are planted into one of two recordings: who cannot find them proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from observability.recording.records import SpanRecord

Spans = Sequence[SpanRecord]
Marker = Callable[[Spans], Spans]


def _attribute(spans: Spans) -> Spans:
    """Give the root one more attribute, as a version string would be."""
    return [
        span
        if span.parent_id is not None
        else replace(span, attributes={**span.attributes, "app.build": "7f3a"})
        for span in spans
    ]


def _text(spans: Spans) -> Spans:
    """Let the first longer text of the last span end in a blank."""
    last = max(spans, key=lambda span: (span.start_ns, span.span_id))
    return [_ending_in_a_blank(span) if span is last else span for span in spans]


def _time(spans: Spans) -> Spans:
    """Let the last span end a nanosecond later, as another clock would."""
    last = max(spans, key=lambda span: (span.start_ns, span.span_id))
    return [replace(span, end_ns=span.end_ns + 1) if span is last else span for span in spans]


def _span(spans: Spans) -> Spans:
    """Add an inner span below the root, with the least there can be about it."""
    root = next((span for span in spans if span.parent_id is None), spans[0])
    inner = replace(
        root,
        span_id=f"{int(root.span_id, 16) ^ 1:016x}",
        parent_id=root.span_id,
        name="step",
        kind="INTERNAL",
        end_ns=root.start_ns,
        attributes={},
        events=(),
    )
    return [*spans, inner]


def _ending_in_a_blank(span: SpanRecord) -> SpanRecord:
    texts = [key for key, value in span.attributes.items() if isinstance(value, str)]
    if not texts:
        return span
    key = min(texts)
    return replace(span, attributes={**span.attributes, key: f"{span.attributes[key]} "})


MARKERS: Mapping[str, Marker] = {
    "attribute": _attribute,
    "span": _span,
    "text": _text,
    "time": _time,
}
"""Markers by name; each changes one thing of every trace, as little as it can."""
