"""Signals of one episode over its requests, with the onset and the alarms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from observability.bench.requests import signal_values
from observability.bench.watching import Watched, alarms_of

_POINTS = 120
_SMOOTHED = 25
_ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A signal's running mean at ``places``; ``moved`` is by how many standard deviations."""

    signal: str
    moved: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn of one episode; alarms are (place, rules that raised it)."""

    episode: str
    fault: str
    severity: float
    onset: int
    requests: int
    places: tuple[int, ...]
    lines: tuple[Line, ...]
    alarms: tuple[tuple[int, tuple[str, ...]], ...]


def timeline(
    watched: Watched, rules: Sequence[str], signals: Iterable[str] | None = None, lines: int = 5
) -> Timeline:
    """Return the signals of an episode that moved the most at its onset.

    How far one moved is the difference of its means after and before, in
    standard deviations of a single request before it.
    """
    episode = watched.episode
    names = number_columns(episode.signals) if signals is None else list(signals)
    moved: list[tuple[float, str, npt.NDArray[np.float64]]] = []
    for name in names:
        values = signal_values(episode, name)
        gap = _moved(values, episode.onset)
        if np.isfinite(gap):
            moved.append((gap, name, values))
    moved.sort(key=lambda each: (-abs(each[0]), each[1]))
    places = np.unique(
        np.linspace(0, max(0, episode.requests - 1), min(_POINTS, episode.requests)).astype(int)
    )
    return Timeline(
        episode=episode.id,
        fault=episode.fault,
        severity=episode.severity,
        onset=episode.onset,
        requests=episode.requests,
        places=tuple(int(place) for place in places),
        lines=tuple(
            Line(name, gap, tuple(_running_mean(values, place) for place in places))
            for gap, name, values in moved[:lines]
        ),
        alarms=tuple(
            (
                place,
                tuple(
                    name
                    for name in rules
                    if name in watched.tracks and place in watched.tracks[name].alarms
                ),
            )
            for place in alarms_of(watched, rules)
        ),
    )


def number_columns(table: pa.Table) -> list[str]:
    """Return the signals of a table that are numbers."""
    return [
        each.name
        for each in table.schema
        if pa.types.is_floating(each.type) or pa.types.is_boolean(each.type)
    ]


def _moved(values: npt.NDArray[np.float64], onset: int) -> float:
    before, after = values[:onset], values[onset:]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if len(before) < _ENOUGH or len(after) < _ENOUGH:
        return float("nan")
    gap = float(after.mean() - before.mean())
    spread = float(before.std(ddof=1))
    if not spread:
        # What never varied and now does has moved as far as anything can.
        return float("nan") if not gap else float(np.sign(gap)) * 99.0
    return gap / spread


def _running_mean(values: npt.NDArray[np.float64], place: int) -> float:
    seen = values[max(0, place - _SMOOTHED + 1) : place + 1]
    seen = seen[np.isfinite(seen)]
    return float(seen.mean()) if len(seen) else float("nan")
