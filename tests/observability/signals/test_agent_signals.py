"""What signals make of routes, of turns of agents and of what is handed over."""

import json

import pytest

from observability.telemetry import semconv as s
from tests.observability.signals.traces import intent, span, tool, turn, value, workflow


def test_the_margin_is_taken_to_the_best_alternative() -> None:
    attributes = {
        s.ROUTE_CONFIDENCE: 0.6,
        s.ROUTE_ALTERNATIVES: json.dumps({"a": 0.1, "b": 0.25, "c": "?"}),
    }
    assert value("route_margin", span("plan supervisor", attributes)) == pytest.approx(0.35)


@pytest.mark.parametrize("alternatives", ["{}", "[1]", "{", "3", 3, '{"a": NaN}'])
def test_without_alternatives_there_is_no_margin(alternatives: object) -> None:
    attributes = {s.ROUTE_CONFIDENCE: 0.6, s.ROUTE_ALTERNATIVES: alternatives}
    assert value("route_margin", span("plan supervisor", attributes)) is None


def test_the_final_route_stands_on_the_workflow() -> None:
    plan = span("plan supervisor", {s.ROUTE_NAME: "ledger"}, at=1)
    assert value("route", plan) == "ledger"
    assert value("route", plan, workflow({s.ROUTE_NAME: "documents"})) == "documents"


def test_entities_that_an_agent_does_not_get_are_dropped() -> None:
    spans = [intent("V-1", "V-2"), turn("finance", 1, entities=2), turn("response", 2, entities=0)]
    assert value("entities_dropped", *spans) == 2
    assert value("entities_dropped", *spans[:2]) == 0
    assert value("entities_dropped", spans[0]) is None


def test_passages_and_records_that_the_answering_agent_does_not_get_are_dropped() -> None:
    spans = [
        span(s.SPAN_CONTEXT, {s.CONTEXT_KEPT: 5}),
        tool(1, found=True),
        tool(2, found=True),
        tool(3, found=False),
        turn("finance", 4, passages=5, records=0),
        turn("response", 5, passages=3, records=1),
    ]
    assert value("passages_dropped", *spans) == 2
    assert value("records_dropped", *spans) == 1


def test_citations_are_compared_with_what_validation_was_handed() -> None:
    cited = span("invoke_agent response", {s.CITATION_SOURCES: ("A", "B")})
    assert value("checked_citation_share", cited, turn("validation", 1, evidence=("A",))) == 0.5
    assert value("checked_citation_share", cited) is None


def test_turns_and_steps_of_agents_are_counted() -> None:
    turns = [
        turn("supervisor", 1, steps=3),
        turn("finance", 2, steps=4),
        turn("finance", 3, steps=2),
        turn("response", 4, steps=1),
    ]
    assert value("agent_repeats", *turns) == 1
    assert value("agent_steps", *turns) == 7


def test_the_path_is_a_label() -> None:
    told = workflow({s.AGENT_PATH: ("finance", "response")})
    assert value("path", told) == "finance > response"
    assert value("path", workflow()) is None


def test_a_way_with_the_finance_agent_should_call_tools() -> None:
    assert value("lookup_without_tools", turn("finance")) == 1
    assert value("lookup_without_tools", turn("finance"), tool(1)) == 0
    assert value("lookup_without_tools", turn("retriever")) is None
