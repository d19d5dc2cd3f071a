"""Spans as known instrumentations write them become ours by the shipped mappings."""

from typing import Any

import pytest

from observability.recording.records import EventRecord
from observability.signals.mapping import load_mapping, shipped_mappings
from observability.signals.trace import Trace
from tests.observability.signals.mapping.other_spans import span


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_says_where_its_names_come_from(name: str) -> None:
    mapping = load_mapping(name)
    assert mapping.source
    assert all(address.startswith("https://") for address in mapping.source)
    assert load_mapping(name.replace("_", "-")).digest == mapping.digest


@pytest.mark.parametrize("name", shipped_mappings())
def test_values_of_any_type_do_no_harm(name: str) -> None:
    mapping = load_mapping(name)
    keys = {
        key.replace("*", "0")
        for sources in mapping.attributes.values()
        for source in sources
        for key in source.from_
    }
    for odd in (None, float("nan"), (), ("x", 1), True, "[1", "[[]]", 2**70):
        attributes: Any = dict.fromkeys(keys, odd)
        events = (EventRecord("db.query.result", 1, attributes),)
        found = mapping.apply([span(attributes, events=events, status="ERROR")])
        assert Trace(found).root.trace_id == "ab" * 16


def test_openinference_spans_become_ours() -> None:
    kinds = {"openinference.span.kind": "CHAIN", "session.id": "s", "user.id": "u"}
    documents = {
        f"retrieval.documents.{n}.document.{key}": value
        for n, (score, text) in enumerate([(0.9, "a"), (0.7, "b"), (0.5, "a")])
        for key, value in (("score", score), ("id", f"d{n}"), ("content", text))
    }
    ranked = {
        f"reranker.{side}_documents.{n}.document.id": each
        for side, order in (("input", "abc"), ("output", "cba"))
        for n, each in enumerate(order)
    }
    spans = load_mapping("openinference").apply(
        [
            span({**kinds, "output.value": '{"answer": "42 EUR"}'}, number=1, name="Query"),
            span({"openinference.span.kind": "RETRIEVER", **documents}, number=2, parent=1),
            span({"openinference.span.kind": "RERANKER", **ranked}, number=3, parent=1),
            span(
                {
                    "openinference.span.kind": "LLM",
                    "llm.model_name": "m",
                    "llm.token_count.prompt": 100,
                    "llm.token_count.completion": 7,
                    "llm.cost.total": 0.01,
                    "llm.invocation_parameters": '{"temperature": 0.5}',
                    "output.value": '{"choices": [{"finish_reason": "length"}]}',
                },
                number=4,
                parent=1,
            ),
            span({"openinference.span.kind": "TOOL", "tool.name": "t"}, number=5, parent=1),
        ]
    )
    workflow, search, rerank, chat, tool = spans
    assert [each.name.partition(" ")[0] for each in spans] == [
        "invoke_workflow",
        "retrieval",
        "stillgreen.rerank",
        "chat",
        "execute_tool",
    ]
    assert search.attributes["stillgreen.retrieval.similarities"] == (0.9, 0.7, 0.5)
    assert search.attributes["stillgreen.retrieval.top1_similarity"] == 0.9
    assert search.attributes["stillgreen.retrieval.duplicate_share"] == pytest.approx(1 / 3)
    assert rerank.attributes["stillgreen.rerank.rank_changes"] == (2, 1, 0)
    assert rerank.attributes["stillgreen.rerank.correlation"] == -1.0
    assert chat.attributes["gen_ai.response.finish_reasons"] == ("length",)
    assert chat.attributes["gen_ai.request.temperature"] == 0.5
    assert tool.name == "execute_tool t"
    whole = {
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 7,
        "stillgreen.cost.usd": 0.01,
        "stillgreen.tool.count": 1,
        "stillgreen.answer.length": 6,
        "gen_ai.conversation.id": "s",
    }
    assert {key: workflow.attributes[key] for key in whole} == whole


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.operation.name": "chat.completions"},
        {"gen_ai.operation.name": "text_completion"},
        {"gen_ai.request.model": "gpt-4"},
    ],
)
def test_older_spans_of_model_calls_become_ours(attributes: dict[str, str]) -> None:
    old = {
        **attributes,
        "gen_ai.system": "openai",
        "gen_ai.usage.prompt_tokens": 12,
        "gen_ai.usage.completion_tokens": 3,
    }
    events = (EventRecord("gen_ai.content.completion", 1, {"gen_ai.completion": "[…]"}),)
    found = load_mapping("gen_ai_legacy").apply([span(old, events=events)])[0].attributes
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.provider.name"] == "openai"
    assert (found["gen_ai.usage.input_tokens"], found["gen_ai.usage.output_tokens"]) == (12, 3)
    assert found["gen_ai.output.messages"] == "[…]"


def test_openllmetry_spans_become_ours() -> None:
    rows = tuple(
        EventRecord("db.query.result", 1, {"db.query.result.distance": d, "db.query.result.id": i})
        for d, i in ((0.25, "a"), (0.5, "b"))
    )
    spans = load_mapping("openllmetry").apply(
        [
            span(
                {
                    "traceloop.span.kind": "workflow",
                    "traceloop.entity.name": "qa",
                    "traceloop.association.properties.user_id": "u",
                },
                number=1,
                name="qa.workflow",
            ),
            span({"db.system": "chroma"}, number=2, parent=1, name="chroma.query", events=rows),
            span({"db.system": "chroma"}, number=3, parent=1, name="chroma.add"),
            span(
                {
                    "llm.request.type": "chat",
                    "gen_ai.request.model": "m",
                    "gen_ai.usage.prompt_tokens": 9,
                    "gen_ai.completion.0.finish_reason": "stop",
                },
                number=4,
                parent=1,
                name="openai.chat",
            ),
            span(
                {"traceloop.span.kind": "tool", "traceloop.entity.name": "lookup"},
                number=5,
                parent=1,
            ),
        ]
    )
    assert [each.name for each in spans] == [
        "invoke_workflow qa",
        "retrieval chroma.query",
        "chroma.add",
        "chat m",
        "execute_tool lookup",
    ]
    assert spans[1].attributes["stillgreen.retrieval.similarities"] == (0.75, 0.5)
    assert spans[3].attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert spans[0].attributes["gen_ai.usage.input_tokens"] == 9
    assert spans[0].attributes["user.id"] == "u"
