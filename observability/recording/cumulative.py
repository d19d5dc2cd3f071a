"""Turns cumulative series into what came between two points, as a recording keeps it.

A cumulative point holds everything since its start time; points of a series
that have the same start time go on counting one another. Another start time is
another beginning: a process that was started again, or one beside that nothing
tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from observability.recording.records import MetricRecord

_BEGINNINGS = 64
"""Start times of a series that are remembered, so that none grows without end."""


@dataclass(frozen=True, slots=True)
class CumulativePoint:
    """A sum or histogram since ``record.start_ns``, and the series that it belongs to."""

    series: bytes
    record: MetricRecord

    @property
    def grows(self) -> bool:
        """Tell whether it only grows until a restart; an up-down counter's sum may fall."""
        return self.record.kind == "histogram" or self.record.monotonic


class Order:
    """Finds the series whose points do not come in the order of their times."""

    def __init__(self) -> None:
        self._last: dict[bytes, int] = {}
        self.broken: set[bytes] = set()

    def see(self, points: Iterable[CumulativePoint]) -> None:
        """Look at points in the order in which they come."""
        for point in points:
            if point.record.time_ns <= self._last.get(point.series, -1):
                self.broken.add(point.series)
            self._last[point.series] = point.record.time_ns


class Deltas:
    """Makes deltas of cumulative points; those of series out of order wait until the end.

    ``converted`` are the points that came out, ``repeated`` those that came
    twice. ``restarts`` tells how often a series began anew.
    """

    def __init__(self, out_of_order: Set[bytes] = frozenset()) -> None:
        self.converted = self.repeated = self.restarts = 0
        self._out_of_order = out_of_order
        self._waiting: dict[bytes, list[CumulativePoint]] = {}
        self._beginnings: dict[bytes, dict[int, MetricRecord]] = {}

    def of(self, points: Iterable[CumulativePoint]) -> Iterator[MetricRecord]:
        """Yield the deltas of points whose series come in order, and keep the others."""
        for point in points:
            if point.series in self._out_of_order:
                self._waiting.setdefault(point.series, []).append(point)
            else:
                yield from self._made(point)

    def rest(self) -> Iterator[MetricRecord]:
        """Yield the deltas of the points that were kept, each series in order."""
        for points in self._waiting.values():
            for point in sorted(points, key=_order):
                yield from self._made(point)
        self._waiting = {}

    def _made(self, point: CumulativePoint) -> Iterator[MetricRecord]:
        record = point.record
        beginnings = self._beginnings.setdefault(point.series, {})
        latest = next(reversed(beginnings.values()), None)
        before = beginnings.pop(record.start_ns, None)
        beginnings[record.start_ns] = record
        if len(beginnings) > _BEGINNINGS:
            del beginnings[next(iter(beginnings))]
        if before == record:
            self.repeated += 1
            return
        self.converted += 1
        # A start that is missing, or is the point's own time, tells nothing.
        known = 0 < record.start_ns < record.time_ns
        if before is None and latest is not None:
            replaced = not point.grows and record.start_ns >= latest.time_ns
            # What was under way in a process that has ended is not under way any more.
            before = latest if replaced or not known else None
            self.restarts += known
        if before is not None and _fell(point, before):
            self.restarts += 1
            yield replace(record, start_ns=before.time_ns)
        elif before is not None:
            yield _difference(record, before)
        elif known or not point.grows:
            yield replace(record, start_ns=record.start_ns if known else 0)
        else:
            yield _nothing(record)


def _order(point: CumulativePoint) -> tuple[int, int, int, float]:
    record = point.record
    return (record.time_ns, record.start_ns, record.count, record.value)


def _fell(point: CumulativePoint, before: MetricRecord) -> bool:
    record = point.record
    if record.kind != "histogram":
        return point.grows and record.value < before.value
    # Its sum may fall, since values may be negative; with other buckets it is counted anew.
    return (
        record.bounds != before.bounds
        or len(record.buckets) != len(before.buckets)
        or record.count < before.count
        or any(now < then for now, then in zip(record.buckets, before.buckets, strict=True))
    )


def _difference(record: MetricRecord, before: MetricRecord) -> MetricRecord:
    return replace(
        record,
        start_ns=before.time_ns,
        value=record.value - before.value,
        count=record.count - before.count if record.kind == "histogram" else record.count,
        buckets=tuple(n - m for n, m in zip(record.buckets, before.buckets, strict=True)),
    )


def _nothing(record: MetricRecord) -> MetricRecord:
    """Return the point from which a series counts: what it holds may be of any time."""
    return replace(
        record,
        start_ns=record.time_ns,
        value=0.0,
        count=0 if record.kind == "histogram" else record.count,
        buckets=(0,) * len(record.buckets),
    )
