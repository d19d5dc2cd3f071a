"""The file of spans is followed: each trace is handed on once, whole and in order of start."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from observability.recording import ForeignFileError, SpanRecord, SQLiteRecording
from observability.recording.following import TraceFollower

SECOND = 1_000_000_000


def span(
    trace: int, number: int, parent: int | None, start: float, end: float, name: str = "step"
) -> SpanRecord:
    return SpanRecord(
        f"{trace:032x}",
        f"{number:016x}",
        None if parent is None else f"{parent:016x}",
        "app",
        name,
        "INTERNAL",
        round(start * SECOND),
        round(end * SECOND),
        "UNSET",
    )


def begins(traces: list[object]) -> list[int]:
    return [int(spans[0].trace_id, 16) for spans in traces]  # type: ignore[index]


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[SQLiteRecording]:
    made = SQLiteRecording(tmp_path / "spans.sqlite")
    yield made
    made.close()


@pytest.fixture
def follower(recording: SQLiteRecording) -> Iterator[TraceFollower]:
    made = TraceFollower(recording.path, settle=1, patience=10)
    made.poll(0)
    yield made
    made.close()


def write(recording: SQLiteRecording, *spans: SpanRecord) -> None:
    for each in spans:
        recording.add(each)
    recording.flush()


def test_a_whole_trace_is_handed_on_once(
    recording: SQLiteRecording, follower: TraceFollower
) -> None:
    write(recording, span(1, 2, 1, 1, 2), span(1, 1, None, 0, 3))
    assert begins(follower.poll(0)) == []  # more may come for a moment
    assert begins(follower.poll(SECOND)) == [1]
    assert begins(follower.poll(9 * SECOND)) == []
    assert follower.incomplete == 0


def test_what_was_there_before_is_left_alone_unless_it_is_asked_for(
    recording: SQLiteRecording,
) -> None:
    write(recording, span(1, 1, None, 0, 1))
    for from_start, expected in ((False, [2]), (True, [1, 2])):
        follower = TraceFollower(recording.path, from_start=from_start, settle=0)
        found = begins(follower.poll(0))
        write(recording, span(2, from_start + 5, None, 5, 6))
        assert found + begins(follower.poll(0)) == expected
        follower.close()


def test_a_trace_waits_for_one_that_began_before_it(
    recording: SQLiteRecording, follower: TraceFollower
) -> None:
    write(recording, span(1, 2, 1, 0, 1), span(2, 1, None, 1, 2))
    assert begins(follower.poll(0)) == []
    assert begins(follower.poll(2 * SECOND)) == []
    assert follower.waiting == 2
    write(recording, span(1, 1, None, 0, 5))
    follower.poll(3 * SECOND)
    assert begins(follower.poll(4 * SECOND)) == [1, 2]


def test_a_trace_that_stays_half_is_handed_on_when_patience_ends(
    recording: SQLiteRecording, follower: TraceFollower
) -> None:
    write(recording, span(1, 2, 1, 0, 1))
    follower.poll(0)
    assert begins(follower.poll(9 * SECOND)) == []
    assert begins(follower.poll(10 * SECOND)) == [1]
    assert follower.incomplete == 1
    write(recording, span(1, 1, None, 0, 20))
    assert begins(follower.poll(30 * SECOND)) == []
    assert follower.late == 1


def test_no_more_than_so_many_traces_are_kept_open(recording: SQLiteRecording) -> None:
    follower = TraceFollower(recording.path, from_start=True, most=2)
    write(recording, *(span(trace, 2, 1, trace, trace + 1) for trace in range(1, 6)))
    assert begins(follower.poll(0)) == [1, 2, 3]
    assert follower.waiting == 2
    assert begins(follower.drain(0)) == [4, 5]
    follower.close()


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    follower = TraceFollower(tmp_path / "spans.sqlite", settle=0)
    assert follower.poll(0) == []
    recording = SQLiteRecording(tmp_path / "spans.sqlite")
    write(recording, span(1, 1, None, 0, 1))
    assert begins(follower.poll(0)) == [1]
    follower.close()
    recording.close()


def test_a_file_that_was_made_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "spans.sqlite"
    recording = SQLiteRecording(path)
    write(recording, *(span(trace, 1, None, trace, trace + 1) for trace in range(1, 4)))
    follower = TraceFollower(path, settle=0)
    assert follower.poll(0) == []
    recording.close()
    path.rename(tmp_path / "old.sqlite")  # so that the new file cannot be the same inode
    recording = SQLiteRecording(path)
    write(recording, span(9, 1, None, 0, 1))
    assert begins(follower.poll(0)) == [9]
    follower.close()
    recording.close()


def test_a_reader_does_not_keep_the_writer_waiting(
    recording: SQLiteRecording, follower: TraceFollower
) -> None:
    for trace in range(1, 30):
        write(recording, span(trace, 1, None, trace, trace + 1))
        follower.poll(trace * SECOND)
    assert len(recording.last(100)) == 29


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spans.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE something (else_ INTEGER)")
    with pytest.raises(ForeignFileError):
        TraceFollower(path).poll(0)
