import json
from dataclasses import replace

import pytest

from observability.telemetry import semconv as s
from observability.trace_view import IGNORED, build_tree, compare, first_divergence
from tests.observability.trace_view.sample import TraceBuilder, changed, question


def test_two_runs_that_differ_in_ids_and_times_only_behave_alike() -> None:
    other = question("b" * 32, late=431.0)
    later = [
        replace(span, start_ns=span.start_ns + 10**12, end_ns=span.end_ns + 10**12)
        for span in other
    ]
    assert first_divergence(question(), later) is None


@pytest.mark.parametrize("key", sorted(IGNORED))
def test_an_ignored_attribute_is_no_divergence(key: str) -> None:
    spans = question()
    assert first_divergence(spans, changed(spans, "chat sim-careful", {key: "other"})) is None


def test_a_dropped_filter_is_found_at_the_filter_though_everything_after_it_differs() -> None:
    found = first_divergence(question(), question("b" * 32, healthy=False))
    assert found is not None
    assert found.span_name == "stillgreen.filter"
    assert found.attribute == s.FILTER_PREDICATE
    assert (found.agent, found.layer) == ("retriever", "retrieval")
    assert (json.loads(str(found.left)), found.right) == (
        {"vendor_id": {"$in": ["V-1007"]}},
        "{}",
    )
    assert found.where.startswith("POST /v1/ask / invoke_workflow finance_qa / ")
    assert found.where.endswith("retrieval finance / stillgreen.filter")


def test_what_a_parent_ends_with_comes_after_the_steps_below_it() -> None:
    spans = question()
    other = changed(spans, "invoke_workflow finance_qa", {s.VALIDATION_VERDICT: "unsupported"})
    other = changed(other, "invoke_agent validation", {s.VALIDATION_VERDICT: "unsupported"})
    found = first_divergence(spans, other)
    assert found is not None
    assert found.span_name == "invoke_agent validation"


def test_what_a_span_begins_with_comes_before_the_steps_below_it() -> None:
    spans = question()
    other = changed(spans, "retrieval finance", {s.GEN_AI_RETRIEVAL_QUERY_TEXT: "shorter"})
    other = changed(other, "embeddings all-MiniLM-L6-v2", {s.GEN_AI_USAGE_INPUT_TOKENS: 3})
    found = first_divergence(spans, other)
    assert found is not None
    assert (found.span_name, found.attribute) == (
        "retrieval finance",
        s.GEN_AI_RETRIEVAL_QUERY_TEXT,
    )


def test_a_span_that_only_one_run_has_is_a_divergence_at_its_parent() -> None:
    spans = question()
    other = [span for span in spans if span.name != "stillgreen.context"]
    for left, right, values in (
        (spans, other, ("present", "missing")),
        (other, spans, ("missing", "present")),
    ):
        found = first_divergence(left, right)
        assert found is not None
        assert found.span_name == "invoke_agent supervisor"
        assert found.attribute == "span stillgreen.context"
        assert (found.left, found.right) == values
        assert found.layer == "context and prompt"


def test_scores_within_rounding_are_the_same_also_inside_json() -> None:
    spans = question()
    before = changed(spans, "retrieval finance", {s.GEN_AI_RETRIEVAL_DOCUMENTS: '[{"score":0.7}]'})
    after = changed(
        spans, "retrieval finance", {s.GEN_AI_RETRIEVAL_DOCUMENTS: '[{"score": 0.70000001}]'}
    )
    assert first_divergence(before, after) is None
    far = changed(spans, "retrieval finance", {s.GEN_AI_RETRIEVAL_DOCUMENTS: '[{"score":0.71}]'})
    assert first_divergence(before, far) is not None


