import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from observability.recording.cumulative import CumulativePoint, Deltas
from observability.recording.exporting import export_otlp_json
from observability.recording.importing import Imported, import_lines
from observability.recording.records import MetricRecord
from observability.recording.run_folder import RunFolder
from observability.telemetry.totals import DELTA

_CUMULATIVE = 2


def _line(
    *points: dict[str, Any],
    name: str = "calls",
    kind: str = "sum",
    temporality: Any = _CUMULATIVE,
    monotonic: bool = True,
    process: str = "p1",
) -> str:
    """Return a line with one metric of the service ``app``."""
    data: dict[str, Any] = {"dataPoints": list(points), "aggregationTemporality": temporality}
    if kind == "sum":
        data["isMonotonic"] = monotonic
    attributes = [
        {"key": key, "value": {"stringValue": value}}
        for key, value in (("service.name", "app"), ("service.instance.id", process))
    ]
    metrics = [{"name": name, "unit": "1", kind: data}]
    resource = {"resource": {"attributes": attributes}, "scopeMetrics": [{"metrics": metrics}]}
    return json.dumps({"resourceMetrics": [resource]})


def _at(time: int, value: float, start: int = 1, route: str = "") -> dict[str, Any]:
    pairs = [{"key": "route", "value": {"stringValue": route}}] if route else []
    return {
        "startTimeUnixNano": str(start),
        "timeUnixNano": str(time),
        "asDouble": value,
        "attributes": pairs,
    }


def _buckets(time: int, *buckets: int, start: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "startTimeUnixNano": str(start),
        "timeUnixNano": str(time),
        "count": str(sum(buckets)),
        "sum": 2.0 * sum(buckets),
        "bucketCounts": [str(count) for count in buckets],
        "explicitBounds": [1.0 * bound for bound in range(len(buckets) - 1)],
        **changed,
    }


def _imported(tmp_path: Path, lines: Sequence[str]) -> tuple[Imported, list[MetricRecord]]:
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = import_lines(tmp_path / "in.jsonl", tmp_path / "new", {})
    records = list(RunFolder.open(tmp_path / "new").metrics())
    assert report.metrics == len(records)
    return report, records


def _spans_of_time(records: Sequence[MetricRecord]) -> list[tuple[int, int, float]]:
    return [(record.start_ns, record.time_ns, record.value) for record in records]


def test_a_cumulative_sum_is_recorded_as_what_came_between_two_points(tmp_path: Path) -> None:
    lines = [_line(_at(10, 3)), _line(_at(20, 3)), _line(_at(30, 8))]
    report, records = _imported(tmp_path, lines)
    assert _spans_of_time(records) == [(1, 10, 3.0), (10, 20, 0.0), (20, 30, 5.0)]
    assert (report.converted, report.restarts, report.unspecified) == (3, 0, 0)


def test_a_cumulative_histogram_is_recorded_bucket_by_bucket(tmp_path: Path) -> None:
    points = [_buckets(10, 1, 0, 2), _buckets(20, 1, 4, 3)]
    _, (first, second) = _imported(tmp_path, [_line(*points, kind="histogram")])
    assert (first.count, first.buckets, first.value) == (3, (1, 0, 2), 6.0)
    assert (second.count, second.buckets, second.value) == (5, (0, 4, 1), 10.0)
    assert second.bounds == first.bounds == (0.0, 1.0)


def test_an_sdk_tells_the_same_in_both_temporalities(tmp_path: Path) -> None:
    readers = {
        "cumulative": InMemoryMetricReader(),
        "delta": InMemoryMetricReader(preferred_temporality=DELTA),
    }
    provider = MeterProvider(list(readers.values()), shutdown_on_exit=False)
    meter = provider.get_meter("app")
    calls, seconds = meter.create_counter("calls"), meter.create_histogram("seconds")
    running = meter.create_up_down_counter("running")
    lines: dict[str, list[str]] = {name: [] for name in readers}
    luck = random.Random(1)
    for _ in range(5):
        for route in "ab":
            calls.add(luck.randrange(9), {"route": route})
            seconds.record(luck.randrange(9_000), {"route": route})
            running.add(luck.choice([-1, 1]), {"route": route})
        for name, reader in readers.items():
            data = reader.get_metrics_data()
            assert data is not None
            lines[name].append(json.dumps(MessageToDict(encode_metrics(data))))
    provider.shutdown()
    found = {}
    for name in readers:
        folder = tmp_path / name
        folder.mkdir()
        report, records = _imported(folder, lines[name])
        assert report.converted == (30 if name == "cumulative" else 0)
        found[name] = [
            (r.name, r.attributes, r.value, r.count, r.buckets)
            for r in sorted(records, key=lambda r: (r.name, str(r.attributes), r.time_ns))
        ]
    assert found["cumulative"] == found["delta"]


