"""Whether a fault is silent, by definition: green everywhere, and wrong."""

from __future__ import annotations

from dataclasses import dataclass

from observability import statistics
from services.lab.measure import Arm
from services.lab.measures import accuracy_lost, asks_otherwise, exposed_pairs
from services.lab.outcome import Outcome

LATENCY_ALLOWED = 1.25
"""How many times the healthy 95th percentile of latency a silent fault may have."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What decides whether an arm is silent; ``latency_ratio`` is of the 95th percentiles."""

    all_answered: bool
    error_spans: int
    error_rate_higher: bool
    latency_ratio: float
    accuracy_apart: bool

    @property
    def green(self) -> bool:
        """Tell whether infrastructure monitoring has nothing to report."""
        return (
            self.all_answered
            and self.error_spans == 0
            and not self.error_rate_higher
            and self.latency_ratio <= LATENCY_ALLOWED
        )

    @property
    def silent(self) -> bool:
        """Tell whether answers are worse, interval against interval, while all is green."""
        return self.green and self.accuracy_apart


def silence(arm: Arm, healthy: Arm) -> Silence:
    """Return how silent an arm is; accuracy is taken where the faulty part is used."""
    pairs = exposed_pairs(arm, healthy)
    accuracy = statistics.rate(sum(o.correct for o, _ in pairs), len(pairs))
    before = statistics.rate(sum(twin.correct for _, twin in pairs), len(pairs))
    apart = accuracy.high < before.low
    if asks_otherwise(arm):
        # The questions are harder or easier as a whole, which no part is to blame for.
        apart = accuracy_lost(arm, healthy).high < 0
    return Silence(
        all_answered=all(outcome.status == 200 for outcome in arm.outcomes),
        error_spans=sum(outcome.error_spans for outcome in arm.outcomes),
        error_rate_higher=_errors(arm.outcomes) > _errors(healthy.outcomes),
        latency_ratio=_p95(arm) / _p95(healthy),
        accuracy_apart=apart,
    )


def _errors(outcomes: tuple[Outcome, ...]) -> int:
    return sum(outcome.status != 200 or outcome.error_spans > 0 for outcome in outcomes)


def _p95(arm: Arm) -> float:
    return statistics.quantile([outcome.latency_ms for outcome in arm.outcomes], 0.95).value
