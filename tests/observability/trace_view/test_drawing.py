from dataclasses import replace

import pytest

from observability.telemetry import semconv as s
from observability.trace_view import build_tree, compare
from observability.trace_view.beside import render_comparison
from observability.trace_view.text import print_plain, render_tree
from observability.trace_view.wording import clean, excerpts
from tests.observability.trace_view.sample import changed, question


def _compared(every_span: bool = False) -> str:
    both = compare(build_tree(question()), build_tree(question("b" * 32, healthy=False)))
    return print_plain(render_comparison(both, every_span=every_span, width=140), width=140)


def test_a_tree_says_what_matters_at_each_step() -> None:
    drawn = print_plain(render_tree(build_tree(question()), width=220), width=220)
    for expected in (
        "intent payment_terms at 0.93",
        "route documents at 0.88 · rather than ledger 0.08, lookup 0.04",
        "1. FA-1007#0  score 0.860  similarity 0.810",
        "only about V-1007 · rows 5210 → 61",
        "moved 2 of 3",
        "passages kept 3 of 3 · tokens 611 of 1800",
        "tokens 940 in, 22 out · finished stop",
        "verdict supported · groundedness 0.97",
        "groundedness pass 0.97",
        "human review no",
        "“45 days net [D1]”",
        "0 with status ERROR",
    ):
        assert expected in drawn


def test_inner_http_spans_are_shown_on_demand_or_when_they_failed() -> None:
    tree = build_tree(question())
    assert "POST /search" not in print_plain(render_tree(tree))
    assert "POST /search" in print_plain(render_tree(tree, every_span=True))
    failed = changed(question(), "POST /search", {s.HTTP_RESPONSE_STATUS_CODE: 500})
    assert "POST /search" in print_plain(render_tree(build_tree(failed)))


def test_an_error_is_drawn_as_one() -> None:
    spans = [
        replace(span, status="ERROR", attributes={**span.attributes, s.ERROR_TYPE: "ModelError"})
        if span.name == "chat sim-careful"
        else span
        for span in question()
    ]
    drawn = print_plain(render_tree(build_tree(spans)))
    assert "error ModelError" in drawn
    assert "1 with status ERROR" in drawn


def test_two_traces_are_marked_where_they_part_and_where_else_they_differ() -> None:
    lines = _compared().splitlines()
    parting = next(number for number, line in enumerate(lines) if "here the runs part" in line)
    assert any("stillgreen.filter" in line for line in lines[parting - 2 : parting + 1])
    context = next(line for line in lines if "stillgreen.context" in line)
    assert context.startswith("≠")
    intent = next(line for line in lines if "stillgreen.intent" in line)
    assert not intent.startswith("≠")
    assert "agent  retriever" in "\n".join(lines)


def test_two_equal_runs_are_said_to_behave_alike() -> None:
    both = compare(build_tree(question()), build_tree(question("b" * 32, late=55)))
    assert "behave alike" in print_plain(render_comparison(both))


def test_a_step_that_one_trace_lacks_is_marked() -> None:
    other = [span for span in question("b" * 32) if span.name != "stillgreen.safety"]
    both = compare(build_tree(question()), build_tree(other))
    line = next(
        line
        for line in print_plain(render_comparison(both)).splitlines()
        if "stillgreen.safety" in line
    )
    assert line.startswith("−")
    assert "no such step" in line


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_drawing_keeps_within_its_width(width: int) -> None:
    drawn = print_plain(render_tree(build_tree(question()), width=width), width=width)
    assert max(len(line) for line in drawn.splitlines()) <= width


def test_a_recorded_escape_sequence_does_not_reach_the_terminal() -> None:
    spans = changed(
        question(), "invoke_workflow finance_qa", {s.OUTPUT_VALUE: "a\x1b[2Jb\u202ec\nd"}
    )
    drawn = print_plain(render_tree(build_tree(spans)))
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn
    assert "a�[2Jb�c d" in drawn
    assert clean("plain text, ümläut €") == "plain text, ümläut €"


def test_an_excerpt_begins_where_two_long_values_part() -> None:
    left, right = excerpts("same " * 100 + "left", "same " * 100 + "right", 40)
    assert left.startswith("…")
    assert left.endswith("left")
    assert right.endswith("right")
    assert len(left) <= 40
