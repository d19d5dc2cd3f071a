import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from observability.recording.records import SpanRecord, TruthRecord
from observability.telemetry import semconv
from services.lab.runs.expectations import Expected, as_json, expected_of, is_near
from services.lab.runs.expecting import Closeness
from services.lab.runs.fields import SECOND_NS
from services.lab.runs.scenario import Scenario
from services.lab.runs.seen import Seen
from tests.services.lab.runs.fakes import START, fact

SPAN = SpanRecord("1" * 32, "1" * 16, None, "gateway", "x", "INTERNAL", 0, 0, "UNSET")


def span(name: str, seconds: float = 0.0, **attributes: object) -> SpanRecord:
    return replace(SPAN, name=name, end_ns=round(seconds * SECOND_NS), attributes=attributes)


def seen(
    answer: str = "",
    minute: float = 0.0,
    spans: Sequence[SpanRecord] = (),
    question: str = "q",
    culprit: tuple[str, str] | None = None,
    **changes: object,
) -> Seen:
    one = fact(minute, **changes)
    layer, agent = culprit or (None, None)
    truth = TruthRecord(
        trace_id="1" * 32,
        arm=one.arm,
        question_id=question,
        family="invoice_total",
        wording="w1",
        question=question,
        expected="",
        given=answer,
        correct=one.correct,
        abstained=one.abstained,
        culprit_span=None if culprit is None else "2" * 16,
        culprit_layer=layer,
        culprit_agent=agent,
    )
    return Seen(one, truth, None, spans)


def found(requests: Sequence[Seen], **expectation: object) -> Expected:
    whole = {
        "name": "it",
        "arm": "a",
        "published": 1.0,
        "tolerance": {"type": "at_least"},
        **expectation,
    }
    scenario = Scenario.model_validate(
        {"traffic": {"duration": "1h"}, "arms": {"a": {}, "b": {}}, "expect": [whole]}
    )
    assert scenario.start_ns == START
    (one,) = expected_of(scenario, requests)
    return one


@pytest.mark.parametrize(
    ("value", "published", "tolerance", "near"),
    [
        (0.94, 0.96, {"type": "points", "value": 2}, True),
        (0.93, 0.96, {"type": "points", "value": 2}, False),
        (10_350, 9_000, {"type": "percent", "value": 15}, True),
        (10_351, 9_000, {"type": "percent", "value": 15}, False),
        (-0.11, -0.1, {"type": "percent", "value": 15}, True),
        (4.0, 4.0, {"type": "at_least"}, True),
        (3.9, 4.0, {"type": "at_least"}, False),
        (0.0, 0.0, {"type": "at_most"}, True),
        (0.01, 0.0, {"type": "at_most"}, False),
    ],
)
def test_a_number_is_near_within_its_tolerance_and_not_beyond(
    value: float, published: float, tolerance: dict[str, object], near: bool
) -> None:
    assert is_near(value, published, Closeness.model_validate(tolerance)) is near


def test_a_share_of_requests_has_a_wilson_interval() -> None:
    one = found([seen(correct=n < 9) for n in range(10)], measure="accuracy", published=0.9)
    assert one.found.value == 0.9
    assert 0.5 < one.found.low < 0.9 < one.found.high < 1.0
    assert one.judgement == "inside"


def test_only_requests_of_the_arm_the_time_and_the_families_count() -> None:
    requests = [seen(tokens=100.0), seen(minute=30, tokens=300.0), seen(arm="b", tokens=900.0)]
    assert found(requests, measure="tokens").found.value == 200
    assert found(requests, measure="tokens", after="20m").found.value == 300
    assert found(requests, measure="tokens", before="20m").found.value == 100
    assert found(requests, measure="tokens", arm="b").found.value == 900
    assert math.isnan(found(requests, measure="tokens", families=["due_date"]).found.value)
    assert math.isnan(found(requests, measure="tokens", routes=["lookup"]).found.value)


def test_a_number_is_compared_with_another_arm_or_another_time() -> None:
    requests = [
        *(seen(tokens=100.0 + n) for n in range(5)),
        *(seen(arm="b", tokens=600.0 + 6 * n) for n in range(5)),
        *(seen(arm="b", minute=40, tokens=50.0) for _ in range(5)),
    ]
    against = {"arm": "a", "before": "30m"}
    ratio = found(requests, measure="tokens", arm="b", before="30m", against=against)
    assert ratio.found.value == pytest.approx(6.0)
    assert ratio.found.low < 6.0 < ratio.found.high
    gap = found(
        requests,
        measure="tokens",
        arm="b",
        after="30m",
        against={"after": "0s", "before": "30m", "compare": "difference"},
    )
    assert gap.found.value == pytest.approx(50.0 - 612.0)


