"""Sends a recorded run to an OTLP receiver, each span once, as if it happened again.

Spans go out in the order in which they ended, in batches, at a chosen speed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from observability.clock import Clock
from observability.recording import parts, span_table
from observability.recording.errors import ReplayError
from observability.recording.otlp import to_request
from observability.recording.records import Attributes, SpanRecord
from observability.recording.run_folder import RunFolder

_BATCH = 512  # spans in a request, as in OpenTelemetry's own exporters
_TICK_NS = 1_000_000_000  # a batch is sent when its first span has waited that long
_TRIES = 5
_BUSY = frozenset({429, 502, 503, 504})  # OTLP's answers that say: not taken, try again

Progress = Callable[[int, int], None]
"""Told how many spans are sent, of how many."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was sent; ``shift_ns`` was added to all times. Seconds are those of the clock."""

    spans: int
    requests: int
    seconds: float
    shift_ns: int


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    first_end: int
    last_end: int
    first_start: int
    spans: int


def traces_url(endpoint: str) -> str:
    """Return the address for traces of an OTLP endpoint; ``ReplayError`` if it is none."""
    try:
        url = httpx.URL(endpoint)
    except httpx.InvalidURL as error:
        raise ReplayError(f"{endpoint!r} is no address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ReplayError(
            f"{endpoint!r} is no OTLP/HTTP address; it looks like http://localhost:4318"
        )
    path = url.path.rstrip("/")
    return str(url.copy_with(path=path if path.endswith("/v1/traces") else f"{path}/v1/traces"))


async def replay(
    folder: RunFolder,
    client: httpx.AsyncClient,
    endpoint: str,
    clock: Clock,
    speed: float = 0.0,
    now: bool = True,
    progress: Progress | None = None,
) -> Replayed:
    """Send a run's spans to an endpoint, ``speed`` times as fast as they happened.

    A speed of 0 is as fast as the receiver takes them. With ``now``, times are
    moved so that the run ends when the replay is due to end; otherwise they
    stay as recorded. Raises ``ReplayError`` if the receiver cannot be reached,
    refuses a request or rejects spans, and ``DamagedRunError``.
    """
    if not speed >= 0:
        raise ReplayError(f"a speed of {speed:g} is not possible; 0 is as fast as possible")
    url = traces_url(endpoint)
    folder.verify(["spans"])
    found = [_part(path) for path in folder.parts("spans").values()]
    found = [part for part in found if part.spans]
    if not found:
        raise ReplayError(f"{folder.path} holds no spans, so there is nothing to send")
    first, last = min(p.first_start for p in found), max(p.last_end for p in found)
    begun = clock.now_ns()
    lasting = round((last - first) / speed) if speed else 0
    shift = begun + lasting - last if now else 0
    sender = _Sender(client, url, clock, folder.manifest.resources)
    total = sum(part.spans for part in found)
    for batch in _batches(_by_end(found), speed):
        if speed:
            due = begun + round((batch[-1].end_ns - first) / speed)
            await clock.sleep(max(0, due - clock.now_ns()) / 1e9)
        await sender.send([_moved(span, shift) for span in batch] if shift else batch)
        if progress is not None:
            progress(sender.spans, total)
    sender.check_rejected()
    return Replayed(sender.spans, sender.requests, (clock.now_ns() - begun) / 1e9, shift)


