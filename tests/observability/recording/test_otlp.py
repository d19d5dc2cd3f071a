import json

import pytest

from observability.recording import EventRecord, RecordingError, SpanRecord
from observability.recording.otlp import from_json_lines, from_request

_SPAN = {
    "traceId": "5b8efff798038103d269b633813fc60c",
    "spanId": "eee19b7ec3c1b174",
    "parentSpanId": "eee19b7ec3c1b173",
    "name": "chat sim-careful",
    "kind": 3,
    "startTimeUnixNano": "1544712660000000000",
    "endTimeUnixNano": "1544712661000000000",
    "attributes": [
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "12"}},
        {
            "key": "gen_ai.response.finish_reasons",
            "value": {"arrayValue": {"values": [{"stringValue": "stop"}]}},
        },
    ],
    "events": [{"timeUnixNano": "1544712660500000000", "name": "e", "attributes": []}],
    "status": {"code": 2},
}
_REQUEST = {
    "resourceSpans": [
        {
            "resource": {
                "attributes": [{"key": "service.name", "value": {"stringValue": "stillgreen-llm"}}]
            },
            "scopeSpans": [{"spans": [_SPAN]}],
        }
    ]
}


def test_a_collectors_json_lines_are_read() -> None:
    lines = [json.dumps(_REQUEST), "", json.dumps(_REQUEST)]
    first, second = from_json_lines(lines)
    assert first == second
    assert first == SpanRecord(
        trace_id="5b8efff798038103d269b633813fc60c",
        span_id="eee19b7ec3c1b174",
        parent_id="eee19b7ec3c1b173",
        service="stillgreen-llm",
        name="chat sim-careful",
        kind="CLIENT",
        start_ns=1544712660000000000,
        end_ns=1544712661000000000,
        status="ERROR",
        attributes={
            "gen_ai.usage.input_tokens": 12,
            "gen_ai.response.finish_reasons": ("stop",),
        },
        events=(EventRecord("e", 1544712660500000000),),
    )


def test_a_line_that_is_no_request_is_named() -> None:
    with pytest.raises(RecordingError, match="line 2"):
        from_json_lines([json.dumps(_REQUEST), "{nonsense"])


def test_bytes_that_are_no_request_are_an_error() -> None:
    with pytest.raises(RecordingError):
        from_request(b"\xff\xff\xff not protobuf")
