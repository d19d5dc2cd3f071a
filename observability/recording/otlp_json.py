"""OTLP/JSON as a Collector's file exporter writes it: one trace request on each line.

Ids are hex, times and whole numbers are text, enumerations are numbers. What
comes from elsewhere may hold more than a recording keeps: links, trace state,
instrumentation scopes and status messages are left out, and counted.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from observability.recording.attribute_columns import dump
from observability.recording.errors import OtlpError
from observability.recording.records import Attributes, EventRecord, SpanRecord

SERVICE_NAME = "service.name"

_KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_STATUS = ("UNSET", "OK", "ERROR")
_NOT_KEPT = ("links", "traceState", "droppedAttributesCount", "droppedEventsCount")


@dataclass(slots=True)
class Line:
    """What one line holds: its spans, the resources of their services, and what is not kept."""

    spans: list[SpanRecord] = field(default_factory=list)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    simplified: int = 0
    other_signals: bool = False


def to_lines(spans: Iterable[SpanRecord], resources: Mapping[str, Attributes]) -> Iterator[bytes]:
    """Yield a line, with its end, for each trace; a trace's spans follow one another."""
    for _, trace in groupby(spans, key=lambda span: span.trace_id):
        by_service: dict[str, list[SpanRecord]] = {}
        for span in trace:
            by_service.setdefault(span.service, []).append(span)
        request = {
            "resourceSpans": [
                {
                    "resource": {"attributes": _pairs(_resource(service, resources))},
                    "scopeSpans": [{"scope": {}, "spans": [_span(span) for span in own]}],
                }
                for service, own in by_service.items()
            ]
        }
        yield orjson.dumps(request) + b"\n"


def from_line(text: bytes | str) -> Line:
    """Return what a line holds; ``OtlpError`` says what is wrong with it.

    A line of metrics or logs, which a Collector may write to the same file,
    has no spans.
    """
    try:
        request = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise OtlpError(f"no JSON: {error}") from error
    if not isinstance(request, dict):
        raise OtlpError("not an OTLP/JSON trace request: it is no object")
    line = Line()
    if "resourceSpans" not in request:
        if not ("resourceMetrics" in request or "resourceLogs" in request or not request):
            raise OtlpError("not an OTLP/JSON trace request: it has no resourceSpans")
        line.other_signals = bool(request)
        return line
    try:
        for resource in _list(request, "resourceSpans"):
            attributes = _attributes(_list(resource.get("resource") or {}, "attributes"))
            service = str(attributes.get(SERVICE_NAME, ""))
            # Of several resources of one service, what they agree on is kept.
            known = line.resources.get(service, attributes)
            line.resources[service] = common(known, attributes)
            for scope in _list(resource, "scopeSpans"):
                for span in _list(scope, "spans"):
                    line.spans.append(_record(span, service))
                    line.simplified += _is_simplified(span)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise OtlpError(f"not an OTLP/JSON trace request: {_why(error)}") from error
    return line


