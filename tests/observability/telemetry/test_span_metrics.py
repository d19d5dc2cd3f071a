import math
from collections.abc import Mapping

import fastapi
import httpx

from observability.telemetry import MetricTotal, Telemetry, TelemetrySettings, semconv
from tests.observability.clocks import TickingClock


def _total(telemetry: Telemetry, name: str, **labels: object) -> MetricTotal:
    (found,) = [
        total
        for total in telemetry.totals()
        if total.name == name
        and all(total.labels.get(key.replace("__", ".")) == value for key, value in labels.items())
    ]
    return found


def _names(telemetry: Telemetry) -> set[str]:
    return {total.name for total in telemetry.totals()}


_CHAT: Mapping[str, str | int | float] = {
    semconv.GEN_AI_OPERATION_NAME: semconv.OP_CHAT,
    semconv.GEN_AI_REQUEST_MODEL: "sim-careful",
    semconv.GEN_AI_RESPONSE_MODEL: "sim-careful-2026-03",
    semconv.GEN_AI_AGENT_NAME: "response",
    semconv.GEN_AI_USAGE_INPUT_TOKENS: 900,
    semconv.GEN_AI_USAGE_OUTPUT_TOKENS: 60,
    semconv.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: 0.25,
    semconv.COST_USD: 0.002,
}


def test_a_model_call_is_counted_in_tokens_time_and_money() -> None:
    telemetry, _ = Telemetry.in_memory("gateway", TickingClock(0, 500_000_000))
    for _ in range(2):
        with telemetry.span("chat sim-careful", _CHAT):
            pass
    usage = _total(telemetry, semconv.METRIC_TOKEN_USAGE, gen_ai__token__type="input")
    assert (usage.count, usage.value) == (2, 1800)
    assert _total(telemetry, semconv.METRIC_OPERATION_DURATION).value == 1.0
    assert _total(telemetry, semconv.METRIC_TIME_TO_FIRST_CHUNK).value == 0.5
    cost = _total(telemetry, semconv.METRIC_COST_BY_AGENT, gen_ai__agent__name="response")
    assert math.isclose(cost.value, 0.004)


def test_counters_are_recorded_as_sums_that_only_grow() -> None:
    settings = TelemetrySettings(repeatable_metrics=True)
    telemetry = Telemetry("gateway", TickingClock(), settings)
    with telemetry.span("chat sim-careful", _CHAT):
        telemetry.instruments.http_server_active.add(1, {})
    found = {record.name: record for record in telemetry.collect(0, 1)}
    assert found[semconv.METRIC_COST_BY_AGENT].monotonic
    assert not found[semconv.METRIC_HTTP_SERVER_ACTIVE].monotonic
    assert not found[semconv.METRIC_TOKEN_USAGE].monotonic


def test_a_question_is_counted_with_its_quality() -> None:
    telemetry, _ = Telemetry.in_memory("gateway", TickingClock())
    attributes = {semconv.GEN_AI_OPERATION_NAME: semconv.OP_INVOKE_WORKFLOW}
    for number, groundedness in enumerate((1.0, 0.5)):
        with telemetry.span("invoke_workflow finance_qa", attributes) as span:
            span.set(semconv.VALIDATION_GROUNDEDNESS, groundedness)
            span.set(semconv.ANSWER_ABSTAINED, number == 0)
            span.set(semconv.REVIEW_REQUIRED, True)
            span.set(semconv.REVIEW_REASON, "low confidence")
            span.set(semconv.COST_USD, 0.01)
            span.set(semconv.USER_ID, "user-1")
    groundedness_total = _total(telemetry, semconv.METRIC_GROUNDEDNESS)
    assert (groundedness_total.count, groundedness_total.value) == (2, 1.5)
    assert _total(telemetry, semconv.METRIC_REQUESTS).value == 2
    assert _total(telemetry, semconv.METRIC_ABSTENTIONS).value == 1
    escalations = _total(telemetry, semconv.METRIC_ESCALATIONS)
    assert escalations.labels == {semconv.REVIEW_REASON: "low confidence"}
    assert escalations.value == 2
    cost = _total(telemetry, semconv.METRIC_COST_BY_USER, user__id="user-1")
    assert math.isclose(cost.value, 0.02)


def test_a_similarity_below_zero_is_counted_as_zero() -> None:
    telemetry, _ = Telemetry.in_memory("retrieval", TickingClock())
    for similarity in (0.75, -0.125):
        with telemetry.span(
            "retrieval finance", {semconv.GEN_AI_OPERATION_NAME: semconv.OP_RETRIEVAL}
        ) as span:
            span.set(semconv.RETRIEVAL_TOP1_SIMILARITY, similarity)
    similarities = _total(telemetry, semconv.METRIC_TOP1_SIMILARITY)
    assert (similarities.count, similarities.value) == (2, 0.75)


def test_what_a_span_does_not_say_is_not_counted() -> None:
    telemetry, _ = Telemetry.in_memory("gateway", TickingClock())
    with telemetry.span(
        "invoke_workflow finance_qa",
        {semconv.GEN_AI_OPERATION_NAME: semconv.OP_INVOKE_WORKFLOW},
    ):
        pass
    names = _names(telemetry)
    assert semconv.METRIC_REQUESTS in names
    assert semconv.METRIC_GROUNDEDNESS not in names
    assert semconv.METRIC_ABSTENTIONS not in names


async def test_requests_are_counted_by_status_and_none_stays_active() -> None:
    telemetry, _ = Telemetry.in_memory("gateway", TickingClock())
    app = fastapi.FastAPI()

    @app.get("/fine")
    async def fine() -> dict[str, str]:
        return {}

    telemetry.instrument_app(app)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://gateway"
    ) as client:
        for path in ("/fine", "/fine", "/nowhere"):
            await client.get(path)
    for status, count in ((200, 2), (404, 1)):
        total = _total(
            telemetry,
            semconv.METRIC_HTTP_SERVER_DURATION,
            http__response__status_code=status,
        )
        assert total.count == count
    assert _total(telemetry, semconv.METRIC_HTTP_SERVER_ACTIVE).value == 0


def test_cpu_and_memory_of_the_process_are_metrics() -> None:
    telemetry, _ = Telemetry.in_memory("gateway", TickingClock())
    assert _total(telemetry, semconv.METRIC_PROCESS_MEMORY_USAGE).value > 1e6
    assert _total(telemetry, semconv.METRIC_PROCESS_CPU_TIME, cpu__mode="user").value > 0


def test_every_metric_and_its_labels_have_names_in_the_contract() -> None:
    telemetry, _ = Telemetry.in_memory("gateway", TickingClock())
    with telemetry.span("chat sim-careful", _CHAT):
        pass
    totals = telemetry.totals()
    assert {total.name for total in totals} <= semconv.metric_names()
    assert {key for total in totals for key in total.labels} <= semconv.known_keys()


def test_a_quantile_is_interpolated_within_its_bucket() -> None:
    total = MetricTotal("m", {}, 6.0, 4, bounds=(1.0, 2.0), buckets=(2, 2, 0))
    assert total.quantile(0.25) == 0.5
    assert total.quantile(0.75) == 1.5
    assert math.isnan(MetricTotal("m", {}, 0.0, 0).quantile(0.5))
