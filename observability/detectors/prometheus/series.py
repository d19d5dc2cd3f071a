"""A run's points, each of what came in a while, as the series that Prometheus would have.

Every series has a sample at each full minute from its first point on, as an
exporter sends them; counters and histograms go on counting over all pieces.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from observability.detectors.prometheus import translation
from observability.detectors.prometheus.translation import GAUGE, HISTOGRAM, Labels
from observability.recording.records import Attributes, MetricRecord
from observability.recording.run_folder import RunFolder

MINUTE_NS: Final = 60 * 10**9

Numbers = npt.NDArray[np.float64]
Resources = Mapping[str, Attributes]


@dataclass(frozen=True, slots=True)
class Piece:
    """Points of a recording in the order of their times, put at another time.

    Those whose time lies after ``after_ns`` and not after ``until_ns`` (the
    recording's own time) are taken, and ``shift_ns`` is added to their times.
    ``resources`` are the resource attributes of each service.
    """

    points: Sequence[MetricRecord]
    resources: Resources = field(default_factory=dict)
    shift_ns: int = 0
    after_ns: int | None = None
    until_ns: int | None = None

    @classmethod
    def of_run(cls, folder: RunFolder) -> Piece:
        """Read all points of a recording; cut and shift it by ``dataclasses.replace``."""
        points = sorted(folder.metrics(), key=lambda point: point.time_ns)
        return cls(points, folder.manifest.resources)

    def before(self) -> Iterable[MetricRecord]:
        """Return the points before those that are taken."""
        return islice(self.points, self._place(self.after_ns, 0))

    def taken(self) -> Iterable[tuple[int, MetricRecord]]:
        """Yield the full minute at which a point is seen, counted from the epoch, with it."""
        begin, end = self._place(self.after_ns, 0), self._place(self.until_ns, len(self.points))
        for point in self.points[begin:end]:
            yield -(-(point.time_ns + self.shift_ns) // MINUTE_NS), point

    def _place(self, time_ns: int | None, otherwise: int) -> int:
        if time_ns is None:
            return otherwise
        return bisect_right(self.points, time_ns, key=lambda point: point.time_ns)


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its labels, ``__name__`` among them, and a value for each minute.

    A minute without a sample is ``nan``.
    """

    labels: Labels
    values: Numbers


@dataclass(frozen=True, slots=True)
class Timeline:
    """All series of an episode; ``first`` is the minute of their first value, from the epoch."""

    first: int
    minutes: int
    series: tuple[Series, ...]
    names: frozenset[str]
    """Every name that the episode has, those left out included."""


_Key = tuple[str, str, Labels, tuple[float, ...]]


def timeline_of(
    pieces: Sequence[Piece],
    wanted: Callable[[str], bool] = lambda name: True,
    resource_labels: bool = True,
) -> Timeline:
    """Return the series of pieces joined in time; points at the same minute add up.

    ``wanted`` says by its name which series to make. With ``resource_labels``
    every series has its service's resource attributes for labels, as the
    Collector's ``resource_to_telemetry_conversion`` gives them.
    """
    taken = [(minute, point, piece) for piece in pieces for minute, point in piece.taken()]
    if not taken:
        return Timeline(0, 0, (), frozenset())
    first = min(minute for minute, _, _ in taken)
    minutes = max(minute for minute, _, _ in taken) - first + 1
    families = _families(point for _, point, _ in taken)
    taken += _seams(pieces, families)
    names = {name for family in families.values() for name in _names(*family)} | {TARGET_INFO}
    rows: dict[_Key, dict[int, list[Sequence[float]]]] = {}
    known: dict[tuple[object, ...], _Key] = {}
    for minute, point, piece in taken:
        name, kind = families[point.name, point.unit]
        if not name or not any(map(wanted, _names(name, kind))):
            continue  # Prometheus drops what has no name in it
        seen = (id(piece), point.service, name, repr(point.attributes), tuple(point.bounds))
        if seen not in known:
            resource = piece.resources.get(point.service, {})
            labels = _labels(point, resource, resource_labels)
            known[seen] = (name, kind, labels, tuple(point.bounds))
        row = rows.setdefault(known[seen], {})
        row.setdefault(minute - first, []).append(_vector(point))
    found: dict[Labels, Numbers] = {}
    for (name, kind, labels, bounds), row in rows.items():
        for series in _series(name, kind, labels, bounds, row, minutes):
            if wanted(dict(series.labels)["__name__"]):
                there = found.get(series.labels)
                found[series.labels] = series.values if there is None else _sum(there, series)
    if wanted(TARGET_INFO):
        found |= {labels: np.ones(minutes) for labels in _targets(pieces)}
    made = tuple(Series(labels, values) for labels, values in sorted(found.items()))
    return Timeline(first, minutes, made, frozenset(names))


TARGET_INFO: Final = "target_info"


def _families(points: Iterable[MetricRecord]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return each metric's name and kind in Prometheus, by its name and unit."""
    by_metric: dict[tuple[str, str], list[MetricRecord]] = {}
    for point in points:
        by_metric.setdefault((point.name, point.unit), []).append(point)
    families = {}
    for (name, unit), found in by_metric.items():
        kind = translation.kind_of(name, found)
        families[name, unit] = (translation.metric_name(name, unit, kind), kind)
    return families


def _seams(
    pieces: Sequence[Piece], families: Mapping[tuple[str, str], tuple[str, str]]
) -> Iterable[tuple[int, MetricRecord, Piece]]:
    """Yield what brings up-down counters to a piece's own level where it begins.

    What was under way where one piece was cut off is not what is under way where
    the next begins, and would otherwise count for ever.
    """
    levels: dict[tuple[str, str, str], MetricRecord] = {}
    for piece in pieces:
        own: dict[tuple[str, str, str], MetricRecord] = {}
        begin = min((minute for minute, _ in piece.taken()), default=None)
        for point in piece.before():
            if families.get((point.name, point.unit), ("", ""))[1] == translation.UP_DOWN:
                _add(own, point)
        for key in levels.keys() | own.keys() if begin is not None else ():
            at, wanted = levels.get(key), own.get(key)
            change = (wanted.value if wanted else 0) - (at.value if at else 0)
            known = wanted or at
            if change and known is not None and begin is not None:
                yield begin, replace(known, value=change), piece
        for _, point in piece.taken():
            if families[point.name, point.unit][1] == translation.UP_DOWN:
                _add(own, point)
        levels = own


def _add(levels: dict[tuple[str, str, str], MetricRecord], point: MetricRecord) -> None:
    key = (point.service, point.name, repr(point.attributes))
    there = levels.get(key)
    levels[key] = replace(point, value=point.value + (there.value if there else 0))


def _names(name: str, kind: str) -> tuple[str, ...]:
    parts = ("_bucket", "_sum", "_count") if kind == HISTOGRAM else ("",)
    return tuple(name + part for part in parts)


def _labels(point: MetricRecord, resource: Attributes, resource_labels: bool) -> Labels:
    identity = translation.identity_of(point.service, resource)
    attributes = {**resource, **point.attributes} if resource_labels else point.attributes
    return translation.labels_of(attributes, identity)


def _targets(pieces: Sequence[Piece]) -> Iterable[Labels]:
    for piece in pieces:
        for service, resource in piece.resources.items():
            identity = translation.identity_of(service, resource)
            labels = translation.target_labels(resource, identity)
            if labels:
                yield _named(TARGET_INFO, labels)


def _vector(point: MetricRecord) -> Sequence[float]:
    if point.kind == "histogram":
        # One that came without buckets still counts.
        return (*(point.buckets or (point.count,)), point.value)
    return (point.value,)


def _series(
    name: str,
    kind: str,
    labels: Labels,
    bounds: Sequence[float],
    row: Mapping[int, Sequence[Sequence[float]]],
    minutes: int,
) -> Iterable[Series]:
    if kind == GAUGE:
        # Several points of one minute are looks at the same thing.
        values = np.full(minutes, np.nan)
        for minute, vectors in row.items():
            values[minute] = np.mean(vectors)
        yield Series(_named(name, labels), values)
        return
    began = min(row)
    table = np.zeros((minutes, len(bounds) + 2 if kind == HISTOGRAM else 1))
    for minute, vectors in row.items():
        table[minute] = np.sum(vectors, axis=0)
    table = table.cumsum(axis=0)
    table[:began] = np.nan
    if kind != HISTOGRAM:
        yield Series(_named(name, labels), table[:, 0])
        return
    below = table[:, :-1].cumsum(axis=1)
    for column, bound in enumerate((*bounds, float("inf"))):
        le = ("le", translation.number(bound))
        yield Series(_named(f"{name}_bucket", labels, le), below[:, column])
    yield Series(_named(f"{name}_count", labels), below[:, -1])
    yield Series(_named(f"{name}_sum", labels), table[:, -1])


def _named(name: str, labels: Labels, *more: tuple[str, str]) -> Labels:
    return tuple(sorted((("__name__", name), *labels, *more)))


def _sum(there: Numbers, more: Series) -> Numbers:
    """Add series that became the same; one that has not begun yet counts for nothing."""
    neither = np.isnan(there) & np.isnan(more.values)
    both = np.nan_to_num(there) + np.nan_to_num(more.values)
    return np.where(neither, np.nan, both)