def common(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return what two sets of attributes agree on."""
    return {key: value for key, value in one.items() if other.get(key) == value}


def from_json_lines(lines: Iterable[str]) -> Sequence[SpanRecord]:
    """Return the spans of OTLP/JSON requests, one per line; ``OtlpError`` names the line."""
    spans: list[SpanRecord] = []
    for number, text in enumerate(lines, 1):
        if text.strip():
            try:
                spans += from_line(text).spans
            except OtlpError as error:
                raise OtlpError(f"line {number}: {error}") from error
    return tuple(spans)


def _resource(service: str, resources: Mapping[str, Attributes]) -> Attributes:
    return {**resources.get(service, {}), SERVICE_NAME: service}


def _span(span: SpanRecord) -> dict[str, Any]:
    plain: dict[str, Any] = {"traceId": span.trace_id, "spanId": span.span_id}
    if span.parent_id is not None:
        plain["parentSpanId"] = span.parent_id
    plain |= {
        "name": span.name,
        "kind": _KINDS.index(span.kind),
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": _pairs(span.attributes),
    }
    if span.events:
        plain["events"] = [
            {
                "timeUnixNano": str(event.time_ns),
                "name": event.name,
                "attributes": _pairs(event.attributes),
            }
            for event in span.events
        ]
    code = _STATUS.index(span.status)
    plain["status"] = {"code": code} if code else {}
    return plain


def _pairs(attributes: Attributes) -> list[dict[str, Any]]:
    return [{"key": key, "value": _any_value(value)} for key, value in attributes.items()]


def _any_value(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        if math.isfinite(value):
            return {"doubleValue": value}
        return {"doubleValue": "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"}
    return {"arrayValue": {"values": [_any_value(item) for item in value]}}


def _record(span: dict[str, Any], service: str) -> SpanRecord:
    return SpanRecord(
        trace_id=_id(span, "traceId", 16),
        span_id=_id(span, "spanId", 8),
        parent_id=_id(span, "parentSpanId", 8) if span.get("parentSpanId") else None,
        service=service,
        name=str(span.get("name", "")),
        kind=_enum(span.get("kind", 0), _KINDS, "SPAN_KIND_").replace("UNSPECIFIED", "INTERNAL"),
        start_ns=_time(span, "startTimeUnixNano"),
        end_ns=_time(span, "endTimeUnixNano"),
        status=_enum((span.get("status") or {}).get("code", 0), _STATUS, "STATUS_CODE_"),
        attributes=_attributes(_list(span, "attributes")),
        events=tuple(
            EventRecord(
                str(event.get("name", "")),
                _time(event, "timeUnixNano"),
                _attributes(_list(event, "attributes")),
            )
            for event in _list(span, "events")
        ),
    )


def _id(span: dict[str, Any], key: str, size: int) -> str:
    text = span.get(key)
    if not isinstance(text, str):
        raise ValueError(f"a span has no {key}")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != size or not any(data):
        raise ValueError(f"{key} {text[:40]!r} is no id of {2 * size} hexadecimal digits")
    return data.hex()


def _time(parent: dict[str, Any], key: str) -> int:
    nanoseconds = int(parent.get(key) or 0)
    if not 0 <= nanoseconds < 2**63:
        raise ValueError(f"{key} {nanoseconds} is no time")
    return nanoseconds


def _enum(value: Any, names: Sequence[str], prefix: str) -> str:
    if isinstance(value, str):
        name = value.removeprefix(prefix)
        if name not in names:
            raise ValueError(f"{value!r} is no {prefix}… that is known")
        return name
    if not isinstance(value, int) or not 0 <= value < len(names):
        raise ValueError(f"{value!r} is no {prefix}… that is known")
    return names[value]


def _list(parent: Any, key: str) -> list[Any]:
    found = parent.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise TypeError(f"{key} is no list")
    return found


def _attributes(pairs: list[Any]) -> dict[str, Any]:
    return {str(pair["key"]): _value(pair.get("value") or {}) for pair in pairs}


def _value(value: dict[str, Any]) -> Any:
    for kind, read in _READ.items():
        if kind in value:
            return read(value[kind])
    return ""


def _bytes(text: Any) -> str:
    base64.b64decode(text, validate=True)
    return str(text)


def _element(value: dict[str, Any]) -> Any:
    plain = _value(value)
    return orjson.dumps(plain).decode() if isinstance(plain, tuple) else plain


_READ: Mapping[str, Callable[[Any], Any]] = {
    "stringValue": str,
    "boolValue": bool,
    "intValue": int,
    "doubleValue": float,
    "arrayValue": lambda inner: tuple(_element(item) for item in _list(inner, "values")),
    # No attribute can be a mapping here, nor bytes: they become text.
    "kvlistValue": lambda inner: dump(_attributes(_list(inner, "values"))),
    "bytesValue": _bytes,
}


def _is_simplified(span: dict[str, Any]) -> bool:
    return any(span.get(key) for key in _NOT_KEPT) or bool(
        (span.get("status") or {}).get("message")
    )


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"an attribute has no {error.args[0]}"
    return str(error) if isinstance(error, ValueError | TypeError) else "a part has the wrong type"
