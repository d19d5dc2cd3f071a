"""Turns spans into records as they end, in line and without a thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import format_span_id, format_trace_id
from opentelemetry.util.types import Attributes as SdkAttributes

from observability.recording.records import Attributes, EventRecord, SpanRecord


def to_record(span: ReadableSpan, service: str) -> SpanRecord:
    """Return the record of a finished SDK span."""
    context = span.get_span_context()
    if context is None or span.start_time is None or span.end_time is None:
        raise ValueError(f"span {span.name!r} has not ended")
    parent = span.parent
    return SpanRecord(
        trace_id=format_trace_id(context.trace_id),
        span_id=format_span_id(context.span_id),
        parent_id=format_span_id(parent.span_id) if parent is not None else None,
        service=service,
        name=span.name,
        kind=span.kind.name,
        start_ns=span.start_time,
        end_ns=span.end_time,
        status=span.status.status_code.name,
        attributes=_plain(span.attributes),
        events=tuple(
            EventRecord(event.name, event.timestamp, _plain(event.attributes))
            for event in span.events
        ),
    )


def _plain(attributes: SdkAttributes) -> Attributes:
    # The SDK's own mapping looks each key up under a lock; its copy is the dict inside of it.
    if isinstance(attributes, BoundedAttributes):
        return cast(Attributes, attributes.copy())
    return cast(Attributes, dict(attributes or {}))


class RecordingSpanProcessor(SpanProcessor):
    """Hands every finished span to sinks, e.g. ``list.append`` or ``SQLiteRecording.add``.

    It runs in the request's own thread, so that it works in virtual time and
    in the order in which spans end.
    """

    def __init__(self, service: str, *sinks: Callable[[SpanRecord], object]) -> None:
        self._service = service
        self._sinks = sinks

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        return

    def on_end(self, span: ReadableSpan) -> None:
        record = to_record(span, self._service)
        for sink in self._sinks:
            sink(record)

    def shutdown(self) -> None:
        return

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return True
