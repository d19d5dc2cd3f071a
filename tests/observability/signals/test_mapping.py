"""Spans of other applications get our names by a mapping file, and signals read them."""

import json
from pathlib import Path
from typing import Any

import pytest

from observability.recording.records import Attributes, EventRecord, SpanRecord
from observability.signals.errors import BadMapping
from observability.signals.mapping import load_mapping, parse_mapping, shipped_mappings
from observability.signals.trace import Trace

HEAD = "describes: a test\nsource: https://example.org\n"


def span(
    attributes: Attributes,
    *,
    number: int = 1,
    parent: int | None = None,
    name: str = "step",
    kind: str = "INTERNAL",
    events: tuple[EventRecord, ...] = (),
    status: str = "UNSET",
) -> SpanRecord:
    return SpanRecord(
        "ab" * 16,
        f"{number:016x}",
        None if parent is None else f"{parent:016x}",
        "shop",
        name,
        kind,
        number * 1_000,
        number * 1_000 + 500,
        status,
        attributes,
        events,
    )


def mapped(text: str, attributes: Attributes, **more: Any) -> SpanRecord:
    step = span({"gen_ai.operation.name": "plan"}, number=99)  # a request has one at least
    return parse_mapping(HEAD + text, Path("mine.yml")).apply([span(attributes, **more), step])[0]


def value(source: str, attributes: Attributes, **more: Any) -> object:
    found = mapped(f"attributes:\n  gen_ai.tool.name: {source}\n", attributes, **more)
    return found.attributes.get("gen_ai.tool.name")


def test_the_first_name_that_is_there_is_taken() -> None:
    assert value("[a, b, c]", {"b": "two", "c": "three"}) == "two"
    assert value("[a]", {"b": "two"}) is None


def test_what_a_span_says_in_our_names_stays() -> None:
    assert value("a", {"a": "theirs", "gen_ai.tool.name": "ours"}) == "ours"


def test_their_own_names_stay_beside_ours() -> None:
    assert mapped("attributes: {gen_ai.tool.name: a}", {"a": "x"}).attributes["a"] == "x"


def test_a_value_that_has_another_meaning_under_the_same_name_is_changed() -> None:
    source = "{from: gen_ai.tool.name, values: {old: new}}"
    assert value(source, {"gen_ai.tool.name": "old"}) == "new"


def test_values_are_looked_up_and_those_with_a_star_match_parts() -> None:
    source = '{from: a, values: {"yes": true, "*could not*": true, "*": false}}'
    assert value(source, {"a": "yes"}) is True
    assert value(source, {"a": "I COULD NOT find it"}) is True
    assert value(source, {"a": "42 EUR"}) is False


def test_numbers_are_scaled_and_shifted_also_those_that_are_text() -> None:
    assert value("{from: a, scale: 0.001}", {"a": 1500}) == pytest.approx(1.5)
    assert value("{from: a, scale: -1, offset: 1}", {"a": "0.25"}) == pytest.approx(0.75)
    assert value("{from: a, scale: 2}", {"a": "much"}) is None


def test_a_constant_needs_nothing_of_the_span() -> None:
    assert value("{constant: 3}", {}) == 3


def test_a_list_that_was_flattened_is_one_again_in_order_of_its_indexes() -> None:
    flat = {f"d.{n}.score": n / 100 for n in (10, 2, 0, 1)} | {"d.0.id": "x", "d.score": 7}
    assert value("d.*.score", flat) == (0.0, 0.01, 0.02, 0.1)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("documents.*.score", (0.9, 0.5)),
        ("documents.1.id", "b"),
        ("documents.*.document.kind", ("pdf",)),
        ("total", 2),
        ("nothing.here", None),
        ("documents.7.id", None),
        ("documents", None),
    ],
)
def test_a_path_leads_into_json_text(path: str, expected: object) -> None:
    text = json.dumps(
        {
            "documents": [
                {"id": "a", "score": 0.9, "document.kind": "pdf"},
                {"id": "b", "score": 0.5},
            ],
            "total": 2,
        }
    )
    assert value(f'{{from: a, json: "{path}"}}', {"a": text}) == expected


@pytest.mark.parametrize("text", ["no json", "[" * 5_000, '{"documents": 5}', "", 7, ("x",)])
def test_json_text_that_is_none_says_nothing(text: Any) -> None:
    assert value('{from: a, json: "documents.*.score"}', {"a": text}) is None


