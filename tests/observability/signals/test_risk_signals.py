"""What signals make of checks, of confidence and of what follows from them."""

import pytest

from observability.telemetry import semconv as s
from tests.observability.signals.traces import check, retrieval, span, value, workflow


def test_checks_on_the_answer_are_read_from_events() -> None:
    checked = span(
        "invoke_agent validation",
        {s.VALIDATION_CLAIMS: 4, s.VALIDATION_CLAIMS_SUPPORTED: 3},
        events=[check("citation_validity", 0.5), check("answer_relevance", None)],
    )
    assert value("citation_validity", checked) == 0.5
    assert value("answer_relevance", checked) is None
    assert value("support_share", checked) == 0.75


def test_the_composite_is_the_mean_of_its_parts() -> None:
    spans = [
        span("plan supervisor", {s.ROUTE_CONFIDENCE: 0.5}),
        retrieval(top1=0.4),
        span(
            "invoke_agent validation",
            {s.VALIDATION_GROUNDEDNESS: 1.0, s.EXTRACTION_CONFIDENCE: 0.8},
            events=[check("context_relevance", 0.8), check("citation_validity", 0.5)],
        ),
    ]
    assert value("weak_retrieval", *spans) == pytest.approx(0.4)
    assert value("weak_support", *spans) == pytest.approx(0.25)
    assert value("uncertainty", *spans) == pytest.approx(0.6)
    assert value("composite_risk", *spans) == pytest.approx((0.4 + 0.25 + 0.6) / 3)


def test_the_composite_leaves_out_parts_that_there_are_not() -> None:
    plan = span("plan supervisor", {s.ROUTE_CONFIDENCE: 0.7})
    assert value("composite_risk", plan) == pytest.approx(0.3)
    assert value("composite_risk", span("x")) is None


def test_an_abstention_has_no_composite_risk() -> None:
    plan = span("plan supervisor", {s.ROUTE_CONFIDENCE: 0.7})
    assert value("composite_risk", workflow({s.ANSWER_ABSTAINED: True}), plan) is None
    assert value("composite_risk", workflow({s.ANSWER_ABSTAINED: False}), plan) is not None


@pytest.mark.parametrize("beyond", [-3.0, 1.7])
def test_parts_of_the_composite_stay_between_0_and_1(beyond: float) -> None:
    spans = [
        span("plan supervisor", {s.ROUTE_CONFIDENCE: beyond}),
        retrieval(top1=beyond),
        span("x", {s.VALIDATION_GROUNDEDNESS: beyond}),
    ]
    for name in ("weak_retrieval", "weak_support", "uncertainty", "composite_risk"):
        assert 0 <= value(name, *spans) <= 1


def test_the_decision_is_that_on_a_review_and_not_that_on_the_way() -> None:
    boss = span("invoke_agent supervisor", {s.DECISION_CONFIDENCE: 0.9})
    decided = span(s.SPAN_ESCALATION, {s.DECISION_CONFIDENCE: 0.4}, at=1)
    assert value("decision_confidence", boss, decided) == 0.4
