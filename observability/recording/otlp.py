"""Spans as OTLP's protobuf: what comes over the wire, and what is sent."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from observability.recording.attribute_columns import dump
from observability.recording.errors import OtlpError
from observability.recording.otlp_json import from_json_lines
from observability.recording.otlp_json_values import SERVICE_NAME
from observability.recording.records import Attributes, AttributeValue, EventRecord, SpanRecord

__all__ = ["from_json_lines", "from_request", "to_request"]

_KINDS = ("INTERNAL", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")  # 0 is unspecified
_KIND_NUMBERS = {"INTERNAL": 1, "SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}
_STATUS = ("UNSET", "OK", "ERROR")


def from_request(body: bytes) -> Sequence[SpanRecord]:
    """Return the spans of a protobuf ``ExportTraceServiceRequest``; ``OtlpError`` if bad."""
    try:
        return _spans(ExportTraceServiceRequest.FromString(body))
    except Exception as error:  # protobuf raises one of several classes, by implementation
        raise OtlpError(f"not an OTLP trace request: {error}") from error


def to_request(spans: Iterable[SpanRecord], resources: Mapping[str, Attributes]) -> bytes:
    """Return spans as a protobuf ``ExportTraceServiceRequest``, a service's under its resource."""
    by_service: dict[str, list[SpanRecord]] = {}
    for span in spans:
        by_service.setdefault(span.service, []).append(span)
    request = ExportTraceServiceRequest()
    for service, own in by_service.items():
        resource = request.resource_spans.add()
        attributes = {**resources.get(service, {}), SERVICE_NAME: service}
        resource.resource.attributes.extend(_pairs(attributes))
        resource.scope_spans.add().spans.extend(map(_span, own))
    return bytes(request.SerializeToString())


def _span(span: SpanRecord) -> Span:
    return Span(
        trace_id=bytes.fromhex(span.trace_id),
        span_id=bytes.fromhex(span.span_id),
        parent_span_id=bytes.fromhex(span.parent_id or ""),
        name=span.name,
        kind=_KIND_NUMBERS[span.kind],  # type: ignore[arg-type]  # the stub wants its own enum
        start_time_unix_nano=span.start_ns,
        end_time_unix_nano=span.end_ns,
        attributes=_pairs(span.attributes),
        events=[
            Span.Event(
                time_unix_nano=event.time_ns, name=event.name, attributes=_pairs(event.attributes)
            )
            for event in span.events
        ],
        status=Status(code=_STATUS.index(span.status)),  # type: ignore[arg-type]  # as above
    )


def _pairs(attributes: Attributes) -> list[KeyValue]:
    return [KeyValue(key=key, value=_any_value(value)) for key, value in attributes.items()]


def _any_value(value: AttributeValue) -> AnyValue:
    if isinstance(value, str):
        return AnyValue(string_value=value)
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    return AnyValue(array_value=ArrayValue(values=[_any_value(item) for item in value]))


def _spans(request: ExportTraceServiceRequest) -> Sequence[SpanRecord]:
    return tuple(
        SpanRecord(
            trace_id=span.trace_id.hex(),
            span_id=span.span_id.hex(),
            parent_id=span.parent_span_id.hex() or None,
            service=str(_attributes(resource.resource.attributes).get(SERVICE_NAME, "")),
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
    if kind == "kvlist_value":  # no attribute can be a mapping here: it becomes text
        return dump(_attributes(value.kvlist_value.values))
    if kind == "bytes_value":
        return base64.b64encode(value.bytes_value).decode()
    return getattr(value, kind) if kind else ""
