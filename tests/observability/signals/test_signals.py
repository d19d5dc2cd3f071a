"""What single signals make of small traces."""

import json
from dataclasses import replace

import pytest

from observability.recording import SpanRecord
from observability.signals.signal import SIGNAL_LAYERS, load_signals
from observability.telemetry import semconv as s
from tests.observability.signals.traces import chat, check, event, span, turn, value

TOOL = "execute_tool get_invoice"


def retrieval(**attributes: object) -> SpanRecord:
    names = {
        "similarities": s.RETRIEVAL_SIMILARITIES,
        "scores": s.RETRIEVAL_SCORES,
        "top1": s.RETRIEVAL_TOP1_SIMILARITY,
        "documents": s.RETRIEVAL_DOCUMENT_IDS,
        "vendors": s.RETRIEVAL_VENDOR_IDS,
        "types": s.RETRIEVAL_DOCUMENT_TYPES,
        "tokens": s.RETRIEVAL_CHUNK_TOKENS,
    }
    return span("retrieval finance", {names[key]: given for key, given in attributes.items()})


def intent(*entities: str, count: object = None) -> SpanRecord:
    found = len(entities) if count is None else count
    return span(s.SPAN_INTENT, {s.ENTITY_IDS: entities, s.ENTITY_COUNT: found})


def tool(at: float = 0.0, **attributes: object) -> SpanRecord:
    names = {
        "arguments": s.GEN_AI_TOOL_CALL_ARGUMENTS,
        "names": s.TOOL_ARGUMENT_NAMES,
        "found": s.TOOL_FOUND,
        "rows": s.TOOL_RESULT_ROWS,
        "size": s.TOOL_RESULT_SIZE,
        "name": s.GEN_AI_TOOL_NAME,
    }
    return span(TOOL, {names[key]: given for key, given in attributes.items()}, at=at)


def workflow(attributes: dict[str, object] | None = None, *events: str) -> SpanRecord:
    told = [event(name) for name in events]
    return span("invoke_workflow finance_qa", attributes, parent=None, lasts=9, events=told)


@pytest.mark.parametrize("signal", load_signals().values(), ids=lambda signal: signal.name)
def test_a_signal_says_what_it_is(signal) -> None:
    assert signal.layer in SIGNAL_LAYERS
    assert signal.describes.endswith(".")
    assert signal.healthy.endswith(".")
    assert signal.unit in {"1", "s", "tokens", "USD", "days", "characters"}
    assert "|" not in signal.describes + signal.healthy  # which would cut the table


def test_every_layer_has_signals() -> None:
    assert {signal.layer for signal in load_signals().values()} == set(SIGNAL_LAYERS)


@pytest.mark.parametrize(
    ("name", "spans", "expected"),
    [
        ("similarity_spread", [retrieval(similarities=(0.7, 0.9, 0.4))], 0.5),
        ("similarity_gap", [retrieval(similarities=(0.7, 0.9, 0.4))], 0.2),
        ("similarity_gap", [retrieval(similarities=(0.7,))], None),
        ("score_order", [retrieval(scores=(0.9, 0.7, 0.7, 0.8))], 2 / 3),
        ("score_order", [retrieval(scores=(0.1, 0.2, 0.3))], 0),
        ("score_order", [retrieval(scores=(0.1,))], None),
        ("distinct_vendors", [retrieval(vendors=("V-1", "", "V-2", "V-1"))], 2),
        ("document_types", [retrieval(types=("policy", "policy", "note"))], 2),
        ("chunk_tokens_mean", [retrieval(tokens=(10, 20, 60))], 30),
        ("chunk_tokens_max", [retrieval(tokens=(10, 20, 60))], 60),
        (
            "entity_passage_share",
            [intent("V-1"), retrieval(documents=("A", "B"), vendors=("V-1", "V-2"))],
            0.5,
        ),
        (
            "entity_passage_share",
            [intent("INV-7"), retrieval(documents=("MATCH-INV-7", "B", "C", "D"))],
            0.25,
        ),
        ("entity_passage_share", [intent(), retrieval(documents=("A",))], None),
        (
            "filter_selectivity",
            [span(s.SPAN_FILTER, {s.FILTER_ROWS_IN: 200, s.FILTER_ROWS_OUT: 50})],
            0.25,
        ),
        (
            "filter_selectivity",
            [span(s.SPAN_FILTER, {s.FILTER_ROWS_IN: 0, s.FILTER_ROWS_OUT: 0})],
            None,
        ),
        ("rerank_displacement", [span(s.SPAN_RERANK, {s.RERANK_RANK_CHANGES: (2, 1, 0)})], 4 / 9),
        ("rerank_displacement", [span(s.SPAN_RERANK, {s.RERANK_RANK_CHANGES: (0, 1)})], 0),
        (
            "context_kept_share",
            [span(s.SPAN_CONTEXT, {s.CONTEXT_KEPT: 1, s.CONTEXT_OFFERED: 5})],
            0.2,
        ),
        ("context_repeated_share", [span(s.SPAN_CONTEXT, {s.CONTEXT_SOURCES: "AABC"})], None),
        (
            "context_repeated_share",
            [span(s.SPAN_CONTEXT, {s.CONTEXT_SOURCES: ("A", "A", "B", "C")})],
            0.25,
        ),
        ("cited_rank", [turn("response"), span("x", {s.CITATION_RANKS: (1, 4)})], 2.5),
    ],
)
def test_retrieval_and_context_are_measured(name: str, spans, expected: float | None) -> None:
    assert value(name, *spans) == (None if expected is None else pytest.approx(expected))


