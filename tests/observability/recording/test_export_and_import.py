import csv
import gzip
import itertools
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from observability.recording.errors import (
    FolderNotEmptyError,
    OtlpError,
    RecordingError,
    WouldOverwriteError,
)
from observability.recording.exporting import Exported, export_csv, export_otlp_json
from observability.recording.importing import import_lines
from observability.recording.queries import RunQueries
from observability.recording.run_folder import RunFolder
from tests.observability.recording import run_sample as sample

VERSIONS = {"stillgreen": "1.0"}


@pytest.fixture
def lines(tmp_path: Path) -> list[str]:
    """Return the lines of an exported run's spans, a trace each."""
    folder = sample.recorded(tmp_path / "run")
    export_otlp_json(folder, tmp_path / "run.jsonl", signals=["spans"])
    return (tmp_path / "run.jsonl").read_text(encoding="utf-8").splitlines()


def _imported(tmp_path: Path, text: str, **options):
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    return import_lines(tmp_path / "in.jsonl", tmp_path / "new", VERSIONS, **options)


def _spans_of(line: str) -> list[str]:
    """Return a line for each span of a line, as a Collector may have split it."""
    return [
        json.dumps(
            {
                "resourceSpans": [
                    {
                        "resource": resource["resource"],
                        "scopeSpans": [{"scope": {}, "spans": [span]}],
                    }
                ]
            }
        )
        for resource in json.loads(line)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


@pytest.mark.parametrize("name", ["run.jsonl", "run.jsonl.gz"])
def test_what_is_exported_and_imported_is_the_same_recording(tmp_path: Path, name: str) -> None:
    before = sample.recorded(tmp_path / "run")
    assert export_otlp_json(before, tmp_path / name) == Exported(traces=6, metrics=6, logs=6)
    assert name.endswith(".gz") == (tmp_path / name).read_bytes().startswith(b"\x1f\x8b")
    report = import_lines(tmp_path / name, tmp_path / "again", VERSIONS)
    after = RunFolder.open(tmp_path / "again")
    assert list(after.spans()) == list(before.spans())
    assert list(after.requests()) == list(before.requests())
    assert sorted(after.metrics(), key=repr) == sorted(before.metrics(), key=repr)
    assert sorted(after.logs(), key=repr) == sorted(before.logs(), key=repr)
    assert after.manifest.content == before.manifest.content
    assert after.manifest.counts == before.manifest.counts
    assert after.manifest.resources.items() >= before.manifest.resources.items()
    assert (report.traces, report.metrics, report.logs, report.incomplete) == (6, 6, 6, [])
    after.verify()


def test_the_parts_are_the_same_bytes_where_blocks_are_the_same(tmp_path: Path) -> None:
    before = RunFolder.create(tmp_path / "run", "r", VERSIONS)
    sample.write(before, 0, range(6))
    before.finish("complete")
    export_otlp_json(before, tmp_path / "run.jsonl")
    import_lines(tmp_path / "run.jsonl", tmp_path / "again", VERSIONS)
    for table in ("spans", "requests", "metrics", "logs"):
        part = f"{table}/part-00000.parquet"
        assert (tmp_path / "again" / part).read_bytes() == (tmp_path / "run" / part).read_bytes()


def test_whole_numbers_among_real_ones_make_no_difference(tmp_path: Path) -> None:
    before = RunFolder.create(tmp_path / "run", "r", VERSIONS)
    before.write_block(0, [], [replace(sample.metric(1), value=3, bounds=(0, 5))])
    before.finish("complete")
    export_otlp_json(before, tmp_path / "run.jsonl")
    import_lines(tmp_path / "run.jsonl", tmp_path / "again", VERSIONS)
    after = RunFolder.open(tmp_path / "again")
    assert after.manifest.content == before.manifest.content


def test_one_signal_alone_goes_out_and_comes_in(tmp_path: Path) -> None:
    before = sample.recorded(tmp_path / "run")
    assert export_otlp_json(before, tmp_path / "m.jsonl", signals=["metrics"]).traces == 0
    report = import_lines(tmp_path / "m.jsonl", tmp_path / "again", VERSIONS)
    after = RunFolder.open(tmp_path / "again")
    assert (report.spans, report.metrics, report.logs) == (0, 6, 0)
    assert after.manifest.content["metrics"] == before.manifest.content["metrics"]
    assert list(after.spans()) == []
    with RunQueries(after) as queries:
        assert queries.ask("SELECT count(*) FROM metrics").rows == [(6,)]


def test_traces_in_pieces_and_out_of_order_are_put_together(
    tmp_path: Path, lines: list[str]
) -> None:
    pieces = list(itertools.chain.from_iterable(map(_spans_of, lines)))
    random.Random(1).shuffle(pieces)
    report = _imported(tmp_path, "\n\n".join(pieces))
    assert (report.traces, report.incomplete) == (6, [])
    content = RunFolder.open(tmp_path / "new").manifest.content
    assert content["spans"] == RunFolder.open(tmp_path / "run").manifest.content["spans"]


def test_spans_that_were_sent_twice_are_recorded_once(tmp_path: Path, lines: list[str]) -> None:
    report = _imported(tmp_path, "\n".join([*lines, lines[0]]))
    folder = RunFolder.open(tmp_path / "new")
    assert report.repeated == len(_spans_of(lines[0]))
    assert list(folder.spans()) == list(RunFolder.open(tmp_path / "run").spans())


def test_half_a_trace_is_recorded_and_told_with_its_line(tmp_path: Path, lines: list[str]) -> None:
    root, *others = _spans_of(lines[1])
    assert "parentSpanId" not in root
    report = _imported(tmp_path, "\n".join([lines[0], *others]))
    (oddity,) = report.incomplete
    assert oddity.line == 2
    assert sample.trace_id(1) in oddity.what
    assert report.traces == 2


def test_of_a_file_with_a_bad_line_nothing_is_recorded(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(OtlpError, match=r"in\.jsonl, line 3: .*--skip-bad-lines"):
        _imported(tmp_path, "\n".join([lines[0], "", '{"no": "spans"}', lines[1]]))
    assert not (tmp_path / "new").exists()


def test_a_line_that_is_cut_off_is_told_as_that(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(OtlpError, match=r"line 2: .*cut off"):
        _imported(tmp_path, f"{lines[0]}\n{lines[1][:-40]}")


def test_bad_lines_can_be_left_out(tmp_path: Path, lines: list[str]) -> None:
    text = "\n".join([lines[0], lines[1][:-40], lines[2]])
    report = _imported(tmp_path, text, skip_bad_lines=True)
    assert [oddity.line for oddity in report.bad_lines] == [2]
    assert report.traces == RunFolder.open(tmp_path / "new").manifest.counts["requests"] == 2


def test_a_zipped_file_that_is_cut_off_is_told(tmp_path: Path, lines: list[str]) -> None:
    data = gzip.compress("\n".join(lines).encode())
    (tmp_path / "cut.gz").write_bytes(data[: len(data) // 2])
    with pytest.raises(OtlpError, match="cut off"):
        import_lines(tmp_path / "cut.gz", tmp_path / "new", VERSIONS)
    assert not (tmp_path / "new").exists()


def test_a_file_without_spans_or_without_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OtlpError, match="no spans"):
        _imported(tmp_path, '{"resourceMetrics": []}\n')
    with pytest.raises(RecordingError, match="cannot be read"):
        import_lines(tmp_path / "nowhere", tmp_path / "new", VERSIONS)


def test_neither_a_recording_nor_a_file_is_overwritten(tmp_path: Path, lines: list[str]) -> None:
    folder = RunFolder.open(tmp_path / "run")
    with pytest.raises(WouldOverwriteError):
        export_otlp_json(folder, tmp_path / "run.jsonl")
    with pytest.raises(FolderNotEmptyError):
        import_lines(tmp_path / "run.jsonl", tmp_path / "run", VERSIONS)
    assert len(lines) == 6
    folder.verify()


def test_requests_are_written_as_csv(tmp_path: Path) -> None:
    folder = sample.recorded(tmp_path / "run")
    assert export_csv(folder, tmp_path / "requests.csv") == 6
    with (tmp_path / "requests.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["trace_id"] for row in rows] == [sample.trace_id(n) for n in range(6)]
    assert rows[0]["start"] == "2026-06-21T00:00:00+00:00"
    assert rows[0]["agents"] == "supervisor;retriever;response;validation"
    assert rows[0]["groundedness"] == ""
    assert "correct" not in rows[0]


def test_several_blocks_are_made_of_a_long_file(
    tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observability.recording.importing._BLOCK", 20)
    _imported(tmp_path, "\n".join(lines))
    folder = RunFolder.open(tmp_path / "new")
    assert len(folder.done_blocks()) > 1
    assert list(folder.spans()) == list(RunFolder.open(tmp_path / "run").spans())
