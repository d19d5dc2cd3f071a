"""The table of signals, and that nothing which spans may hold breaks it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from observability.recording import EventRecord, SpanRecord
from observability.signals.signal import Signal, load_signals
from observability.signals.table import REQUEST_COLUMNS, signal_table
from observability.telemetry import semconv as s
from observability.trace_view.layers import MODEL
from tests.observability.signals.traces import SECOND, START, span
from tests.observability.trace_view import sample


def _signal(name: str, of: Any, **more: Any) -> Mapping[str, Signal]:
    return {name: Signal(name, MODEL, "1", "It.", "1.", of, **more)}


def test_a_trace_has_a_row_and_a_signal_a_column() -> None:
    table = signal_table([sample.question("a" * 32), sample.question("b" * 32)])
    assert table.num_rows == 2
    assert table.column_names == [*REQUEST_COLUMNS.names, *load_signals()]
    for name, signal in load_signals().items():
        kind = pa.string() if signal.kind == "label" else pa.float64()
        assert table.schema.field(name).type == kind
    row = table.to_pylist()[0]
    assert row["trace_id"] == "a" * 32
    assert row["end_ns"] - row["start_ns"] == 900_000_000
    assert row["top1_similarity"] == 0.81
    assert row["verdict"] == "supported"
    assert row["tool_calls"] is None


def test_rows_are_in_order_of_start() -> None:
    traces = [[span("x", at=at, trace_id=f"{n:032x}")] for n, at in enumerate((5.0, 1.0, 3.0))]
    starts = signal_table(traces, {}).column("start_ns").to_pylist()
    assert starts == [START + at * SECOND for at in (1, 3, 5)]


def test_session_and_user_come_from_whichever_span_has_them() -> None:
    spans = [span("x"), span("y", {s.GEN_AI_CONVERSATION_ID: "c-1", s.USER_ID: "u-1"}, at=1)]
    row = signal_table([spans], {}).to_pylist()[0]
    assert (row["session"], row["user"]) == ("c-1", "u-1")
    assert signal_table([spans[:1]], {}).to_pylist()[0]["session"] is None


def test_no_traces_and_traces_without_spans_have_no_rows() -> None:
    assert signal_table([]).num_rows == 0
    assert signal_table([[], []]).num_rows == 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "1", None])
def test_what_is_no_finite_number_is_null(value: object) -> None:
    table = signal_table([[span("x")]], _signal("it", lambda _: value))
    assert table.column("it").to_pylist() == [None]


def test_a_label_that_is_no_text_is_null() -> None:
    table = signal_table([[span("x")]], _signal("it", lambda _: 3.0, kind="label"))
    assert table.column("it").to_pylist() == [None]


def test_half_a_character_in_a_label_does_not_stop_the_rest() -> None:
    spans = [span("plan x", {s.ROUTE_NAME: "led\ud800ger", s.ROUTE_CONFIDENCE: 0.5})]
    row = signal_table([spans]).to_pylist()[0]
    assert row["route"] == "led?ger"
    assert row["route_confidence"] == 0.5


def test_the_order_of_spans_makes_no_difference() -> None:
    spans = sample.question()
    assert signal_table([spans]).equals(signal_table([spans[::-1]]))


@pytest.mark.parametrize("kept", range(1, 12))
def test_half_a_trace_has_a_row_too(kept: int) -> None:
    spans = sample.question()
    assert signal_table([spans[-kept:]]).num_rows == 1
    assert signal_table([spans[::kept]]).num_rows == 1


KEYS = sorted(s.known_keys())
NAMES = [
    *(
        f"{word} x"
        for word in (s.SPAN_INVOKE_WORKFLOW, s.SPAN_INVOKE_AGENT, s.SPAN_CHAT, s.SPAN_EXECUTE_TOOL)
    ),
    s.SPAN_INTENT,
    s.SPAN_CONTEXT,
    s.SPAN_ESCALATION,
    "",
]
SCALARS = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(),
    some.just(10**400),
    some.floats(),
    some.text(max_size=4),
    some.sampled_from(["{", "[]", "response", "finance", "chat", "[" * 5000, '{"a": "b"}']),
)
VALUES = some.one_of(SCALARS, some.lists(SCALARS, max_size=3).map(tuple))
ATTRIBUTES = some.dictionaries(some.sampled_from(KEYS), VALUES, max_size=40)


def _spans(drawn: Sequence[tuple[str, dict[str, Any], dict[str, Any]]]) -> list[SpanRecord]:
    names = (s.EVENT_EVALUATION_RESULT, s.EVENT_RETRY)
    return [
        replace(
            span(name, at=place),
            attributes=attributes,
            events=[EventRecord(event, START, more) for event in names],
        )
        for place, (name, attributes, more) in enumerate(drawn)
    ]


@settings(max_examples=60, deadline=None)
@given(
    some.lists(
        some.tuples(some.sampled_from(NAMES), ATTRIBUTES, ATTRIBUTES), min_size=1, max_size=4
    )
)
def test_nothing_that_spans_may_hold_is_an_error(drawn: Any) -> None:
    assert signal_table([_spans(drawn)]).num_rows == 1


WRONG = [None, True, -1, 10**400, math.nan, "", "x", (), ("a", None), (None,), (1, "a"), {"a": 1}]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_values_of_other_types_are_no_error_on_any_span(wrong: object) -> None:
    spans = [
        replace(span, attributes=dict.fromkeys(KEYS, wrong))  # every key at once, on every span
        for span in sample.question()
    ]
    assert signal_table([spans]).num_rows == 1
    for key in KEYS:
        one = [
            replace(span, attributes={**span.attributes, key: wrong})
            if key in span.attributes
            else span
            for span in sample.question()
        ]
        assert signal_table([one]).num_rows == 1
