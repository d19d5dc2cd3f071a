import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from observability.recording.cumulative import CumulativePoint, Deltas
from observability.recording.records import MetricRecord
from tests.observability.recording.metric_lines import at, imported, line, spans_of_time


def test_a_cumulative_sum_is_recorded_as_what_came_between_two_points(tmp_path: Path) -> None:
    lines = [line(at(10, 3)), line(at(20, 3)), line(at(30, 8))]
    report, records = imported(tmp_path, lines)
    assert spans_of_time(records) == [(1, 10, 3.0), (10, 20, 0.0), (20, 30, 5.0)]
    assert (report.converted, report.restarts, report.unspecified) == (3, 0, 0)


@pytest.mark.parametrize("start", [1, 0])
def test_a_value_that_falls_counts_from_zero(tmp_path: Path, start: int) -> None:
    lines = [line(at(time, value, start)) for time, value in ((10, 9), (20, 2), (30, 5))]
    report, records = imported(tmp_path, lines)
    assert spans_of_time(records)[1:] == [(10, 20, 2.0), (20, 30, 3.0)]
    assert report.restarts == 1


def test_a_start_time_that_moves_is_a_restart_even_if_the_value_grows(tmp_path: Path) -> None:
    report, records = imported(tmp_path, [line(at(10, 3)), line(at(20, 4, start=12))])
    assert spans_of_time(records) == [(1, 10, 3.0), (12, 20, 4.0)]
    assert report.restarts == 1


def test_points_out_of_order_come_out_as_those_in_order(tmp_path: Path) -> None:
    lines = [line(at(10 * n, n * n), at(10 * n, n, route="a")) for n in range(1, 9)]
    (tmp_path / "ordered").mkdir()
    in_order, expected = imported(tmp_path / "ordered", lines)
    random.Random(3).shuffle(lines)
    report, records = imported(tmp_path, lines)
    assert records == expected
    assert (report.converted, report.restarts) == (in_order.converted, 0) == (16, 0)


def test_points_that_were_sent_twice_are_recorded_once(tmp_path: Path) -> None:
    report, records = imported(tmp_path, [line(at(10, 3)), line(at(10, 3)), line(at(20, 4))])
    assert spans_of_time(records) == [(1, 10, 3.0), (10, 20, 1.0)]
    assert (report.converted, report.repeated) == (2, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"process": "p2"},
        {"name": "others"},
        {"route": "b"},
        {"start": 2},  # a process beside, which nothing else tells apart
    ],
)
def test_series_are_told_apart(tmp_path: Path, other: dict[str, Any]) -> None:
    of_point = {key: other[key] for key in ("route", "start") if key in other}
    of_metric = {key: other[key] for key in ("process", "name") if key in other}
    lines = itertools.chain.from_iterable(
        (line(at(10 * n, 5 * n)), line(at(10 * n + 1, 3 * n, **of_point), **of_metric))
        for n in (1, 2, 3)
    )
    _, records = imported(tmp_path, list(lines))
    assert [record.value for record in records] == [5.0, 3.0] * 3


@pytest.mark.parametrize("moment", [0, 10])
def test_what_came_before_the_file_is_not_counted_if_nothing_says_since_when(
    tmp_path: Path, moment: int
) -> None:
    lines = [line(at(10, 900, moment)), line(at(20, 904, moment))]
    _, records = imported(tmp_path, lines)
    assert spans_of_time(records) == [(10, 10, 0.0), (10, 20, 4.0)]


def test_an_up_down_counter_goes_down_and_is_no_restart(tmp_path: Path) -> None:
    lines = [line(at(n, value), monotonic=False) for n, value in ((10, 3), (20, 1), (30, 2))]
    report, records = imported(tmp_path, lines)
    assert [record.value for record in records] == [3.0, -2.0, 1.0]
    assert report.restarts == 0


def test_the_level_of_an_up_down_counter_ends_with_its_process(tmp_path: Path) -> None:
    points = [at(10, 3), at(20, 1, start=15), at(30, 2, start=15)]
    report, records = imported(tmp_path, [line(*points, monotonic=False)])
    assert list(itertools.accumulate(record.value for record in records)) == [3.0, 1.0, 2.0]
    assert report.restarts == 1


def test_points_that_say_that_they_have_no_value_are_no_zeros(tmp_path: Path) -> None:
    silent = {"startTimeUnixNano": "1", "timeUnixNano": "20", "flags": 1}
    lines = [line(at(10, 5)), line(silent), line(at(30, 7))]
    report, records = imported(tmp_path, lines)
    assert [record.value for record in records] == [5.0, 2.0]
    assert report.restarts == 0


def test_what_is_no_number_does_not_spoil_the_points_after_it(tmp_path: Path) -> None:
    wrong = {**at(20, 0), "asDouble": "NaN"}
    report, records = imported(tmp_path, [line(at(10, 5), wrong, at(30, 7))])
    assert [record.value for record in records] == [5.0, 2.0]
    assert [oddity.what for oddity in report.unfit] == ["sum 'calls' has the value nan"]


def test_of_many_beginnings_the_latest_are_remembered() -> None:
    def made(start: int, time: int, value: float) -> float:
        record = MetricRecord("app", "calls", "sum", "1", start, time, value, monotonic=True)
        (delta,) = deltas.of([CumulativePoint(b"series", record)])
        return delta.value

    deltas = Deltas()
    for start in range(1, 101):
        assert made(start, start + 1, 5.0) == 5.0
    assert made(100, 200, 7.0) == 2.0
    assert made(1, 201, 7.0) == 7.0
