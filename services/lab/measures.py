"""What is compared between arms: what infrastructure monitoring sees, and what behaviour shows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from faults.fault import Seam
from faults.registry import catalogue
from observability import statistics
from observability.statistics import NOTHING, Estimate
from services.lab.measure import Arm
from services.lab.outcome import Outcome, uses

Unit = Literal["share", "ms", "number", "usd", "mb"]
Section = Literal["infrastructure", "behaviour"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the comparison: a number of one request, and how it is summed up.

    ``of`` gives a request's value, ``nan`` where it has none. ``quantile``
    asks for that quantile instead of the mean.
    """

    key: str
    label: str
    section: Section
    unit: Unit
    of: Callable[[Outcome], float]
    quantile: float | None = None

    def estimate(self, outcomes: Sequence[Outcome]) -> Estimate:
        """Return the measure over some outcomes with its 95 % interval."""
        return self.summarise([self.of(outcome) for outcome in outcomes])

    def summarise(self, of_requests: Sequence[float]) -> Estimate:
        """Return the measure over requests' values, of which ``nan`` are left out."""
        values = [value for value in of_requests if not math.isnan(value)]
        if self.unit == "share" and all(value in (0.0, 1.0) for value in values):
            return statistics.rate(int(sum(values)), len(values))
        if self.quantile is not None:
            return statistics.quantile(values, self.quantile)
        return statistics.mean(values)

    def shift(self, outcomes: Sequence[Outcome], healthy: Sequence[Outcome]) -> Estimate:
        """Return by how much an arm differs from the healthy one, question by question."""
        return statistics.paired_difference(
            [self.of(outcome) for outcome in outcomes], [self.of(outcome) for outcome in healthy]
        )


MEASURES: tuple[Measure, ...] = (
    Measure(
        "availability",
        "availability",
        "infrastructure",
        "share",
        lambda o: float(o.status < 500),
    ),
    Measure(
        "error_rate",
        "error rate",
        "infrastructure",
        "share",
        lambda o: float(o.status >= 400 or o.error_spans > 0),
    ),
    Measure("latency_p50", "latency p50", "infrastructure", "ms", lambda o: o.latency_ms, 0.5),
    Measure("latency_p95", "latency p95", "infrastructure", "ms", lambda o: o.latency_ms, 0.95),
    Measure(
        "first_token",
        "time to first token",
        "behaviour",
        "ms",
        lambda o: o.first_token_ms,
    ),
    Measure("accuracy", "answers right", "behaviour", "share", lambda o: float(o.correct)),
    Measure("abstentions", "abstentions", "behaviour", "share", lambda o: float(o.abstained)),
    Measure(
        "overconfidence",
        "confidence less rightness",
        "behaviour",
        "number",
        lambda o: o.confidence - o.correct,
    ),
    Measure("similarity", "top-1 similarity", "behaviour", "number", lambda o: o.top1_similarity),
    Measure("groundedness", "groundedness", "behaviour", "number", lambda o: o.groundedness),
    Measure("cited", "answers that cite", "behaviour", "share", lambda o: float(o.citations > 0)),
    Measure("context", "context tokens", "behaviour", "number", lambda o: o.context_tokens),
    Measure("tokens", "tokens", "behaviour", "number", lambda o: o.tokens),
    Measure("cost", "cost", "behaviour", "usd", lambda o: o.cost_usd),
    Measure("tools", "tool calls", "behaviour", "number", lambda o: o.tools),
    Measure("agents", "agents", "behaviour", "number", lambda o: o.agents),
    Measure("approvals", "approved by the validator", "behaviour", "share", lambda o: o.approved),
    Measure("reviews", "human reviews", "behaviour", "share", lambda o: float(o.review)),
)

MEASURES_BY_KEY = {measure.key: measure for measure in MEASURES}


def exposed_accuracy(arm: Arm, healthy: Arm) -> Estimate:
    """Return an arm's accuracy on the questions whose healthy run uses the faulty part.

    The healthy run decides, since a fault may keep a later part from being
    reached. For a healthy arm that is every question.
    """
    right = [outcome.correct for outcome in exposed(arm, healthy)]
    return statistics.rate(sum(right), len(right)) if right else NOTHING


def exposed(arm: Arm, healthy: Arm) -> list[Outcome]:
    """Return an arm's outcomes of questions whose healthy run uses one of its faulty parts."""
    return [outcome for outcome, _ in exposed_pairs(arm, healthy)]


def exposed_pairs(arm: Arm, healthy: Arm) -> list[tuple[Outcome, Outcome]]:
    """Return those outcomes with what the healthy arm made of the request in the same place.

    That is the twin unless other things are asked in the arm.
    """
    seams = [catalogue().get(fault.id).seam for fault in arm.plan.everything()]
    return [
        (outcome, twin)
        for outcome, twin in zip(arm.outcomes, healthy.outcomes, strict=True)
        if not seams or any(uses(twin, seam) for seam in seams)
    ]


def asks_otherwise(arm: Arm) -> bool:
    """Tell whether other things are asked in an arm than in the healthy one."""
    return any(catalogue().get(f.id).seam is Seam.TRAFFIC for f in arm.plan.everything())


def accuracy_lost(arm: Arm, healthy: Arm) -> Estimate:
    """Return by how much accuracy differs where the faulty part is used.

    The difference is that between twins, and where other things are asked,
    that within the families of questions.
    """
    pairs = exposed_pairs(arm, healthy)
    if asks_otherwise(arm):
        return statistics.difference_within_groups(
            [(outcome.family, outcome.correct) for outcome in arm.outcomes],
            [(outcome.family, outcome.correct) for outcome in healthy.outcomes],
        )
    return statistics.paired_difference(
        [float(outcome.correct) for outcome, _ in pairs],
        [float(twin.correct) for _, twin in pairs],
    )


def route_mix(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the share of each route among the answered requests, most frequent first."""
    counts = Counter(outcome.route for outcome in outcomes if outcome.route)
    return {route: count / counts.total() for route, count in counts.most_common()}


def status_codes(outcomes: Sequence[Outcome]) -> dict[int, int]:
    """Return how often each HTTP status occurred."""
    return dict(sorted(Counter(outcome.status for outcome in outcomes).items()))