@pytest.mark.parametrize(
    ("name", "attributes", "layer"),
    [
        ("chat sim-careful", {s.GEN_AI_INPUT_MESSAGES: "[]"}, "context and prompt"),
        ("chat sim-careful", {s.GEN_AI_OUTPUT_MESSAGES: "[]"}, "model"),
        ("chat sim-careful", {s.GEN_AI_TOOL_DEFINITIONS: "[]"}, "tools"),
        ("query finance", {s.DB_RESPONSE_RETURNED_ROWS: 1}, "data"),
        ("stillgreen.filter", {s.FILTER_ROWS_OUT: 900}, "data"),
        ("stillgreen.rerank", {s.RERANK_MARGIN: 0.0}, "retrieval"),
        ("plan supervisor", {s.ROUTE_NAME: "ledger"}, "routing and agents"),
        ("POST /search", {s.HTTP_RESPONSE_STATUS_CODE: 500}, "routing and agents"),
    ],
)
def test_a_difference_is_put_into_the_layer_that_it_shows(
    name: str, attributes: dict[str, object], layer: str
) -> None:
    found = first_divergence(question(), changed(question(), name, attributes))
    assert found is not None
    assert found.layer == layer


def test_a_model_call_that_decides_the_way_counts_as_routing() -> None:
    builder = TraceBuilder("d" * 32)
    plan = builder.span(None, "plan supervisor", 0, 9)
    builder.span(plan, "chat sim-careful", 1, 8, {s.GEN_AI_INPUT_MESSAGES: "routes"})
    found = first_divergence(
        builder.spans,
        changed(builder.spans, "chat sim-careful", {s.GEN_AI_INPUT_MESSAGES: "other routes"}),
    )
    assert found is not None
    assert found.layer == "routing and agents"


@pytest.mark.parametrize(
    "attributes",
    [
        {s.GEN_AI_RESPONSE_MODEL: "another"},
        {s.GEN_AI_RESPONSE_FINISH_REASONS: ("length",)},
        {s.GEN_AI_OUTPUT_MESSAGES: "[]"},
    ],
)
def test_another_reply_to_the_same_prompt_is_of_the_model_also_where_it_decides_the_way(
    attributes: dict[str, object],
) -> None:
    builder = TraceBuilder("d" * 32)
    plan = builder.span(None, "plan supervisor", 0, 9)
    builder.span(plan, "chat sim-careful", 1, 8, {s.GEN_AI_INPUT_MESSAGES: "routes"})
    found = first_divergence(builder.spans, changed(builder.spans, "chat sim-careful", attributes))
    assert found is not None
    assert found.layer == "model"


def test_a_call_that_had_to_be_repeated_is_of_the_model() -> None:
    once, twice = TraceBuilder("d" * 32), TraceBuilder("d" * 32)
    for builder in (once, twice):
        plan = builder.span(None, "plan supervisor", 0, 9)
        chat = builder.span(plan, "chat sim-careful", 1, 8)
        builder.span(chat, "POST", 2, 4)
    twice.span(chat, "POST", 5, 7)
    found = first_divergence(once.spans, twice.spans)
    assert found is not None
    assert found.layer == "model"


def test_an_evaluation_that_differs_is_named() -> None:
    spans = question()
    other = [
        replace(
            span,
            events=[
                replace(
                    event, attributes={**event.attributes, s.GEN_AI_EVALUATION_SCORE_LABEL: "fail"}
                )
                for event in span.events
            ],
        )
        for span in spans
    ]
    found = first_divergence(spans, other)
    assert found is not None
    assert found.attribute == "gen_ai.evaluation.result[groundedness].gen_ai.evaluation.score.label"


def test_siblings_in_another_order_are_paired_and_none_is_lost() -> None:
    def run(order: list[str]) -> list[object]:
        builder = TraceBuilder("e" * 32)
        root = builder.span(None, "invoke_agent finance", 0, 90)
        for place, name in enumerate(order):
            builder.span(root, name, 10 * place, 10 * place + 5)
        return builder.spans

    left, right = run(["a", "b", "c"]), run(["c", "x", "a"])
    (root,) = compare(build_tree(left), build_tree(right)).pairs
    kinds = {
        str(pair.path[-1]): (pair.left is not None, pair.right is not None)
        for pair in root.children
    }
    assert kinds == {
        "a": (True, True),
        "b": (True, False),
        "c": (True, True),
        "x": (False, True),
    }