@pytest.mark.parametrize("start", [1, 0])
def test_a_value_that_falls_counts_from_zero(tmp_path: Path, start: int) -> None:
    lines = [_line(_at(time, value, start)) for time, value in ((10, 9), (20, 2), (30, 5))]
    report, records = _imported(tmp_path, lines)
    assert _spans_of_time(records)[1:] == [(10, 20, 2.0), (20, 30, 3.0)]
    assert report.restarts == 1


def test_a_start_time_that_moves_is_a_restart_even_if_the_value_grows(tmp_path: Path) -> None:
    report, records = _imported(tmp_path, [_line(_at(10, 3)), _line(_at(20, 4, start=12))])
    assert _spans_of_time(records) == [(1, 10, 3.0), (12, 20, 4.0)]
    assert report.restarts == 1


def test_a_histogram_begins_anew_where_a_bucket_falls_or_bounds_change(tmp_path: Path) -> None:
    points = [_buckets(10, 2, 1), _buckets(20, 1, 9), _buckets(30, 1, 9, 9)]
    report, records = _imported(tmp_path, [_line(*points, kind="histogram")])
    assert [record.buckets for record in records] == [(2, 1), (1, 9), (1, 9, 9)]
    assert report.restarts == 2


def test_the_sum_of_a_histogram_may_fall(tmp_path: Path) -> None:
    points = [_buckets(10, 1, 0), _buckets(20, 2, 0, sum=-3.0)]
    report, records = _imported(tmp_path, [_line(*points, kind="histogram")])
    assert [(record.count, record.value) for record in records] == [(1, 2.0), (1, -5.0)]
    assert report.restarts == 0


def test_points_out_of_order_come_out_as_those_in_order(tmp_path: Path) -> None:
    lines = [_line(_at(10 * n, n * n), _at(10 * n, n, route="a")) for n in range(1, 9)]
    (tmp_path / "ordered").mkdir()
    in_order, expected = _imported(tmp_path / "ordered", lines)
    random.Random(3).shuffle(lines)
    report, records = _imported(tmp_path, lines)
    assert records == expected
    assert (report.converted, report.restarts) == (in_order.converted, 0) == (16, 0)


def test_points_that_were_sent_twice_are_recorded_once(tmp_path: Path) -> None:
    report, records = _imported(tmp_path, [_line(_at(10, 3)), _line(_at(10, 3)), _line(_at(20, 4))])
    assert _spans_of_time(records) == [(1, 10, 3.0), (10, 20, 1.0)]
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
        (_line(_at(10 * n, 5 * n)), _line(_at(10 * n + 1, 3 * n, **of_point), **of_metric))
        for n in (1, 2, 3)
    )
    _, records = _imported(tmp_path, list(lines))
    assert [record.value for record in records] == [5.0, 3.0] * 3


@pytest.mark.parametrize("moment", [0, 10])
def test_what_came_before_the_file_is_not_counted_if_nothing_says_since_when(
    tmp_path: Path, moment: int
) -> None:
    lines = [_line(_at(10, 900, moment)), _line(_at(20, 904, moment))]
    _, records = _imported(tmp_path, lines)
    assert _spans_of_time(records) == [(10, 10, 0.0), (10, 20, 4.0)]


def test_an_up_down_counter_goes_down_and_is_no_restart(tmp_path: Path) -> None:
    lines = [_line(_at(n, value), monotonic=False) for n, value in ((10, 3), (20, 1), (30, 2))]
    report, records = _imported(tmp_path, lines)
    assert [record.value for record in records] == [3.0, -2.0, 1.0]
    assert report.restarts == 0


def test_the_level_of_an_up_down_counter_ends_with_its_process(tmp_path: Path) -> None:
    points = [_at(10, 3), _at(20, 1, start=15), _at(30, 2, start=15)]
    report, records = _imported(tmp_path, [_line(*points, monotonic=False)])
    assert list(itertools.accumulate(record.value for record in records)) == [3.0, 1.0, 2.0]
    assert report.restarts == 1


