"""Spans as they are kept: records, and where they are written to and read from."""

from observability.recording.processor import RecordingSpanProcessor, to_record
from observability.recording.records import Attributes, AttributeValue, EventRecord, SpanRecord

__all__ = [
    "AttributeValue",
    "Attributes",
    "EventRecord",
    "RecordingSpanProcessor",
    "SpanRecord",
    "to_record",
]
