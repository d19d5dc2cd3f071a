import asyncio

import pytest

from observability.telemetry import Telemetry, TelemetrySettings, semconv
from tests.observability.clocks import TickingClock


def test_spans_and_events_have_the_times_of_the_clock() -> None:
    telemetry, spans = Telemetry.in_memory("gateway", TickingClock(0, 10))
    with telemetry.span("outer"), telemetry.span("inner") as inner:
        inner.event("something", {semconv.RETRY_COUNT: 1, semconv.REVIEW_ID: None})
    inner_record, outer_record = spans
    assert (outer_record.start_ns, outer_record.end_ns) == (10, 50)
    assert (inner_record.start_ns, inner_record.end_ns) == (20, 40)
    assert inner_record.events[0].time_ns == 30
    assert inner_record.events[0].attributes == {semconv.RETRY_COUNT: 1}
    assert inner_record.parent_id == outer_record.span_id
    assert inner_record.trace_id == outer_record.trace_id


def test_none_sets_nothing_and_a_mapping_is_written_as_json() -> None:
    telemetry, spans = Telemetry.in_memory("gateway", TickingClock())
    with telemetry.span("s", {semconv.ROUTE_NAME: None, semconv.AGENT_PATH: ["a", "b"]}) as span:
        span.set(semconv.ROUTE_CONFIDENCE, None)
        span.set(semconv.ROUTE_ALTERNATIVES, {"ledger": 0.25})
    assert spans[0].attributes == {
        semconv.AGENT_PATH: ("a", "b"),
        semconv.ROUTE_ALTERNATIVES: '{"ledger":0.25}',
    }


def test_a_span_that_goes_well_leaves_its_status_unset() -> None:
    telemetry, spans = Telemetry.in_memory("gateway", TickingClock())
    with telemetry.span("s"):
        pass
    assert spans[0].status == "UNSET"


def test_an_exception_marks_its_span_and_its_message_is_masked() -> None:
    telemetry, spans = Telemetry.in_memory("gateway", TickingClock())
    with pytest.raises(ValueError, match="who@example"), telemetry.span("s"):
        raise ValueError("who@example.com failed")
    (span,) = spans
    assert span.status == "ERROR"
    assert span.attributes[semconv.ERROR_TYPE] == "ValueError"
    (event,) = span.events
    assert event.attributes[semconv.EXCEPTION_MESSAGE] == "[email] failed"
    assert "who@" not in str(event.attributes[semconv.EXCEPTION_STACKTRACE])


async def test_a_cancelled_task_is_no_error() -> None:
    telemetry, spans = Telemetry.in_memory("gateway", TickingClock())

    async def work() -> None:
        with telemetry.span("s"):
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert spans[0].status == "UNSET"


async def test_concurrent_tasks_keep_their_own_parents() -> None:
    telemetry, spans = Telemetry.in_memory("gateway", TickingClock())

    async def agent(name: str) -> None:
        with telemetry.span(name):
            await asyncio.sleep(0)
            with telemetry.span(f"{name} child"):
                await asyncio.sleep(0)

    with telemetry.span("root"):
        await asyncio.gather(agent("a"), agent("b"))
    by_name = {span.name: span for span in spans}
    for name in ("a", "b"):
        assert by_name[f"{name} child"].parent_id == by_name[name].span_id
        assert by_name[name].parent_id == by_name["root"].span_id


def test_content_is_masked_before_it_is_recorded() -> None:
    telemetry, spans = Telemetry.in_memory("llm", TickingClock())
    with telemetry.span("chat sim-careful") as span:
        span.content(semconv.INPUT_VALUE, "pay DE89370400440532013000")
    assert spans[0].attributes == {semconv.INPUT_VALUE: "pay [iban]"}


def test_content_that_is_not_captured_is_not_even_built() -> None:
    telemetry, spans = Telemetry.in_memory("llm", TickingClock())

    def text() -> str:
        raise AssertionError("built for nothing")

    with telemetry.fictional(False), telemetry.span("chat sim-careful") as span:
        assert not span.captures_content
        span.content(semconv.INPUT_VALUE, text)
    assert spans[0].attributes == {}


def test_services_in_one_process_have_names_of_their_own() -> None:
    gateway, first = Telemetry.in_memory("gateway", TickingClock())
    erp, second = Telemetry.in_memory("erp", TickingClock())
    with gateway.span("a"), erp.span("b"):
        pass
    assert first[0].service == "stillgreen-gateway"
    assert second[0].service == "stillgreen-erp"
    assert second[0].parent_id == first[0].span_id


def test_a_disabled_sdk_records_nothing_and_breaks_nothing() -> None:
    spans: list[object] = []
    telemetry = Telemetry(
        "gateway", TickingClock(), TelemetrySettings(disabled=True), sinks=[spans.append]
    )
    with telemetry.span("s", {semconv.ROUTE_NAME: "ledger"}) as span:
        span.set(semconv.ROUTE_SHORT, True)
        span.content(semconv.INPUT_VALUE, "text")
        span.event("e")
    assert telemetry.totals() == []
    telemetry.shutdown()
    assert spans == []
