import json
import random
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from observability.recording.exporting import export_otlp_json
from observability.recording.importing import import_lines
from observability.recording.run_folder import RunFolder
from observability.telemetry.totals import DELTA
from tests.observability.recording.metric_lines import at, buckets, imported, line, spans_of_time


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
        report, records = imported(folder, lines[name])
        assert report.converted == (30 if name == "cumulative" else 0)
        found[name] = [
            (r.name, r.attributes, r.value, r.count, r.buckets)
            for r in sorted(records, key=lambda r: (r.name, str(r.attributes), r.time_ns))
        ]
    assert found["cumulative"] == found["delta"]


@pytest.mark.parametrize("temporality", [1, 2])
def test_whether_a_sum_only_grows_goes_through_an_import_and_an_export(
    tmp_path: Path, temporality: int
) -> None:
    lines = [
        line(at(10, 3), name="calls", temporality=temporality),
        line(at(10, 2), name="running", temporality=temporality, monotonic=False),
        line(buckets(10, 1, 2), name="seconds", kind="histogram", temporality=temporality),
    ]
    _, records = imported(tmp_path, lines)
    assert {record.name: record.monotonic for record in records} == {
        "calls": True,
        "running": False,
        "seconds": False,
    }
    before = RunFolder.open(tmp_path / "new")
    export_otlp_json(before, tmp_path / "out.jsonl")
    said = {
        metric["name"]: (metric.get("sum") or metric["histogram"]).get("isMonotonic")
        for text in (tmp_path / "out.jsonl").read_text().splitlines()
        for resource in json.loads(text)["resourceMetrics"]
        for metric in resource["scopeMetrics"][0]["metrics"]
    }
    assert said == {"calls": True, "running": None, "seconds": None}
    import_lines(tmp_path / "out.jsonl", tmp_path / "again", {})
    after = RunFolder.open(tmp_path / "again")
    assert sorted(after.metrics(), key=repr) == sorted(before.metrics(), key=repr)
    assert after.manifest.content == before.manifest.content


def test_sums_of_one_name_are_told_apart_by_whether_they_only_grow(tmp_path: Path) -> None:
    points = (line(at(10, 3, route="a"), temporality=1),)
    points += (line(at(10, 2, route="b"), temporality=1, monotonic=False),)
    _, records = imported(tmp_path, points)
    export_otlp_json(RunFolder.open(tmp_path / "new"), tmp_path / "out.jsonl")
    import_lines(tmp_path / "out.jsonl", tmp_path / "again", {})
    again = RunFolder.open(tmp_path / "again").metrics()
    assert sorted(again, key=repr) == sorted(records, key=repr)


@pytest.mark.parametrize("temporality", [0, None, "AGGREGATION_TEMPORALITY_UNSPECIFIED"])
def test_an_unspecified_temporality_is_taken_for_cumulative_and_told(
    tmp_path: Path, temporality: Any
) -> None:
    report, records = imported(tmp_path, [line(at(10, 3), at(20, 5), temporality=temporality)])
    assert [record.value for record in records] == [3.0, 2.0]
    assert (report.unspecified, report.converted) == (2, 2)


def test_unspecified_points_that_are_deltas_in_truth_come_out_as_they_are(tmp_path: Path) -> None:
    points = [at(10, 3, start=1), at(20, 5, start=10), at(30, 2, start=20)]
    _, records = imported(tmp_path, [line(*points, temporality=0)])
    assert spans_of_time(records) == [(1, 10, 3.0), (10, 20, 5.0), (20, 30, 2.0)]


@pytest.mark.parametrize("temporality", [1, "AGGREGATION_TEMPORALITY_DELTA"])
def test_deltas_stay_as_they_are(tmp_path: Path, temporality: Any) -> None:
    points = [at(10, 3), at(20, 2), at(20, 2)]
    report, records = imported(tmp_path, [line(*points, temporality=temporality)])
    assert spans_of_time(records) == [(1, 10, 3.0), (1, 20, 2.0), (1, 20, 2.0)]
    assert (report.converted, report.repeated) == (0, 0)


def test_what_is_made_of_cumulative_points_stays_the_same_when_exported(tmp_path: Path) -> None:
    imported(tmp_path, [line(at(10, 3), at(20, 5)), line(buckets(9, 1, 2), kind="histogram")])
    before = RunFolder.open(tmp_path / "new")
    export_otlp_json(before, tmp_path / "out.jsonl")
    report = import_lines(tmp_path / "out.jsonl", tmp_path / "again", {})
    assert RunFolder.open(tmp_path / "again").manifest.content == before.manifest.content
    assert report.converted == 0
