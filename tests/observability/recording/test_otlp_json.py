import base64
import json
import math
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, Parse, ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_DELTA

from observability.recording import EventRecord, SpanRecord
from observability.recording.errors import OtlpError
from observability.recording.otlp import from_request, to_request
from observability.recording.otlp_json import from_line, log_lines, metric_lines, to_lines
from tests.observability.recording import run_sample as sample

SPAN = SpanRecord(
    trace_id="ab" * 16,
    span_id="cd" * 8,
    parent_id=None,
    service="stillgreen-gateway",
    name="all kinds of values",
    kind="SERVER",
    start_ns=1_782_000_000_000_000_001,
    end_ns=1_782_000_000_000_000_002,
    status="ERROR",
    attributes={
        "text": 'quotes " and ü and \n',
        "yes": True,
        "whole": 2**62,
        "real": 1.0,
        "endless": math.inf,
        "texts": ("a", "b"),
        "none": (),
        "reals": (0.5, -1.5),
    },
    events=(EventRecord("seen", 1_782_000_000_000_000_001, {"n": 1}),),
)


def _hex_ids_as_bytes(value: Any) -> Any:
    # OTLP/JSON has ids in hex where protobuf's own JSON has base64: its one difference here.
    if isinstance(value, list):
        return [_hex_ids_as_bytes(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _base64(item)
        if key in ("traceId", "spanId", "parentSpanId")
        else _hex_ids_as_bytes(item)
        for key, item in value.items()
    }


def _base64(text: str) -> str:
    assert text == text.lower()
    return base64.b64encode(bytes.fromhex(text)).decode()


def test_a_line_is_a_request_of_the_official_protobuf() -> None:
    spans = [SPAN, *sample.trace(0), *sample.trace(1)]
    lines = list(to_lines(spans, sample.RESOURCES))
    assert len(lines) == 3
    for line in lines:
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
    # An unknown field, a wrong type or a wrong name would be an error here.
    requests = [
        ParseDict(_hex_ids_as_bytes(json.loads(line)), ExportTraceServiceRequest())
        for line in lines
    ]
    read = [span for request in requests for span in from_request(request.SerializeToString())]
    assert {(s.trace_id, s.span_id): s for s in read} == {(s.trace_id, s.span_id): s for s in spans}
    resource = MessageToDict(requests[0])["resourceSpans"][0]["resource"]["attributes"]
    assert {pair["key"] for pair in resource} == {"service.name", "service.version"}


def test_a_span_goes_through_json_and_protobuf_unchanged() -> None:
    (line,) = to_lines([SPAN], {})
    (read,) = from_line(line).spans
    assert read == SPAN
    assert {key: type(value) for key, value in read.attributes.items()} == {
        key: type(value) for key, value in SPAN.attributes.items()
    }
    assert from_request(to_request([SPAN], {})) == (SPAN,)


def _line(**changed: Any) -> str:
    span = {"traceId": "ab" * 16, "spanId": "cd" * 8, "name": "x", **changed}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


def test_what_other_programs_write_differently_is_read_too() -> None:
    text = _line(
        traceId="AB" * 16,
        parentSpanId="",
        kind="SPAN_KIND_CLIENT",
        startTimeUnixNano=5,
        endTimeUnixNano="7",
        status={"code": "STATUS_CODE_ERROR", "message": "no"},
        attributes=[
            {
                "key": "map",
                "value": {"kvlistValue": {"values": [{"key": "a", "value": {"intValue": "1"}}]}},
            },
            {"key": "bytes", "value": {"bytesValue": "aGk="}},
            {"key": "nothing", "value": {}},
            {
                "key": "nested",
                "value": {
                    "arrayValue": {"values": [{"arrayValue": {"values": [{"stringValue": "x"}]}}]}
                },
            },
        ],
        aFieldOfTheFuture=1,
    )
    line = from_line(text)
    (span,) = line.spans
    assert (span.trace_id, span.parent_id, span.kind) == ("ab" * 16, None, "CLIENT")
    assert (span.start_ns, span.end_ns, span.status, span.service) == (5, 7, "ERROR", "")
    assert span.attributes == {
        "map": '{"a":1}',
        "bytes": "aGk=",
        "nothing": "",
        "nested": ('["x"]',),
    }
    assert line.simplified == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "no JSON"),
        ("[]", "no object"),
        ('{"spans": []}', "no resourceSpans"),
        ('{"resourceSpans": {}}', "resourceSpans is no list"),
        ('{"resourceSpans": [1]}', "wrong type"),
        (_line(traceId="xyz"), "traceId 'xyz' is no id of 32"),
        (_line(traceId="00" * 16), "is no id"),
        (_line(spanId=None), "a span has no spanId"),
        (_line(parentSpanId="abcd"), "parentSpanId 'abcd' is no id of 16"),
        (_line(kind=17), "17 is no SPAN_KIND_"),
        (_line(status={"code": "BAD"}), "'BAD' is no STATUS_CODE_"),
        (_line(startTimeUnixNano="soon"), "soon"),
        (_line(endTimeUnixNano=-1), "is no time"),
        (_line(attributes=[{"value": {}}]), "an attribute has no key"),
        (_line(attributes=[{"key": "x", "value": {"intValue": "x"}}]), "invalid literal"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(OtlpError, match=why):
        from_line(text)


def test_lines_of_metrics_and_logs_are_requests_of_the_official_protobuf() -> None:
    total = replace(
        sample.metric(1), kind="sum", value=0.1, count=1, bounds=(), buckets=(), unit="{call}"
    )
    gauge = replace(total, kind="gauge", name="g", value=math.nan)
    metrics = [sample.metric(1), total, gauge, replace(sample.metric(2), service="other")]
    (line,) = metric_lines(metrics, sample.RESOURCES)
    request = Parse(line, ExportMetricsServiceRequest(), ignore_unknown_fields=False)
    found = {
        (metric.name, metric.WhichOneof("data"))
        for resource in request.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert found == {
        ("gen_ai.client.token.usage", "histogram"),
        ("gen_ai.client.token.usage", "sum"),
        ("g", "gauge"),
    }
    histogram = request.resource_metrics[0].scope_metrics[0].metrics[0].histogram
    assert histogram.aggregation_temporality == AGGREGATION_TEMPORALITY_DELTA
    assert list(histogram.data_points[0].bucket_counts) == [0, 1, 1]
    assert sorted(map(repr, from_line(line).metrics)) == sorted(map(repr, metrics))

    logs = [
        sample.log(1),
        replace(sample.log(2), trace_id=None),
        replace(sample.log(3), severity="x"),
    ]
    (line,) = log_lines([*logs, replace(sample.log(4), span_id="ab" * 8)], {})
    plain = _hex_ids_as_bytes(json.loads(line))
    written = ParseDict(plain, ExportLogsServiceRequest(), ignore_unknown_fields=False)
    (records,) = (scope.log_records for scope in written.resource_logs[0].scope_logs)
    assert [record.severity_number for record in records] == [9, 9, 0, 9]
    assert records[0].trace_id.hex() == sample.trace_id(1)
    assert from_line(line).logs[:3] == logs


def test_long_metrics_and_logs_are_cut_into_lines() -> None:
    assert len(list(metric_lines([sample.metric(n) for n in range(1001)], {}))) == 3
    assert len(list(log_lines([sample.log(n) for n in range(1001)], {}))) == 3


def test_metrics_that_other_programs_write_differently_are_read_too() -> None:
    point = {"timeUnixNano": "7", "asInt": "3"}
    metrics = [
        {"name": "a", "sum": {"dataPoints": [point], "aggregationTemporality": 2}},
        {"name": "b", "exponentialHistogram": {"dataPoints": [{}, {}]}},
        {"name": "c", "histogram": {"dataPoints": [{"timeUnixNano": 9, "count": 2}]}},
    ]
    line = from_line(json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]}))
    found = [point.record for point in line.cumulative]
    assert [(m.name, m.kind, m.value, m.time_ns) for m in found] == [
        ("a", "sum", 3.0, 7),
        ("c", "histogram", 0.0, 9),
    ]
    assert (line.left_out, line.unspecified, line.metrics) == (2, 1, [])


