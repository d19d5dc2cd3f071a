"""OTLP/JSON as a Collector's file exporter writes it: one request on each line.

A line holds spans, metrics or logs. What comes from elsewhere may hold more
than a recording keeps: links, trace state, instrumentation scopes, status
messages and exponential histograms are left out, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from observability.recording.cumulative import CumulativePoint
from observability.recording.errors import OtlpError
from observability.recording.otlp_json_logs import log_lines, log_of
from observability.recording.otlp_json_metrics import Points, metric_lines, metrics_of
from observability.recording.otlp_json_values import (
    SERVICE_NAME,
    attributes_of,
    enum_of,
    id_of,
    list_of,
    pairs,
    resource_of,
    time_of,
)
from observability.recording.records import (
    Attributes,
    EventRecord,
    LogRecord,
    MetricRecord,
    SpanRecord,
)

__all__ = [
    "Line",
    "common",
    "from_json_lines",
    "from_line",
    "log_lines",
    "metric_lines",
    "to_lines",
]

_KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_SIGNALS = ("Spans", "Metrics", "Logs")
_STATUS = ("UNSET", "OK", "ERROR")
_NOT_KEPT = ("links", "traceState", "droppedAttributesCount", "droppedEventsCount")


@dataclass(slots=True)
class Line:
    """What one line holds, the resources of its services, and how much is not kept of it.

    ``cumulative`` points of metrics are still to be made into deltas, among them
    those whose temporality is ``unspecified``. ``simplified`` spans lack
    something, ``left_out`` points are not there at all, and neither are those
    that ``unfit`` tells of.
    """

    spans: list[SpanRecord] = field(default_factory=list)
    metrics: list[MetricRecord] = field(default_factory=list)
    logs: list[LogRecord] = field(default_factory=list)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    cumulative: list[CumulativePoint] = field(default_factory=list)
    simplified: int = 0
    left_out: int = 0
    unspecified: int = 0
    unfit: list[str] = field(default_factory=list)


def to_lines(spans: Iterable[SpanRecord], resources: Mapping[str, Attributes]) -> Iterator[bytes]:
    """Yield a line, with its end, for each trace; a trace's spans follow one another."""
    for _, trace in groupby(spans, key=lambda span: span.trace_id):
        by_service: dict[str, list[SpanRecord]] = {}
        for span in trace:
            by_service.setdefault(span.service, []).append(span)
        request = {
            "resourceSpans": [
                {
                    "resource": {"attributes": pairs(resource_of(service, resources))},
                    "scopeSpans": [{"scope": {}, "spans": [_span(span) for span in own]}],
                }
                for service, own in by_service.items()
            ]
        }
        yield orjson.dumps(request) + b"\n"


def from_line(text: bytes | str) -> Line:
    """Return what a line holds; ``OtlpError`` says what is wrong with it."""
    try:
        request = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise OtlpError(f"no JSON: {error}") from error
    if not isinstance(request, dict):
        raise OtlpError("not an OTLP/JSON request: it is no object")
    if request and not any(f"resource{signal}" in request for signal in _SIGNALS):
        raise OtlpError(
            "not an OTLP/JSON request: it has no resourceSpans, resourceMetrics or resourceLogs"
        )
    line = Line()
    try:
        for scope, service, _ in _scopes(request, "Spans", line):
            for span in list_of(scope, "spans"):
                line.spans.append(_record(span, service))
                line.simplified += _is_simplified(span)
        for scope, service, resource in _scopes(request, "Metrics", line):
            library = scope.get("scope") or {}
            origin = (resource, str(library.get("name", "")), str(library.get("version", "")))
            for metric in list_of(scope, "metrics"):
                _add(metrics_of(metric, service, origin), line)
        for scope, service, _ in _scopes(request, "Logs", line):
            line.logs += [log_of(log, service) for log in list_of(scope, "logRecords")]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise OtlpError(f"not an OTLP/JSON request: {_why(error)}") from error
    return line


def _add(points: Points, line: Line) -> None:
    line.metrics += points.ready
    line.cumulative += points.cumulative
    line.left_out += points.left_out
    line.unspecified += points.unspecified
    line.unfit += points.unfit


def _scopes(request: Any, signal: str, line: Line) -> Iterator[tuple[Any, str, Attributes]]:
    """Yield each scope with its service's name and resource, which is noted in the line."""
    for resource in list_of(request, f"resource{signal}"):
        attributes = attributes_of(list_of(resource.get("resource") or {}, "attributes"))
        service = str(attributes.get(SERVICE_NAME, ""))
        # Of several resources of one service, what they agree on is kept.
        line.resources[service] = common(line.resources.get(service, attributes), attributes)
        for scope in list_of(resource, f"scope{signal}"):
            yield scope, service, attributes


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


def _span(span: SpanRecord) -> dict[str, Any]:
    plain: dict[str, Any] = {"traceId": span.trace_id, "spanId": span.span_id}
    if span.parent_id is not None:
        plain["parentSpanId"] = span.parent_id
    plain |= {
        "name": span.name,
        "kind": _KINDS.index(span.kind),
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": pairs(span.attributes),
    }
    if span.events:
        plain["events"] = [
            {
                "timeUnixNano": str(event.time_ns),
                "name": event.name,
                "attributes": pairs(event.attributes),
            }
            for event in span.events
        ]
    code = _STATUS.index(span.status)
    plain["status"] = {"code": code} if code else {}
    return plain


def _record(span: dict[str, Any], service: str) -> SpanRecord:
    return SpanRecord(
        trace_id=id_of(span, "traceId", 16),
        span_id=id_of(span, "spanId", 8),
        parent_id=id_of(span, "parentSpanId", 8) if span.get("parentSpanId") else None,
        service=service,
        name=str(span.get("name", "")),
        kind=enum_of(span.get("kind", 0), _KINDS, "SPAN_KIND_").replace("UNSPECIFIED", "INTERNAL"),
        start_ns=time_of(span, "startTimeUnixNano"),
        end_ns=time_of(span, "endTimeUnixNano"),
        status=enum_of((span.get("status") or {}).get("code", 0), _STATUS, "STATUS_CODE_"),
        attributes=attributes_of(list_of(span, "attributes")),
        events=tuple(
            EventRecord(
                str(event.get("name", "")),
                time_of(event, "timeUnixNano"),
                attributes_of(list_of(event, "attributes")),
            )
            for event in list_of(span, "events")
        ),
    )


def _is_simplified(span: dict[str, Any]) -> bool:
    return any(span.get(key) for key in _NOT_KEPT) or bool(
        (span.get("status") or {}).get("message")
    )


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"an attribute has no {error.args[0]}"
    return str(error) if isinstance(error, ValueError | TypeError) else "a part has the wrong type"
