import random

import pytest

from observability.trace_view import EmptyTraceError, agent_of, build_tree
from tests.observability.trace_view.sample import TraceBuilder, question


def test_a_tree_does_not_depend_on_the_order_in_which_spans_are_read() -> None:
    spans = question()
    shuffled = list(spans)
    random.Random(3).shuffle(shuffled)
    expected = [str(node.step) for node in build_tree(spans).walk()]
    assert [str(node.step) for node in build_tree(shuffled).walk()] == expected
    assert expected[:3] == ["POST /v1/ask", "invoke_workflow finance_qa", "stillgreen.intent"]


def test_siblings_of_one_name_are_numbered_in_order_of_time() -> None:
    builder = TraceBuilder("c" * 32)
    root = builder.span(None, "invoke_agent finance", 0, 90)
    builder.span(root, "chat sim-careful", 50, 60)
    builder.span(root, "execute_tool get_invoice", 20, 50)
    builder.span(root, "chat sim-careful", 1, 20)
    (tree_root,) = build_tree(builder.spans).roots
    assert [str(child.step) for child in tree_root.children] == [
        "chat sim-careful",
        "execute_tool get_invoice",
        "chat sim-careful [2]",
    ]
    assert tree_root.children[0].span.end_ns < tree_root.children[1].span.end_ns


def test_a_span_whose_parent_is_missing_becomes_a_root() -> None:
    spans = [span for span in question() if span.name != "invoke_agent retriever"]
    assert [root.span.name for root in build_tree(spans).roots] == ["POST /v1/ask", "POST"]


def test_a_trace_without_spans_is_an_error() -> None:
    with pytest.raises(EmptyTraceError, match="no spans"):
        build_tree([])


def test_a_step_belongs_to_the_agent_that_it_lies_under() -> None:
    agents = {node.span.name: agent_of(node.path) for node in build_tree(question()).walk()}
    assert agents["POST /v1/ask"] == "gateway"
    assert agents["invoke_workflow finance_qa"] == "workflow"
    assert agents["stillgreen.intent"] == "intent"
    assert agents["plan supervisor"] == "supervisor"
    assert agents["stillgreen.rerank"] == "retriever"
    assert agents["chat sim-careful"] == "response"
    assert agents["stillgreen.safety"] == "safety"
