import base64
import json
import math
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from observability.recording import EventRecord, SpanRecord
from observability.recording.errors import OtlpError
from observability.recording.otlp import from_request, to_request
from observability.recording.otlp_json import from_line, to_lines
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


def test_lines_of_metrics_and_logs_have_no_spans() -> None:
    line = from_line('{"resourceMetrics": []}')
    assert line.other_signals
    assert not line.spans