@pytest.mark.parametrize("temporality", [0, None, "AGGREGATION_TEMPORALITY_UNSPECIFIED"])
def test_an_unspecified_temporality_is_taken_for_cumulative_and_told(
    tmp_path: Path, temporality: Any
) -> None:
    report, records = _imported(tmp_path, [_line(_at(10, 3), _at(20, 5), temporality=temporality)])
    assert [record.value for record in records] == [3.0, 2.0]
    assert (report.unspecified, report.converted) == (2, 2)


def test_unspecified_points_that_are_deltas_in_truth_come_out_as_they_are(tmp_path: Path) -> None:
    points = [_at(10, 3, start=1), _at(20, 5, start=10), _at(30, 2, start=20)]
    _, records = _imported(tmp_path, [_line(*points, temporality=0)])
    assert _spans_of_time(records) == [(1, 10, 3.0), (10, 20, 5.0), (20, 30, 2.0)]


@pytest.mark.parametrize("temporality", [1, "AGGREGATION_TEMPORALITY_DELTA"])
def test_deltas_stay_as_they_are(tmp_path: Path, temporality: Any) -> None:
    points = [_at(10, 3), _at(20, 2), _at(20, 2)]
    report, records = _imported(tmp_path, [_line(*points, temporality=temporality)])
    assert _spans_of_time(records) == [(1, 10, 3.0), (1, 20, 2.0), (1, 20, 2.0)]
    assert (report.converted, report.repeated) == (0, 0)


def test_a_histogram_without_bounds_counts_all_the_same(tmp_path: Path) -> None:
    bare: dict[str, Any] = {"explicitBounds": [], "bucketCounts": []}
    points = [_buckets(10, 4, **bare), _buckets(20, 6, **bare)]
    report, records = _imported(tmp_path, [_line(*points, kind="histogram")])
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
    wrong = [_buckets(20, 1, 1, **changed)] * 2
    lines = [
        _line(_buckets(10, 1, 0), kind="histogram", temporality=temporality),
        _line(*wrong, kind="histogram", temporality=temporality),
        _line(_buckets(30, 1, 2, start=1), kind="histogram", temporality=temporality),
    ]
    report, records = _imported(tmp_path, lines)
    assert [record.time_ns for record in records] == [10, 30]
    assert sum(record.count for record in records) == (4 if temporality == 1 else 3)
    (oddity,) = report.unfit
    assert oddity.line == 2
    assert oddity.what == f"histogram 'calls' {why}, and 1 more"


def test_points_that_say_that_they_have_no_value_are_no_zeros(tmp_path: Path) -> None:
    silent = {"startTimeUnixNano": "1", "timeUnixNano": "20", "flags": 1}
    lines = [_line(_at(10, 5)), _line(silent), _line(_at(30, 7))]
    report, records = _imported(tmp_path, lines)
    assert [record.value for record in records] == [5.0, 2.0]
    assert report.restarts == 0


def test_what_is_no_number_does_not_spoil_the_points_after_it(tmp_path: Path) -> None:
    wrong = {**_at(20, 0), "asDouble": "NaN"}
    report, records = _imported(tmp_path, [_line(_at(10, 5), wrong, _at(30, 7))])
    assert [record.value for record in records] == [5.0, 2.0]
    assert [oddity.what for oddity in report.unfit] == ["sum 'calls' has the value nan"]


def test_what_is_made_of_cumulative_points_stays_the_same_when_exported(tmp_path: Path) -> None:
    _imported(tmp_path, [_line(_at(10, 3), _at(20, 5)), _line(_buckets(9, 1, 2), kind="histogram")])
    before = RunFolder.open(tmp_path / "new")
    export_otlp_json(before, tmp_path / "out.jsonl")
    report = import_lines(tmp_path / "out.jsonl", tmp_path / "again", {})
    assert RunFolder.open(tmp_path / "again").manifest.content == before.manifest.content
    assert report.converted == 0


def test_of_many_beginnings_the_latest_are_remembered() -> None:
    def made(start: int, time: int, value: float) -> float:
        record = MetricRecord("app", "calls", "sum", "1", start, time, value)
        (delta,) = deltas.of([CumulativePoint(b"series", record)])
        return delta.value

    deltas = Deltas()
    for start in range(1, 101):
        assert made(start, start + 1, 5.0) == 5.0
    assert made(100, 200, 7.0) == 2.0
    assert made(1, 201, 7.0) == 7.0
