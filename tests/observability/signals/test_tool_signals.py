"""What signals make of calls of tools."""

from dataclasses import replace

import pytest

from observability.telemetry import semconv as s
from tests.observability.signals.traces import span, tool, value, workflow


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