@pytest.mark.parametrize(
    ("plain", "severity", "body", "time_ns"),
    [
        ({"severityNumber": 13, "body": {"stringValue": "x"}, "timeUnixNano": 5}, "WARN", "x", 5),
        ({"severityNumber": "SEVERITY_NUMBER_INFO2", "observedTimeUnixNano": "6"}, "INFO2", "", 6),
        ({"severityText": "loud", "body": {"intValue": "4"}}, "loud", "4", 0),
        ({"body": {"kvlistValue": {"values": []}}}, "", "{}", 0),
    ],
)
def test_logs_that_other_programs_write_differently_are_read_too(
    plain: dict[str, Any], severity: str, body: str, time_ns: int
) -> None:
    (log,) = from_line(
        json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [plain]}]}]})
    ).logs
    assert (log.severity, log.body, log.time_ns) == (severity, body, time_ns)


@pytest.mark.parametrize(
    "text",
    [
        '{"resourceMetrics": 1}',
        '{"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"sum": {"dataPoints": [1]}}]}]}]}',
        '{"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"sum":'
        ' {"aggregationTemporality": 3}}]}]}]}',
        '{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"traceId": "xyz"}]}]}]}',
    ],
)
def test_wrong_metrics_and_logs_are_told(text: str) -> None:
    with pytest.raises(OtlpError, match="not an OTLP/JSON request"):
        from_line(text)
