"""What the signals of many requests look like."""

import math

import pytest

from observability.signals.signal import load_signals
from observability.signals.summary import summaries
from observability.signals.table import signal_table
from observability.telemetry import semconv as s
from tests.observability.signals.traces import span


def _of(values: list[object], key: str, name: str):
    traces = [[span("x", {} if v is None else {key: v}, at=n)] for n, v in enumerate(values)]
    return next(
        each for each in summaries(signal_table(traces), load_signals()) if each.signal.name == name
    )


def test_numbers_have_quantiles_of_those_that_are_there() -> None:
    found = _of([None, 1.0, 2.0, 3.0], s.ROUTE_CONFIDENCE, "route_confidence")
    assert (found.n, found.share, found.median) == (3, 0.75, 2.0)
    assert (found.p5, found.p95) == (pytest.approx(1.1), pytest.approx(2.9))


def test_labels_are_counted_most_frequent_first() -> None:
    found = _of(["a", "b", "b", None], s.ROUTE_NAME, "route")
    assert found.labels == (("b", 2), ("a", 1))
    assert math.isnan(found.median)


def test_what_no_request_has_is_told_as_such() -> None:
    found = _of([None], s.ROUTE_CONFIDENCE, "route_confidence")
    assert (found.n, found.share) == (0, 0)
    assert math.isnan(found.p95)


def test_without_requests_there_is_no_share() -> None:
    empty = summaries(signal_table([]), load_signals())
    assert len(empty) == len(load_signals())
    assert all(each.n == 0 and math.isnan(each.share) for each in empty)
