"""Rules over many episodes: all in one Prometheus, each far from the others in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

import numpy as np

from observability.detectors.prometheus.alerting import Firing, firings, recorded
from observability.detectors.prometheus.engine import (
    Engine,
    Found,
    Programs,
    QueryFailed,
    QueryTooLong,
)
from observability.detectors.prometheus.ordering import Order, Placed
from observability.detectors.prometheus.remote_write import STALE, Numbers, Times
from observability.detectors.prometheus.series import MINUTE_NS, Timeline
from observability.detectors.prometheus.translation import Labels

WEEK_MS: Final = 7 * 24 * 3600 * 1000
MINUTE_MS: Final = MINUTE_NS // 1_000_000
_FIRST_MONDAY_MS: Final = 946_857_600_000
"""2000-01-03, midnight in UTC."""

_LAST_MS: Final = _FIRST_MONDAY_MS + 25 * 365 * 24 * 3600 * 1000
"""No episode begins later, however far apart they have to be."""

EPISODES_OF_AN_ENGINE: Final = 50
"""More of them would fill memory and disk for nothing."""

_STEPWISE_QUERIES = 5


@dataclass(slots=True)
class Outcome:
    """What came of rules, by the rule's key; grows episode by episode."""

    firings: dict[str, list[tuple[Firing, ...]]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    episodes: int = 0


class Evaluator:
    """Evaluates rules on one episode after the other."""

    def __init__(self, order: Order, programs: Programs) -> None:
        self._order = order
        self._programs = programs
        every = (*order.recordings, *order.alerts)
        self._names = frozenset(name for each in every for name in each.metrics)
        self._everything = any(each.everything for each in every)
        self._reach_ms = int(1000 * max((each.reach_seconds for each in every), default=0))
        self._given_up: set[str] = set()
        self.outcome = Outcome({each.rule.key: [] for each in order.alerts})

    def wanted(self, name: str) -> bool:
        """Tell whether any rule may read a series of this name."""
        return self._everything or name in self._names

    def run(self, episodes: Iterator[Timeline]) -> None:
        """Evaluate all episodes; a Prometheus is started anew after some dozens."""
        while (first := next(episodes, None)) is not None:
            with Engine(self._programs) as engine:
                slot_ms = _FIRST_MONDAY_MS
                for episode in chain((first,), islice(episodes, EPISODES_OF_AN_ENGINE - 1)):
                    slot_ms = self._episode(engine, episode, slot_ms)
                    if slot_ms > _LAST_MS:
                        break

    def _episode(self, engine: Engine, episode: Timeline, slot_ms: int) -> int:
        """Evaluate one, in a week that begins at ``slot_ms``; return when the next may begin.

        It is moved by whole weeks, so that an hour of the day and a day of the
        week, which rules may ask for, stay what they were.
        """
        begin_ms = episode.first * MINUTE_MS
        shift_ms = slot_ms + (begin_ms - slot_ms) % WEEK_MS - begin_ms
        first_ms = begin_ms + shift_ms
        last_ms = first_ms + max(0, episode.minutes - 1) * MINUTE_MS
        times = first_ms + MINUTE_MS * np.arange(episode.minutes, dtype=np.int64)
        self.outcome.names |= episode.names
        self.outcome.episodes += 1
        engine.write(
            (series.labels, times[there], series.values[there])
            for series in episode.series
            for there in [~np.isnan(series.values)]
        )
        for placed in self._order.recordings:
            self._record(engine, placed, first_ms, last_ms)
        for placed in self._order.alerts:
            self.outcome.firings[placed.rule.key].append(
                self._alert(engine, placed, first_ms, last_ms, shift_ms) if episode.minutes else ()
            )
        weeks = -(-(last_ms + self._reach_ms - slot_ms) // WEEK_MS) + 1
        return slot_ms + weeks * WEEK_MS

    def _record(self, engine: Engine, placed: Placed, first_ms: int, last_ms: int) -> None:
        steps = _steps(placed, first_ms, last_ms)
        found, _ = self._found(engine, placed, steps)
        engine.write(
            (recorded(placed.rule, series), *_with_ends(series.at_ms, steps)) for series in found
        )

    def _alert(
        self, engine: Engine, placed: Placed, first_ms: int, last_ms: int, shift_ms: int
    ) -> tuple[Firing, ...]:
        steps = _steps(placed, first_ms, last_ms)
        found, failed = self._found(engine, placed, steps)
        return tuple(
            Firing(each.time_ns - shift_ms * 1_000_000, each.labels)
            for each in firings(placed.rule, found, steps, failed)
        )

    def _found(
        self, engine: Engine, placed: Placed, steps: Sequence[int]
    ) -> tuple[list[Found], frozenset[int]]:
        """Return what an expression gives at each step, and the steps at which it cannot be had.

        One that took too long is given up for good.
        """
        rule = placed.rule
        if rule.key in self._given_up or not steps:
            return [], frozenset(steps)
        step_ms = round(placed.group.interval_seconds * 1000)
        try:
            if not rule.reads.by_the_step:
                try:
                    found = engine.query(rule.expression, steps[0], steps[-1], step_ms)
                    return found, frozenset()
                except QueryFailed as error:
                    self.outcome.failures.setdefault(rule.key, str(error))
            return self._step_by_step(engine, placed, steps)
        except QueryTooLong as error:
            self._given_up.add(rule.key)
            self.outcome.failures[rule.key] = f"given up, it took too long: {error}"
            return [], frozenset(steps)

    def _step_by_step(
        self, engine: Engine, placed: Placed, steps: Sequence[int]
    ) -> tuple[list[Found], frozenset[int]]:
        """Evaluate at each step alone, as Prometheus does: some may fail, the others count.

        All steps together may take as long as a few queries.
        """
        seconds = min(1.0, _STEPWISE_QUERIES / len(steps)) * self._programs.query_seconds
        found: dict[Labels, dict[int, float]] = {}
        failed = set()
        for step in steps:
            try:
                for series in engine.query(placed.rule.expression, step, step, 1000, seconds):
                    labels = tuple(sorted(series.labels.items()))
                    found.setdefault(labels, {}).update(series.at_ms)
            except QueryFailed as error:
                self.outcome.failures.setdefault(placed.rule.key, str(error))
                failed.add(step)
        return [Found(dict(labels), at) for labels, at in found.items()], frozenset(failed)


def _steps(placed: Placed, first_ms: int, last_ms: int) -> Sequence[int]:
    """Return the moments at which a group is evaluated: the full multiples of its interval."""
    step_ms = round(placed.group.interval_seconds * 1000)
    return range(-(-first_ms // step_ms) * step_ms, last_ms + 1, step_ms)


def _with_ends(at_ms: Mapping[int, float], steps: Sequence[int]) -> tuple[Times, Numbers]:
    """Return a recorded series' samples; where it is gone at a step, it ends there at once."""
    times: list[int] = []
    values: list[Numbers] = []
    for before, step in zip((None, *steps), steps, strict=False):
        if step in at_ms:
            times.append(step)
            values.append(np.array([at_ms[step]]))
        elif before in at_ms:
            times.append(step)
            values.append(STALE)
    return np.array(times, np.int64), np.concatenate(values)
