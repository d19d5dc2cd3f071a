import logging
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from observability.recording import (
    AmbiguousTraceError,
    EventRecord,
    ForeignFileError,
    RecordingError,
    SpanRecord,
    SQLiteRecording,
    UnknownTraceError,
)


def _span(trace: int, number: int = 0, *, kind: str = "INTERNAL", text: str = "") -> SpanRecord:
    return SpanRecord(
        trace_id=f"{trace:032x}",
        span_id=f"{trace * 1000 + number:016x}",
        parent_id=f"{trace * 1000:016x}" if number else None,
        service="stillgreen-gateway" if number < 2 else "stillgreen-erp",
        name=f"span {number}",
        kind=kind,
        start_ns=trace * 1_000_000 + number,
        end_ns=trace * 1_000_000 + 500 - number,
        status="UNSET",
        attributes={"a": text, "b": (0.25, 1.0), "c": True, "d": ("x", "ü"), "e": 7},
        events=(EventRecord("e", trace + number, {"k": (1, 2)}),),
    )


def _record(recording: SQLiteRecording, trace: int, spans: int = 3, text: str = "") -> None:
    for number in reversed(range(spans)):  # children end before their parents
        recording.add(_span(trace, number, text=text))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "spans.sqlite"


def test_spans_come_back_as_they_were(path: Path) -> None:
    recording = SQLiteRecording(path)
    _record(recording, 1)
    assert recording.spans(f"{1:032x}") == tuple(_span(1, n) for n in range(3))


def test_a_trace_is_found_by_the_beginning_of_its_id(path: Path) -> None:
    recording = SQLiteRecording(path)
    for trace in (0xA1 << 120, 0xA2 << 120):
        _record(recording, trace >> 100, 1)
        recording.add(
            SpanRecord(f"{trace:032x}", "1" * 16, None, "s", "n", "SERVER", 0, 1, "UNSET")
        )
    assert recording.spans("A1")[0].trace_id.startswith("a1")
    with pytest.raises(AmbiguousTraceError):
        recording.spans("a")
    for unknown in ("ff", "", "%", "no-hex"):
        with pytest.raises(UnknownTraceError):
            recording.spans(unknown)


def test_another_process_sees_a_trace_as_soon_as_its_root_has_ended(path: Path) -> None:
    writer = SQLiteRecording(path)
    _record(writer, 5)
    assert len(SQLiteRecording(path).spans(f"{5:032x}")) == 3


def test_a_service_that_sees_a_part_writes_at_the_end_of_each_request(path: Path) -> None:
    writer = SQLiteRecording(path, every_request=True)
    writer.add(_span(5, 2))
    writer.add(_span(5, 1, kind="SERVER"))
    assert len(SQLiteRecording(path).spans(f"{5:032x}")) == 2


def test_the_last_traces_are_summed_up_newest_first(path: Path) -> None:
    recording = SQLiteRecording(path)
    for trace in (1, 2, 3):
        _record(recording, trace)
    newest, older = recording.last(2)
    assert (newest.trace_id, older.trace_id) == (f"{3:032x}", f"{2:032x}")
    assert (newest.root, newest.spans, newest.errors) == ("span 0", 3, 0)
    assert newest.services == ("stillgreen-erp", "stillgreen-gateway")
    assert newest.duration_ms == pytest.approx(0.0005)


def test_the_oldest_traces_go_when_there_are_too_many(path: Path) -> None:
    recording = SQLiteRecording(path, max_traces=10)
    for trace in range(1, 101):
        _record(recording, trace)
    kept = recording.last(1000)
    assert len(kept) <= 10 + 32  # pruned at every 32nd write
    assert kept[0].trace_id == f"{100:032x}"
    with pytest.raises(UnknownTraceError):
        recording.spans(f"{1:032x}")


def test_the_oldest_traces_go_when_they_are_too_large(path: Path) -> None:
    recording = SQLiteRecording(path, max_bytes=100_000)
    for trace in range(1, 101):
        _record(recording, trace, 1, text="x" * 10_000)
    assert len(recording.last(1000)) <= 10 + 32


def _write(path: Path, first: int) -> None:
    recording = SQLiteRecording(path)
    for trace in range(first, first + 40):
        _record(recording, trace)
    recording.close()


def test_several_processes_may_write_at_the_same_time(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(path, n)) for n in (1000, 2000, 3000)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    summaries = SQLiteRecording(path).last(1000)
    assert len(summaries) == 120
    assert all(summary.spans == 3 for summary in summaries)


def test_a_file_of_something_else_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ForeignFileError, match="Move it away"):
        SQLiteRecording(path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_told_apart(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(ForeignFileError):
        SQLiteRecording(path)


def test_a_folder_in_the_files_place_is_an_error_with_its_path(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(RecordingError, match=str(path)):
        SQLiteRecording(path)


def test_a_file_that_cannot_be_written_loses_spans_and_says_so_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recording = SQLiteRecording(path)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE spans")
    other.close()
    with caplog.at_level(logging.WARNING):
        for trace in (1, 2, 3):
            _record(recording, trace)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_closing_twice_is_fine(path: Path) -> None:
    recording = SQLiteRecording(path)
    recording.add(_span(1, 1))
    recording.close()
    recording.close()
    assert len(SQLiteRecording(path).spans(f"{1:032x}")) == 1
