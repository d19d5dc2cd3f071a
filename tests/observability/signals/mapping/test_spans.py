"""Spans of other applications get our names, and those that do not count are left out."""

from pathlib import Path

from observability.signals.mapping import load_mapping, parse_mapping
from tests.observability.signals.mapping.other_spans import HEAD, mapped, span


def test_the_first_rule_that_fits_names_a_span() -> None:
    rules = """
spans:
  - when: {name: "LLM*", kind: CLIENT}
    operation: chat
  - when: {attributes: {type: [search, find]}, service: 'sh?p'}
    operation: retrieval
    attributes: {gen_ai.data_source.id: store}
  - when: {name: "*"}
    name: stillgreen.context
"""
    chat = mapped(rules, {"gen_ai.request.model": "m"}, name="LLM call", kind="CLIENT")
    assert (chat.name, chat.attributes["gen_ai.operation.name"]) == ("chat m", "chat")
    assert mapped(rules, {"type": "find", "store": "docs"}).name == "retrieval docs"
    assert mapped(rules, {"type": "find"}).name == "retrieval step"
    assert mapped(rules, {"type": "fund"}).name == "stillgreen.context"


def test_only_the_outermost_of_spans_within_one_another_counts() -> None:
    mapping = parse_mapping(
        HEAD
        + "spans: [{when: {attributes: {k: LLM}, outermost: true}, operation: chat}]\n"
        + "attributes: {gen_ai.usage.input_tokens: n}",
        Path("mine.yml"),
    )
    spans = mapping.apply(
        [
            span({"k": "CHAIN"}, number=1),
            span({"k": "LLM", "n": 10}, number=2, parent=1),
            span({"k": "x"}, number=3, parent=2),
            span({"k": "LLM", "n": 10}, number=4, parent=3),
            span({"k": "LLM", "n": 5}, number=5, parent=1),
        ]
    )
    assert [each.name for each in spans] == ["step", "chat step", "step", "step", "chat step"]
    assert spans[0].attributes["gen_ai.usage.input_tokens"] == 15
    assert spans[0].attributes["stillgreen.model.calls"] == 2


def test_spans_that_are_their_own_ancestors_do_no_harm() -> None:
    mapping = load_mapping("openinference")
    kind = {"openinference.span.kind": "LLM"}
    spans = [span(kind, number=1, parent=2), span(kind, number=2, parent=1)]
    found = mapping.apply([*spans, span(kind, number=3, parent=3)])
    assert [each.name for each in found] == ["step", "step", "chat step"]
    assert mapping.apply([]) == ()


def test_a_trace_without_a_step_of_generative_ai_is_no_request_unless_it_failed() -> None:
    mapping = load_mapping("openinference")
    assert mapping.apply([span({"http.route": "/health"})]) == ()
    assert mapping.apply([span({"http.route": "/ask"}, status="ERROR")])
    assert mapping.apply([span({"http.route": "/ask", "http.status_code": 503})])
    assert mapping.apply([span({"openinference.span.kind": "LLM"})])
