"""Spans as they are kept: records, and where they are written to and read from."""

from observability.recording.errors import (
    AmbiguousTraceError,
    ForeignFileError,
    RecordingError,
    UnknownTraceError,
)
from observability.recording.processor import RecordingSpanProcessor, to_record
from observability.recording.records import Attributes, AttributeValue, EventRecord, SpanRecord
from observability.recording.sqlite import SQLiteRecording, TraceSummary

__all__ = [
    "AmbiguousTraceError",
    "AttributeValue",
    "Attributes",
    "EventRecord",
    "ForeignFileError",
    "RecordingError",
    "RecordingSpanProcessor",
    "SQLiteRecording",
    "SpanRecord",
    "TraceSummary",
    "UnknownTraceError",
    "to_record",
]
