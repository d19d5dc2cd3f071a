"""What every signal says of itself, and what some make of a request as a whole."""

import pytest

from observability.signals.signal import SIGNAL_LAYERS, load_signals
from observability.telemetry import semconv as s
from tests.observability.signals.traces import event, span, value, workflow


@pytest.mark.parametrize("signal", load_signals().values(), ids=lambda signal: signal.name)
def test_a_signal_says_what_it_is(signal) -> None:
    assert signal.layer in SIGNAL_LAYERS
    assert signal.describes.endswith(".")
    assert signal.healthy.endswith(".")
    assert signal.unit in {"1", "s", "tokens", "USD", "days", "characters"}
    assert "|" not in signal.describes + signal.healthy  # which would cut the table


def test_every_layer_has_signals() -> None:
    assert {signal.layer for signal in load_signals().values()} == set(SIGNAL_LAYERS)


def test_times_of_stages_are_added_up_in_seconds() -> None:
    spans = [
        workflow(),
        span("chat m", at=1, lasts=0.5),
        span("chat m", at=2, lasts=0.25),
        span("plan supervisor", at=3, lasts=2),
        span("stillgreen.rerank", at=4, lasts=0.125),
    ]
    assert value("latency", *spans) == 9
    assert value("latency_model", *spans) == 0.75
    assert value("latency_supervisor", *spans) == 2
    assert value("latency_rerank", *spans) == 0.125
    assert value("latency_tools", *spans) is None


def test_errors_retries_exceptions_and_fallbacks_are_counted() -> None:
    flow = workflow({s.EXCEPTION_COUNT: 2, s.FALLBACK_USED: True}, s.EVENT_EXCEPTION)
    retried = span("chat m", {s.RETRY_COUNT: 2}, at=1, events=[event(s.EVENT_RETRY)])
    failed = span("x", at=2, status="ERROR")
    assert value("exceptions", flow) == 2
    assert value("exceptions", workflow({}, s.EVENT_EXCEPTION)) == 1
    assert value("fallbacks", flow) == 1
    assert value("fallbacks", workflow({}, s.EVENT_FALLBACK, s.EVENT_FALLBACK)) == 2
    assert value("retries", retried) == 2
    assert value("retries", flow) == 0
    assert value("error_spans", flow, failed) == 1
    assert value("span_count", flow, failed) == 2


def test_the_door_is_the_root_that_serves_http() -> None:
    door = span("POST /v1/ask", {s.HTTP_RESPONSE_STATUS_CODE: 200}, parent=None, kind="SERVER")
    assert value("status_code", door) == 200
    assert value("http_duration", door) == 1
    assert value("http_duration", workflow()) is None