def test_attributes_of_events_are_a_list() -> None:
    rows = tuple(EventRecord("row", n, {"score": n / 10}) for n in (3, 1))
    more = (*rows, EventRecord("other", 0, {"score": 9}), EventRecord("row", 5, {}))
    assert value("{event: row, from: score}", {}, events=more) == (0.3, 0.1)
    assert value("{event: row, from: score, take: max}", {}, events=more) == 0.3
    assert value("{event: row, from: score}", {}) is None


@pytest.mark.parametrize(
    ("take", "given", "expected"),
    [
        ("count", ("a", "b"), 2),
        ("first", ("a", "b"), "a"),
        ("last", ("a", "b"), "b"),
        ("sum", (1, 2.5), 3.5),
        ("mean", (1, 2), 1.5),
        ("min", ("3", 2), 2),
        ("sum", ("x",), None),
        ("duplicates", ("a", "b", "a", "a"), 0.5),
        ("length", "four", 4),
        ("list", "one", ("one",)),
        ("number", "12", 12.0),
        ("number", "twelve", None),
        ("text", 7, "7"),
    ],
)
def test_something_can_be_made_of_a_value(take: str, given: Any, expected: object) -> None:
    assert value(f"{{from: a, take: {take}}}", {"a": given}) == expected


def test_places_among_other_values_say_how_an_order_changed() -> None:
    before = {f"in.{n}.id": each for n, each in enumerate("abc")}
    after = {f"out.{n}.id": each for n, each in enumerate("cxa")}
    assert value('{from: "out.*.id", among: "in.*.id"}', {**before, **after}) == (2, 0)


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


def test_a_mapping_that_extends_another_speaks_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(
        HEAD + "extends: openinference\n"
        "spans: [{when: {name: special}, name: stillgreen.memory}]\n"
        "attributes: {gen_ai.request.model: mine}",
        encoding="utf-8",
    )
    mapping = load_mapping(path)
    llm = {"openinference.span.kind": "LLM", "llm.model_name": "theirs"}
    first, second, third = mapping.apply(
        [
            span({**llm, "mine": "ours"}, number=1, name="special"),
            span(llm, number=2),
            span({**llm, "mine": "ours"}, number=3),
        ]
    )
    assert first.name == "stillgreen.memory"
    assert second.name == "chat theirs"
    assert third.name == "chat ours"
    assert mapping.digest != load_mapping("openinference").digest


def test_mappings_that_extend_one_another_in_a_circle_are_refused(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.yml").write_text(HEAD + f"extends: {other}.yml", encoding="utf-8")
    with pytest.raises(BadMapping, match="circle"):
        load_mapping(tmp_path / "a.yml")


def test_all_mistakes_are_told_at_once_with_line_field_and_remedy() -> None:
    text = """describes: x
sourse: http
spans:
  - when: {}
    operation: chatt
  - when: {nam: x}
    attributes: {gen_ai.usage.inputtokens: x}
attributes:
  gen_ai.usage.input_tokens: {from: x, tkae: sum}
  gen_ai.usage.output_tokens: 5
  gen_ai.tool.name: {from: x, constant: 1}
"""
    with pytest.raises(BadMapping) as raised:
        parse_mapping(text, Path("mine.yml"))
    told = str(raised.value).splitlines()
    for expected in (
        "mine.yml:1: source is missing; add it",
        "mine.yml:2: sourse is not a field here; did you mean source?",
        "mine.yml:5: spans[0].operation should be 'invoke_workflow'",
        "mine.yml:6: spans[1].when.nam is not a field here; did you mean name?",
        "mine.yml:7: spans[1].attributes.gen_ai.usage.inputtokens is no attribute of ours",
        "mine.yml:9: attributes.gen_ai.usage.input_tokens[0].tkae is not a field here",
        "mine.yml:10: attributes.gen_ai.usage.output_tokens is to be an attribute's name",
        "mine.yml:11: attributes.gen_ai.tool.name[0] needs either `from`",
    ):
        assert any(line.startswith(expected) for line in told), (expected, told)


@pytest.mark.parametrize("text", ["[", "5", "a: 1\na: 2", "describes: [\n"])
def test_what_is_no_mapping_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadMapping, match=r"mine\.yml"):
        parse_mapping(text, Path("mine.yml"))


def test_a_name_that_no_mapping_has_names_those_there_are() -> None:
    with pytest.raises(BadMapping, match="gen_ai_legacy, openinference, openllmetry"):
        load_mapping("openinferense")
    with pytest.raises(BadMapping, match="cannot be read"):
        load_mapping("nowhere.yml")


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