class _Sender:
    """Sends batches; a batch that was surely not taken is sent again, any other is not."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: str,
        clock: Clock,
        resources: Mapping[str, Attributes],
    ) -> None:
        self._client = client
        self._url = url
        self._clock = clock
        self._resources = resources
        self._rejected = 0
        self._reason = ""
        self.spans = 0
        self.requests = 0

    async def send(self, batch: Sequence[SpanRecord]) -> None:
        body = to_request(batch, self._resources)
        for attempt in range(1, _TRIES + 1):
            response = await self._post(body, attempt)
            if response is not None and response.status_code not in _BUSY:
                break
            if attempt == _TRIES:
                status = "" if response is None else f" ({response.status_code})"
                raise ReplayError(f"{self._url} is too busy{status}. {self._so_far()}")
            await self._clock.sleep(_pause(response, attempt))
        if response is None or not response.is_success:
            code = response.status_code if response is not None else ""
            hint = " Is it the address of an OTLP/HTTP receiver?" if code == 404 else ""
            raise ReplayError(f"{self._url} answered {code}.{hint} {self._so_far()}")
        self._look_for_rejected(response.content)
        self.spans += len(batch)
        self.requests += 1

    async def _post(self, body: bytes, attempt: int) -> httpx.Response | None:
        """Return the answer, or None if the request never arrived and there is another try."""
        try:
            return await self._client.post(
                self._url, content=body, headers={"content-type": "application/x-protobuf"}
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if self.requests and attempt < _TRIES:
                return None
            raise ReplayError(
                f"{self._url} cannot be reached ({_reason(error)}). Is the receiver running?"
                f" {self._so_far()}"
            ) from error
        except httpx.HTTPError as error:  # it may have arrived, so it is not sent twice
            raise ReplayError(
                f"{self._url} did not answer as OTLP/HTTP does ({_reason(error)}). Port 4318"
                f" speaks it, 4317 speaks gRPC. {self._so_far()}"
            ) from error

    def check_rejected(self) -> None:
        if self._rejected:
            raise ReplayError(
                f"{self._url} rejected {self._rejected} of {self.spans} spans: "
                f"{self._reason or 'it does not say why'}"
            )

    def _look_for_rejected(self, content: bytes) -> None:
        try:
            partial = ExportTraceServiceResponse.FromString(content).partial_success
        except DecodeError:  # e.g. JSON; the status says that the spans were taken
            return
        self._rejected += partial.rejected_spans
        self._reason = partial.error_message or self._reason

    def _so_far(self) -> str:
        return f"{self.spans} spans were sent before." if self.spans else "Nothing was sent."


def _pause(response: httpx.Response | None, attempt: int) -> float:
    asked = response.headers.get("retry-after", "") if response is not None else ""
    return min(float(asked), 60.0) if asked.isdecimal() else 0.5 * 2**attempt


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _part(path: Path) -> _Part:
    table = parts.read(path, ["start_ns", "duration_ns"])
    starts = table.column("start_ns").to_pylist()
    ends = [s + d for s, d in zip(starts, table.column("duration_ns").to_pylist(), strict=True)]
    if not ends:
        return _Part(path, 0, 0, 0, 0)
    return _Part(path, min(ends), max(ends), min(starts), len(ends))


def _by_end(found: Sequence[_Part]) -> Iterator[SpanRecord]:
    """Yield spans in the order in which they ended; a part is read when its time has come."""
    waiting = sorted(found, key=lambda part: part.first_end, reverse=True)
    heap: list[tuple[int, int, int, list[SpanRecord]]] = []
    while waiting or heap:
        while waiting and (not heap or waiting[-1].first_end <= heap[0][0]):
            part = waiting.pop()
            spans = sorted(
                span_table.from_table(parts.read(part.path)),
                key=lambda span: (-span.end_ns, span.trace_id, span.start_ns),
            )
            heapq.heappush(heap, (spans[-1].end_ns, len(waiting), len(spans), spans))
        _, order, _, spans = heapq.heappop(heap)
        yield spans.pop()
        if spans:
            heapq.heappush(heap, (spans[-1].end_ns, order, len(spans), spans))


def _batches(spans: Iterator[SpanRecord], speed: float) -> Iterator[list[SpanRecord]]:
    batch: list[SpanRecord] = []
    for span in spans:
        if batch and (
            len(batch) >= _BATCH or (speed and span.end_ns - batch[0].end_ns > _TICK_NS * speed)
        ):
            yield batch
            batch = []
        batch.append(span)
    if batch:
        yield batch


def _moved(span: SpanRecord, shift_ns: int) -> SpanRecord:
    return replace(
        span,
        start_ns=span.start_ns + shift_ns,
        end_ns=span.end_ns + shift_ns,
        events=tuple(replace(event, time_ns=event.time_ns + shift_ns) for event in span.events),
    )