def test_tokens_and_cost_are_told_by_agent_and_for_the_answer_alone() -> None:
    spans = [
        chat("intent", 1, read=100, wrote=5, cost=0.1),
        chat("finance", 2, read=300, wrote=10, cost=0.25),
        chat("finance", 3, read=500, wrote=10, cost=0.5),
        chat("response", 4, read=50, wrote=20, cost=0.05),
        chat("validation", 5, read=40, wrote=2, cost=0.04),
    ]
    assert value("prompt_tokens_finance", *spans) == 800
    assert value("cost_finance", *spans) == pytest.approx(0.75)
    assert value("cost_supervisor", *spans) is None
    assert value("answer_input_tokens", *spans) == 50
    assert value("answer_tokens", *spans) == 20
    assert value("tokens_per_call", *spans) == pytest.approx(1037 / 5)
    assert value("model_calls", *spans) == 5


def test_what_the_request_says_of_itself_goes_before_sums() -> None:
    calls = [chat("response", 1, read=100), chat("response", 2, read=100)]
    assert value("input_tokens", *calls) == 200
    assert value("input_tokens", workflow({s.GEN_AI_USAGE_INPUT_TOKENS: 230}), *calls) == 230


def test_where_no_agent_is_named_the_last_call_is_the_answer() -> None:
    calls = [chat("a", 1, wrote=1, finished=("stop",)), chat("b", 2, wrote=9, finished=("length",))]
    assert value("answer_tokens", *calls) == 9
    assert value("finish_stop", *calls) == 0


def test_the_models_that_answered_are_a_label() -> None:
    calls = [chat("a", 1, model="m-2"), chat("b", 2, model="m-1"), chat("c", 3, model="m-2")]
    assert value("response_model", *calls) == "m-1, m-2"


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


def test_a_call_with_the_same_arguments_is_a_repeat() -> None:
    calls = [tool(1, arguments='{"id": 1}'), tool(2, arguments='{"id": 2}')]
    assert value("tool_repeats", *calls) == 0
    assert value("tool_repeats", *calls, tool(3, arguments='{"id": 1}')) == 1


def test_without_recorded_arguments_the_size_of_the_result_tells_calls_apart() -> None:
    calls = [tool(1, names=("id",), size=10), tool(2, names=("id",), size=11)]
    assert value("tool_repeats", *calls) == 0
    assert value("tool_repeats", *calls, tool(3, names=("id",), size=10)) == 1


def test_a_tool_below_which_the_ledger_is_not_read_is_counted() -> None:
    calls = [tool(1), tool(2)]
    between = span("GET /invoices", at=3, parent=calls[0].span_id)
    read = span("SELECT invoices", at=4, parent=between.span_id)
    assert value("tools_without_read", *calls, between, read) == 1
    assert value("tools_without_read", *calls) == 2
    assert value("tools_without_read", between, read) is None


def test_spans_that_are_their_own_ancestors_do_not_hold_a_signal_up() -> None:
    circle = span("SELECT invoices", at=1)
    circle = replace(circle, parent_id=circle.span_id)
    assert value("tools_without_read", tool(2), circle) == 1


def test_what_tools_gave_is_added_up() -> None:
    calls = [
        tool(1, found=True, rows=3, size=40, name="b"),
        tool(2, found=False, rows=0, size=2, name="a"),
        tool(3, found=True, rows=4, size=8, name="b"),
    ]
    assert value("tool_calls", *calls) == 3
    assert value("tool_rows", *calls) == 7
    assert value("tool_result_size", *calls) == 50
    assert value("tool_empty_share", *calls) == pytest.approx(1 / 3)
    assert value("tools", *calls) == "b, a"


def test_a_request_without_tools_says_so_itself() -> None:
    assert value("tool_calls", workflow({s.TOOL_COUNT: 0})) == 0
    assert value("tool_calls", workflow()) is None


def test_failed_calls_are_counted_once_and_on_the_side_of_who_made_them() -> None:
    status = s.HTTP_RESPONSE_STATUS_CODE
    spans = [
        span("GET", {status: 404, s.ERROR_TYPE: "404"}, at=1, kind="CLIENT"),
        span("GET", {s.ERROR_TYPE: "timeout"}, at=2, kind="CLIENT"),
        span("GET", {status: 200}, at=3, kind="CLIENT"),
        span("GET", {status: 404}, at=4, kind="SERVER"),
    ]
    assert value("tool_errors", *spans) == 2
    assert value("tool_errors", spans[3]) is None


def test_what_memory_brought_is_told_from_what_was_asked() -> None:
    remembered = span(s.SPAN_MEMORY, {s.MEMORY_ENTITIES: ("V-1",), s.MEMORY_TURNS: 2})
    assert value("memory_entity_share", remembered, intent("V-1", "V-2")) == 0.5
    assert value("memory_entities", remembered) == 1
    assert value("memory_turns", remembered) == 2
    assert value("memory_entity_share", intent("V-1")) is None


def test_the_decision_is_that_on_a_review_and_not_that_on_the_way() -> None:
    boss = span("invoke_agent supervisor", {s.DECISION_CONFIDENCE: 0.9})
    decided = span(s.SPAN_ESCALATION, {s.DECISION_CONFIDENCE: 0.4}, at=1)
    assert value("decision_confidence", boss, decided) == 0.4


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
