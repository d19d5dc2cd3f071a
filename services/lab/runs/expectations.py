"""Holds what a run came out with against the numbers that its scenario expects."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from observability import statistics
from observability.statistics import Estimate
from services.lab.runs import tally
from services.lab.runs.expecting import Closeness, Expectation
from services.lab.runs.fields import SECOND_NS
from services.lab.runs.scenario import Scenario
from services.lab.runs.seen import Seen, number_of, says

Judgement = Literal["inside", "outside", "nothing measured"]

SHARES = frozenset(
    {
        "wrong_given_rate",
        "reworded_rate",
        "answer_says",
        "cites_types",
        "retrieves_types",
        "retrieves_documents",
        "calls_tools",
        "passes_agents",
        "culprit_layers",
        "culprit_agents",
    }
)
"""The measures of single requests that are shares of requests."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation beside what was measured, with its 95 % interval."""

    expectation: Expectation
    found: Estimate

    @property
    def judgement(self) -> Judgement:
        """Return whether the measured number is as near as it should be."""
        if math.isnan(self.found.value):
            return "nothing measured"
        near = is_near(self.found.value, self.expectation.published, self.expectation.tolerance)
        return "inside" if near else "outside"


def expected_of(scenario: Scenario, seen: Iterable[Seen]) -> tuple[Expected, ...]:
    """Return every expectation of a scenario beside what the requests of a run come out with.

    A point estimate decides; the interval beside it says how much a run of that
    length can tell.
    """
    gathering = [_Gathering(scenario, each) for each in scenario.expect]
    for one in seen:
        for each in gathering:
            each.add(one)
    return tuple(Expected(each.expectation, each.estimate()) for each in gathering)


def is_near(value: float, published: float, tolerance: Closeness) -> bool:
    """Tell whether a number is within its tolerance of the published one."""
    # A hair more is allowed, so that what is exactly at the edge in decimals is inside.
    hair = 1e-9 * max(1.0, abs(published))
    if tolerance.type == "at_least":
        return value >= published - hair
    if tolerance.type == "at_most":
        return value <= published + hair
    by = (tolerance.value or 0.0) / 100
    allowed = by if tolerance.type == "points" else by * abs(published)
    return abs(value - published) <= allowed + hair


def is_share(measure: str) -> bool:
    """Tell whether a measure is a share of requests."""
    return measure in SHARES or tally.is_rate(measure)


@dataclass(slots=True)
class _Sample:
    """The requests of an arm and a stretch of time, of which only numbers and answers are kept."""

    scenario: Scenario
    expectation: Expectation
    arm: str
    after: float
    before: float
    values: list[float] = field(default_factory=list)
    answers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, seen: Seen) -> None:
        expectation, measure = self.expectation, self.expectation.measure
        at = (seen.fact.at_ns - self.scenario.start_ns) / SECOND_NS
        if seen.truth.arm != self.arm or not self.after <= at < self.before:
            return
        if expectation.families and seen.truth.family not in expectation.families:
            return
        route = seen.row.route if seen.row else None
        if expectation.routes and route not in expectation.routes:
            return
        things = frozenset(expectation.of)
        if measure == "reworded_rate":
            self.answers[seen.truth.question][seen.truth.given] += 1
        elif measure == "answer_says":
            self.values.append(float(says(seen.truth.given, things)))
        elif tally.is_known(measure):
            self.values.append(tally.value_of(measure, seen.fact))
        else:
            self.values.append(number_of(measure, things, seen))

    def numbers(self) -> Sequence[float]:
        """Return one number for each request."""
        if self.expectation.measure != "reworded_rate":
            return self.values
        found: list[float] = []
        for answers in self.answers.values():
            usual = max(answers.values())
            found += [0.0] * usual + [1.0] * (answers.total() - usual)
        return found


class _Gathering:
    """Adds up what one expectation is about."""

    def __init__(self, scenario: Scenario, expectation: Expectation) -> None:
        self.expectation = expectation
        before = math.inf if expectation.before is None else expectation.before
        self._one = _Sample(scenario, expectation, expectation.arm, expectation.after, before)
        self._other: _Sample | None = None
        against = expectation.against
        if against is not None:
            self._other = _Sample(
                scenario,
                expectation,
                against.arm or expectation.arm,
                expectation.after if against.after is None else against.after,
                before if against.before is None else against.before,
            )

    def add(self, seen: Seen) -> None:
        self._one.add(seen)
        if self._other is not None:
            self._other.add(seen)

    def estimate(self) -> Estimate:
        measure = self.expectation.measure
        values, share = self._one.numbers(), tally.quantile_of(measure)
        against = self.expectation.against
        if against is not None and self._other is not None:
            return statistics.compared(values, self._other.numbers(), against.compare, share)
        if is_share(measure):
            kept = [value for value in values if not math.isnan(value)]
            return statistics.rate(round(sum(kept)), len(kept))
        return statistics.mean(values) if share is None else statistics.quantile(values, share)


def as_json(found: Sequence[Expected]) -> list[dict[str, Any]]:
    """Return expectations and what was measured as JSON; what is undefined is null."""
    return [
        {
            **one.expectation.model_dump(mode="json", exclude_defaults=True),
            "measured": None if math.isnan(one.found.value) else one.found.value,
            "low": None if math.isnan(one.found.low) else one.found.low,
            "high": None if math.isnan(one.found.high) else one.found.high,
            "n": one.found.n,
            "judgement": one.judgement,
        }
        for one in found
    ]