def test_what_nothing_was_measured_of_is_not_inside() -> None:
    one = found([], measure="accuracy", published=0.0)
    assert one.judgement == "nothing measured"
    nothing_to_divide_by = [seen(tokens=0.0), seen(arm="b")]
    ratio = found(nothing_to_divide_by, measure="tokens", arm="b", against={"arm": "a"})
    assert ratio.judgement == "nothing measured"


def test_an_answer_says_a_word_in_any_case() -> None:
    requests = [seen("Approvals are missing"), seen("It is the price")]
    assert found(requests, measure="answer_says", of=["approval"]).found.value == 0.5


def test_a_wrong_answer_is_told_from_an_abstention() -> None:
    requests = [seen(), seen(correct=False), seen(correct=False, abstained=True), seen()]
    assert found(requests, measure="wrong_given_rate").found.value == 0.25


def test_answers_that_differ_are_counted_within_each_question() -> None:
    same = [seen("a", question="one"), seen("a", question="one"), seen("b", question="two")]
    assert found(same, measure="reworded_rate").found.value == 0
    assert found([*same, seen("c", question="one")], measure="reworded_rate").found.value == 0.25


def test_the_culprit_is_looked_for_among_requests_that_have_one() -> None:
    requests = [
        seen(),
        seen(culprit=("tools", "finance")),
        seen(culprit=("retrieval", "retriever")),
    ]
    assert found(requests, measure="culprit_layers", of=["tools"]).found.value == 0.5
    assert found(requests, measure="culprit_agents", of=["retriever", "finance"]).found.value == 1


def test_seconds_are_told_apart_by_what_took_them() -> None:
    spans = [
        span("invoke_agent retriever", 6),
        span("query finance", 1),
        span("stillgreen.rerank", 3),
        span("chat sim-careful", 5),
        span("chat sim-careful", 3),
        span("execute_tool get_invoice", 4),
    ]
    expected = {"retriever": 2, "query": 1, "rerank": 3, "model": 8, "tools": 4}
    for part, seconds in expected.items():
        one = found([seen(spans=spans)], measure=f"seconds_in_{part}")
        assert one.found.value == pytest.approx(seconds), part
    assert found([seen(latency_ms=18_000.0)], measure="seconds").found.value == 18


def test_tokens_of_answering_are_those_of_the_agents_that_write_and_check() -> None:
    def call(agent: str, tokens: int) -> SpanRecord:
        attributes = {
            semconv.GEN_AI_AGENT_NAME: agent,
            semconv.GEN_AI_USAGE_INPUT_TOKENS: tokens,
            semconv.GEN_AI_USAGE_OUTPUT_TOKENS: 10,
            semconv.COST_USD: tokens / 1000,
        }
        return span("chat sim-careful", 1, **attributes)

    one = seen(spans=[call("supervisor", 900), call("response", 600), call("validation", 400)])
    assert found([one], measure="tokens_answering").found.value == 1020
    assert found([one], measure="cost_usd_answering").found.value == pytest.approx(1.0)
    assert found([seen()], measure="tokens_answering").judgement == "nothing measured"


def test_documents_are_looked_for_in_what_was_found_and_what_was_shown() -> None:
    spans = [
        span(
            "retrieval finance",
            **{
                semconv.RETRIEVAL_DOCUMENT_TYPES: ("policy", "email"),
                semconv.RETRIEVAL_DOCUMENT_IDS: ("POL-TRAVEL", "MAIL-1"),
            },
        ),
        span(
            "stillgreen.context",
            **{
                semconv.CONTEXT_SOURCES: ("POL-TRAVEL", "MAIL-1"),
                semconv.CONTEXT_DOCUMENT_TYPES: ("policy", "email"),
            },
        ),
        span("invoke_agent response", **{semconv.CITATION_SOURCES: ("MAIL-1",)}),
    ]
    one = [seen(spans=spans)]
    assert found(one, measure="retrieves_types", of=["policy"]).found.value == 1
    assert found(one, measure="retrieves_documents", of=["POL-TRAVEL"]).found.value == 1
    assert found(one, measure="retrieves_documents", of=["POL-TAX"]).found.value == 0
    assert found(one, measure="cites_types", of=["email"]).found.value == 1
    assert found(one, measure="cites_types", of=["policy"]).found.value == 0
    assert found(one, measure="context_types").found.value == 2


def test_a_program_gets_published_and_measured_numbers_side_by_side() -> None:
    (told,) = as_json([found([seen()], measure="accuracy", published=0.5)])
    assert (told["published"], told["measured"], told["judgement"]) == (0.5, 1.0, "inside")
    (nothing,) = as_json([found([], measure="tokens")])
    assert (nothing["measured"], nothing["low"], nothing["n"]) == (None, None, 0)
