"""Rules on live traffic: traces that have become whole, their signals, and the alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.detectors.rule import Alarm
from observability.recording.following import TraceFollower
from observability.recording.records import SpanRecord
from observability.signals.mapping import SpanMapping, is_request
from observability.signals.signal import Signal
from observability.signals.table import signal_table
from services.lab.detecting.watch import Watch


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """What has come so far; ``others`` are traces that are no requests, e.g. health checks.

    ``waiting`` traces are not whole yet, ``incomplete`` ones never became it.
    """

    requests: int
    others: int
    waiting: int
    incomplete: int
    alarms: int
    rules: int
    speaking: int


class LiveWatch:
    """Looks at what has come since it last looked."""

    def __init__(
        self,
        follower: TraceFollower,
        watch: Watch,
        signals: Mapping[str, Signal],
        mapping: SpanMapping | None = None,
    ) -> None:
        self.watch = watch
        self._follower = follower
        self._signals = signals
        self._mapping = mapping
        self._others = 0
        self._alarms = 0

    def step(self, now_ns: int) -> list[Alarm]:
        """Return the alarms of the requests that have become whole."""
        return self._feed(self._follower.poll(now_ns))

    def finish(self, now_ns: int) -> list[Alarm]:
        """Return the alarms of what is left; nothing more is waited for."""
        return [*self.step(now_ns), *self._feed(self._follower.drain(now_ns))]

    @property
    def status(self) -> LiveStatus:
        """Return the counts so far."""
        return LiveStatus(
            requests=self.watch.requests,
            others=self._others,
            waiting=self._follower.waiting,
            incomplete=self._follower.incomplete,
            alarms=self._alarms,
            rules=len(self.watch.rules.rules),
            speaking=len(self.watch.speaking),
        )

    def _feed(self, traces: Sequence[Sequence[SpanRecord]]) -> list[Alarm]:
        requests = [mapped for spans in traces if (mapped := self._request(spans))]
        self._others += len(traces) - len(requests)
        if not requests:
            return []
        alarms = self.watch.feed(signal_table(requests, self._signals))
        self._alarms += len(alarms)
        return alarms

    def _request(self, spans: Sequence[SpanRecord]) -> Sequence[SpanRecord]:
        if self._mapping is not None:
            return self._mapping.apply(spans)
        return spans if is_request(spans) else ()
