"""Reads spans that came over OTLP: protobuf requests, or their JSON as a Collector writes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from typing import Any

from google.protobuf.json_format import (  # type: ignore[import-untyped]  # ships no types
    Parse,
    ParseError,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from observability.recording.errors import RecordingError
from observability.recording.records import AttributeValue, EventRecord, SpanRecord

_KINDS = ("INTERNAL", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")  # 0 is unspecified
_STATUS = ("UNSET", "OK", "ERROR")


def from_request(body: bytes) -> Sequence[SpanRecord]:
    """Return the spans of a protobuf ``ExportTraceServiceRequest``; ``RecordingError`` if bad."""
    try:
        return _spans(ExportTraceServiceRequest.FromString(body))
    except Exception as error:  # protobuf raises one of several classes, by implementation
        raise RecordingError(f"not an OTLP trace request: {error}") from error


def from_json_lines(lines: Iterable[str]) -> Sequence[SpanRecord]:
    """Return the spans of OTLP/JSON requests, one per line; ``RecordingError`` names the line."""
    spans: list[SpanRecord] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            spans += _spans(Parse(_hex_to_base64(line), ExportTraceServiceRequest()))
        except (ParseError, ValueError) as error:
            raise RecordingError(f"line {number} is no OTLP/JSON trace request: {error}") from error
    return tuple(spans)


def _hex_to_base64(line: str) -> str:
    # OTLP/JSON writes ids as hex, where protobuf's own JSON has base64.
    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [convert(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: base64.b64encode(bytes.fromhex(item)).decode()
            if key in {"traceId", "spanId", "parentSpanId"} and isinstance(item, str)
            else convert(item)
            for key, item in value.items()
        }

    return json.dumps(convert(json.loads(line)))


def _spans(request: ExportTraceServiceRequest) -> Sequence[SpanRecord]:
    return tuple(
        SpanRecord(
            trace_id=span.trace_id.hex(),
            span_id=span.span_id.hex(),
            parent_id=span.parent_span_id.hex() or None,
            service=str(_attributes(resource.resource.attributes).get("service.name", "")),
            name=span.name,
            kind=_KINDS[span.kind],
            start_ns=span.start_time_unix_nano,
            end_ns=span.end_time_unix_nano,
            status=_STATUS[span.status.code],
            attributes=_attributes(span.attributes),
            events=tuple(
                EventRecord(event.name, event.time_unix_nano, _attributes(event.attributes))
                for event in span.events
            ),
        )
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    )


def _attributes(pairs: Iterable[Any]) -> dict[str, AttributeValue]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return tuple(_value(item) for item in value.array_value.values)
    return getattr(value, kind) if kind else ""
