from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from observability.recording import SpanRecord
from observability.recording.errors import DamagedRunError, ReplayError
from observability.recording.otlp import from_request
from observability.recording.replaying import Replayed, replay, traces_url
from observability.recording.run_folder import RunFolder
from tests.observability.recording import run_sample as sample

SECOND = sample.SECOND
NOW = 1_900_000_000 * SECOND


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = NOW

    def now_ns(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


class Receiver:
    """An OTLP receiver in this process: takes requests, or answers as it is told to first."""

    def __init__(self, clock: Clock, *answers: httpx.Response | Exception) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.requests: list[tuple[int, tuple[SpanRecord, ...]]] = []
        self.bodies: list[bytes] = []

    @property
    def spans(self) -> list[SpanRecord]:
        return [span for _, spans in self.requests for span in spans]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/traces"
        assert request.headers["content-type"] == "application/x-protobuf"
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            if answer.status_code != 200:
                return answer
        else:
            answer = httpx.Response(200)
        self.requests.append((self.clock.now, tuple(from_request(request.content))))
        return answer


async def _replay(
    folder: RunFolder, receiver: Callable[[httpx.Request], httpx.Response], clock: Clock, **options
) -> Replayed:
    async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as client:
        return await replay(folder, client, "http://receiver:4318", clock, **options)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return sample.recorded(tmp_path / "run", (2, 0, 1))


async def test_every_span_arrives_once_and_as_it_was(folder: RunFolder) -> None:
    clock = Clock()
    receiver = Receiver(clock)
    seen: list[tuple[int, int]] = []
    replayed = await _replay(
        folder, receiver, clock, now=False, progress=lambda *done: seen.append(done)
    )
    recorded = list(folder.spans())
    arrived = Counter((span.trace_id, span.span_id) for span in receiver.spans)
    assert set(arrived.values()) == {1}
    by_id = {(span.trace_id, span.span_id): span for span in receiver.spans}
    assert by_id == {(span.trace_id, span.span_id): span for span in recorded}
    assert replayed.spans == len(recorded)
    assert seen[-1] == (len(recorded), len(recorded))


async def test_spans_come_in_the_order_in_which_they_ended_across_blocks(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r", {})
    for block, numbers in enumerate([(0, 3, 5), (1, 4), (2, 6)]):
        sample.write(folder, block, numbers)
    folder.finish("complete")
    clock = Clock()
    receiver = Receiver(clock)
    await _replay(folder, receiver, clock, speed=1.0)
    # Within a request spans are grouped by service, so requests are compared.
    last = 0
    for _, spans in receiver.requests:
        assert min(span.end_ns for span in spans) >= last
        last = max(span.end_ns for span in spans)
    assert len(receiver.requests) > 3


@pytest.mark.parametrize("speed", [1.0, 10.0])
async def test_a_span_is_sent_when_its_time_has_come(folder: RunFolder, speed: float) -> None:
    clock = Clock()
    receiver = Receiver(clock)
    replayed = await _replay(folder, receiver, clock, speed=speed, now=False)
    first = min(span.start_ns for span in folder.spans())
    last = max(span.end_ns for span in folder.spans())
    for at, spans in receiver.requests:
        for span in spans:
            wait = (at - NOW) * speed - (span.end_ns - first)
            assert -speed <= wait <= (1 + speed) * SECOND
    assert replayed.seconds == pytest.approx((last - first) / speed / SECOND)


@pytest.mark.parametrize("speed", [0.0, 1.0, 60.0])
async def test_a_replay_as_of_now_ends_now(folder: RunFolder, speed: float) -> None:
    clock = Clock()
    receiver = Receiver(clock)
    replayed = await _replay(folder, receiver, clock, speed=speed)
    assert max(span.end_ns for span in receiver.spans) == pytest.approx(clock.now, abs=1000)
    moved = {(span.trace_id, span.span_id): span for span in receiver.spans}
    for span in folder.spans():
        now = moved[span.trace_id, span.span_id]
        assert now.start_ns - span.start_ns == replayed.shift_ns
        assert now.end_ns - now.start_ns == span.end_ns - span.start_ns
        assert [event.time_ns - replayed.shift_ns for event in now.events] == [
            event.time_ns for event in span.events
        ]
    if speed == 1.0:
        assert min(span.start_ns for span in receiver.spans) == NOW


async def test_a_busy_receiver_is_waited_for_and_gets_each_span_once(folder: RunFolder) -> None:
    clock = Clock()
    receiver = Receiver(
        clock,
        httpx.Response(429, headers={"retry-after": "7"}),
        httpx.Response(503),
    )
    replayed = await _replay(folder, receiver, clock)
    assert len(receiver.spans) == replayed.spans == folder.manifest.counts["spans"]
    assert replayed.seconds >= 7


async def test_a_receiver_that_stays_busy_is_given_up(folder: RunFolder) -> None:
    clock = Clock()
    with pytest.raises(ReplayError, match=r"too busy \(503\)"):
        await _replay(folder, lambda _: httpx.Response(503), clock)


async def test_a_receiver_that_is_not_there_is_an_error_at_once(folder: RunFolder) -> None:
    clock = Clock()
    with pytest.raises(ReplayError, match=r"cannot be reached .*Nothing was sent"):
        await _replay(folder, Receiver(clock, httpx.ConnectError("refused")), clock)
    assert clock.now == NOW


async def test_what_may_have_arrived_is_not_sent_twice(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observability.recording.replaying._BATCH", 20)
    clock = Clock()
    receiver = Receiver(clock, httpx.Response(200), httpx.ReadTimeout("no answer"))
    with pytest.raises(ReplayError, match="20 spans were sent before"):
        await _replay(folder, receiver, clock)
    assert len(receiver.requests) == 1


async def test_a_connection_lost_between_requests_is_made_again(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observability.recording.replaying._BATCH", 20)
    clock = Clock()
    receiver = Receiver(clock, httpx.Response(200), httpx.ConnectError("restarting"))
    replayed = await _replay(folder, receiver, clock)
    arrived = Counter((span.trace_id, span.span_id) for span in receiver.spans)
    assert set(arrived.values()) == {1}
    assert len(arrived) == replayed.spans


async def test_spans_that_the_receiver_rejects_are_an_error(folder: RunFolder) -> None:
    answer = ExportTraceServiceResponse()
    answer.partial_success.rejected_spans = 3
    answer.partial_success.error_message = "too old"
    clock = Clock()
    receiver = Receiver(clock, httpx.Response(200, content=answer.SerializeToString()))
    with pytest.raises(ReplayError, match=r"rejected 3 of .* too old"):
        await _replay(folder, receiver, clock)


@pytest.mark.parametrize(
    ("status", "said"), [(404, "OTLP/HTTP receiver"), (401, "401"), (500, "500")]
)
async def test_an_answer_that_is_no_yes_is_told(folder: RunFolder, status: int, said: str) -> None:
    clock = Clock()
    with pytest.raises(ReplayError, match=said):
        await _replay(folder, Receiver(clock, httpx.Response(status)), clock)


async def test_a_damaged_recording_is_not_sent(folder: RunFolder) -> None:
    part = folder.path / "spans" / "part-00002.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    clock = Clock()
    receiver = Receiver(clock)
    with pytest.raises(DamagedRunError):
        await _replay(folder, receiver, clock)
    assert not receiver.requests


def test_an_endpoint_may_be_given_with_or_without_its_path() -> None:
    assert traces_url("http://localhost:4318") == "http://localhost:4318/v1/traces"
    assert traces_url("http://localhost:4318/") == "http://localhost:4318/v1/traces"
    assert traces_url("https://x/otlp/v1/traces") == "https://x/otlp/v1/traces"
    for wrong in ("localhost:4318", "", "ftp://x"):
        with pytest.raises(ReplayError, match="http://localhost:4318"):
            traces_url(wrong)
