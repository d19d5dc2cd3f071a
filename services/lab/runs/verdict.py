"""The verdict on a run: whether what was expected to stay steady did, and where it did not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from observability.statistics import Estimate
from services.lab.runs.facts import Fact
from services.lab.runs.fields import SECOND_NS
from services.lab.runs.scenario import Hypothesis, Scenario
from services.lab.runs.tally import Tally


@dataclass(frozen=True, slots=True)
class Deviation:
    """A probe outside its tolerance in one window of one arm; times are seconds from the start."""

    arm: str
    probe: str
    measure: str
    begins: float
    ends: float
    found: Estimate
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SteadyState:
    """Whether each arm kept to the hypothesis, and every place where one did not."""

    title: str
    kept: Mapping[str, bool]
    deviations: tuple[Deviation, ...]

    @property
    def verdict(self) -> str:
        """Return ``kept`` or ``deviated``, over all arms."""
        return "kept" if all(self.kept.values()) else "deviated"


class Watch:
    """Tallies a scenario's hypothesis window by window, and judges when all has been seen."""

    def __init__(self, scenario: Scenario, hypothesis: Hypothesis) -> None:
        self._scenario = scenario
        self._hypothesis = hypothesis
        self._windows: dict[tuple[str, int], Tally] = {}

    def add(self, fact: Fact) -> None:
        """Count one request in its arm and window."""
        place = fact.arm, _window(self._scenario, self._hypothesis, fact.at_ns)
        if place not in self._windows:
            self._windows[place] = Tally(probe.measure for probe in self._hypothesis.probes)
        self._windows[place].add(fact)

    def judge(self) -> SteadyState:
        """Return the verdict.

        A probe deviates in a window when its whole 95 % interval lies outside of
        the tolerance, so that few requests prove little.
        """
        found = [
            deviation
            for arm in self._scenario.arms
            for number in sorted(number for name, number in self._windows if name == arm)
            for deviation in _deviations(self._hypothesis, arm, number, self._windows[arm, number])
        ]
        wrong = {deviation.arm for deviation in found}
        return SteadyState(
            self._hypothesis.title,
            {arm: arm not in wrong for arm in self._scenario.arms},
            tuple(found),
        )


def judge(scenario: Scenario, facts: Iterable[Fact]) -> SteadyState | None:
    """Return the verdict on facts, None for a scenario without a hypothesis."""
    if scenario.steady_state is None:
        return None
    watch = Watch(scenario, scenario.steady_state)
    for fact in facts:
        watch.add(fact)
    return watch.judge()


def _window(scenario: Scenario, hypothesis: Hypothesis, at_ns: int) -> int:
    # Sessions go on a little after the last one began; that is part of the last window.
    last = math.ceil(scenario.traffic.duration / hypothesis.window) - 1
    number = (at_ns - scenario.start_ns) // round(hypothesis.window * SECOND_NS)
    return min(max(number, 0), last)


def _deviations(hypothesis: Hypothesis, arm: str, number: int, tally: Tally) -> Iterable[Deviation]:
    for probe in hypothesis.probes:
        low, high = probe.tolerance.range
        found = tally.measure(probe.measure)
        below = low is not None and found.high < low
        above = high is not None and found.low > high
        if below or above:
            begins = number * hypothesis.window
            yield Deviation(
                arm,
                probe.name,
                probe.measure,
                begins,
                begins + hypothesis.window,
                found,
                low,
                high,
            )
