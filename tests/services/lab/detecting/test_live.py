"""Rules watch traces as they become whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from observability.recording import SQLiteRecording
from observability.recording.following import TraceFollower
from services.lab.detecting.live import LiveWatch
from services.lab.detecting.watch import Watch
from tests.services.lab.detecting.fakes import SECOND, SIGNALS, Above, rule_set, span


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[SQLiteRecording]:
    made = SQLiteRecording(tmp_path / "spans.sqlite")
    yield made
    made.close()


@pytest.fixture
def live(recording: SQLiteRecording) -> Iterator[LiveWatch]:
    follower = TraceFollower(recording.path, settle=1)
    made = LiveWatch(follower, Watch(rule_set(Above("tokens", 10)), SIGNALS), SIGNALS)
    made.step(0)
    yield made
    follower.close()


def test_an_alarm_comes_when_its_trace_is_whole(
    recording: SQLiteRecording, live: LiveWatch
) -> None:
    recording.add(span(1, 2, 1, 50))
    recording.flush()
    assert live.step(SECOND) == []
    recording.add(span(1, 1, None, None))
    assert live.step(2 * SECOND) == []
    (alarm,) = live.step(3 * SECOND)
    assert int(alarm.trace_id, 16) == 1
    status = live.status
    assert (status.requests, status.alarms, status.speaking, status.rules) == (1, 1, 1, 1)


def test_traces_that_are_no_requests_are_counted_apart(
    recording: SQLiteRecording, live: LiveWatch
) -> None:
    recording.add(span(1, 1, None, None))
    recording.add(span(2, 1, None, None, status="ERROR"))
    recording.add(span(3, 1, None, 5))
    live.step(0)
    live.step(SECOND)
    assert (live.status.requests, live.status.others) == (2, 1)


def test_at_the_end_half_traces_count_as_they_are(
    recording: SQLiteRecording, live: LiveWatch
) -> None:
    recording.add(span(1, 2, 1, 50))
    recording.flush()
    assert live.step(0) == []
    assert live.status.waiting == 1
    assert len(live.finish(0)) == 1
    assert live.status.incomplete == 1
