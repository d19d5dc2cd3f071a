from pathlib import Path
from typing import Any

import pytest

from tests.observability.recording.metric_lines import buckets, imported, line


def test_a_cumulative_histogram_is_recorded_bucket_by_bucket(tmp_path: Path) -> None:
    points = [buckets(10, 1, 0, 2), buckets(20, 1, 4, 3)]
    _, (first, second) = imported(tmp_path, [line(*points, kind="histogram")])
    assert (first.count, first.buckets, first.value) == (3, (1, 0, 2), 6.0)
    assert (second.count, second.buckets, second.value) == (5, (0, 4, 1), 10.0)
    assert second.bounds == first.bounds == (0.0, 1.0)


def test_a_histogram_begins_anew_where_a_bucket_falls_or_bounds_change(tmp_path: Path) -> None:
    points = [buckets(10, 2, 1), buckets(20, 1, 9), buckets(30, 1, 9, 9)]
    report, records = imported(tmp_path, [line(*points, kind="histogram")])
    assert [record.buckets for record in records] == [(2, 1), (1, 9), (1, 9, 9)]
    assert report.restarts == 2


def test_the_sum_of_a_histogram_may_fall(tmp_path: Path) -> None:
    points = [buckets(10, 1, 0), buckets(20, 2, 0, sum=-3.0)]
    report, records = imported(tmp_path, [line(*points, kind="histogram")])
    assert [(record.count, record.value) for record in records] == [(1, 2.0), (1, -5.0)]
    assert report.restarts == 0


def test_a_histogram_without_bounds_counts_all_the_same(tmp_path: Path) -> None:
    bare: dict[str, Any] = {"explicitBounds": [], "bucketCounts": []}
    points = [buckets(10, 4, **bare), buckets(20, 6, **bare)]
    report, records = imported(tmp_path, [line(*points, kind="histogram")])
    assert [(r.count, r.value, r.buckets) for r in records] == [(4, 8.0, ()), (2, 4.0, ())]
    assert report.unfit == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"bucketCounts": ["2"]}, "has 1 buckets for 1 bounds"),
        ({"bucketCounts": []}, "has 0 buckets for 1 bounds"),
        ({"explicitBounds": []}, "has 2 buckets for 0 bounds"),
        ({"count": "9"}, "has 2 values in its buckets and a count of 9"),
        ({"count": "-1"}, "has a count that is none"),
        ({"count": str(2**63)}, "has a count that is none"),
        (
            {"explicitBounds": [2, 1], "bucketCounts": [1, 1, 0]},
            "has bounds that do not ascend",
        ),
        ({"explicitBounds": ["NaN"]}, "has bounds that do not ascend"),
    ],
)
@pytest.mark.parametrize("temporality", [1, 2])
def test_a_histogram_that_contradicts_itself_is_left_out_and_told_with_its_line(
    tmp_path: Path, changed: dict[str, Any], why: str, temporality: int
) -> None:
    wrong = [buckets(20, 1, 1, **changed)] * 2
    lines = [
        line(buckets(10, 1, 0), kind="histogram", temporality=temporality),
        line(*wrong, kind="histogram", temporality=temporality),
        line(buckets(30, 1, 2, start=1), kind="histogram", temporality=temporality),
    ]
    report, records = imported(tmp_path, lines)
    assert [record.time_ns for record in records] == [10, 30]
    assert sum(record.count for record in records) == (4 if temporality == 1 else 3)
    (oddity,) = report.unfit
    assert oddity.line == 2
    assert oddity.what == f"histogram 'calls' {why}, and 1 more"
