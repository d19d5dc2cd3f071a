"""The verdict on a run: whether what was expected to stay steady did, and where it did not."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.lab import statistics
from services.lab.runs.facts import Fact
from services.lab.runs.scenario import SECOND_NS, Hypothesis, Scenario
from services.lab.statistics import Estimate

_Rate = Callable[[Fact], bool]

_RATES: Mapping[str, _Rate] = {
    "accuracy": lambda fact: fact.correct,
    "abstention_rate": lambda fact: fact.abstained,
    "error_rate": lambda fact: fact.failed,
    "review_rate": lambda fact: fact.review,
}
_QUANTILES: Mapping[str, float] = {"latency_p50_ms": 0.5, "latency_p95_ms": 0.95}
_MEANS: Mapping[str, Callable[[Fact], float]] = {
    "tokens": lambda fact: fact.tokens,
    "cost_usd": lambda fact: fact.cost_usd,
    "groundedness": lambda fact: fact.groundedness,
    "top1_similarity": lambda fact: fact.top1_similarity,
}


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


def measure(name: str, facts: Sequence[Fact]) -> Estimate:
    """Return one of the scenario's measures over some requests, with its 95 % interval."""
    if name in _RATES:
        return statistics.rate(sum(map(_RATES[name], facts)), len(facts))
    if name in _QUANTILES:
        return statistics.quantile([fact.latency_ms for fact in facts], _QUANTILES[name])
    return statistics.mean([_MEANS[name](fact) for fact in facts])


def judge(scenario: Scenario, facts: Iterable[Fact]) -> SteadyState | None:
    """Return the verdict, None for a scenario without a hypothesis.

    A probe deviates in a window when its whole 95 % interval lies outside of
    the tolerance, so that few requests prove little.
    """
    hypothesis = scenario.steady_state
    if hypothesis is None:
        return None
    windows: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in facts:
        windows[fact.arm, _window(scenario, hypothesis, fact.at_ns)].append(fact)
    found = [
        deviation
        for arm in scenario.arms
        for number in sorted(number for name, number in windows if name == arm)
        for deviation in _deviations(hypothesis, arm, number, windows[arm, number])
    ]
    wrong = {deviation.arm for deviation in found}
    return SteadyState(
        hypothesis.title, {arm: arm not in wrong for arm in scenario.arms}, tuple(found)
    )


def _window(scenario: Scenario, hypothesis: Hypothesis, at_ns: int) -> int:
    # Sessions go on a little after the last one began; that is part of the last window.
    last = math.ceil(scenario.traffic.duration / hypothesis.window) - 1
    number = (at_ns - scenario.start_ns) // round(hypothesis.window * SECOND_NS)
    return min(max(number, 0), last)


def _deviations(
    hypothesis: Hypothesis, arm: str, number: int, facts: Sequence[Fact]
) -> Iterable[Deviation]:
    for probe in hypothesis.probes:
        low, high = probe.tolerance.range
        found = measure(probe.measure, facts)
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
