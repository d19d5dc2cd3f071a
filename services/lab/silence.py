"""Whether a fault is silent, by definition: green everywhere, and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from observability import statistics
from observability.statistics import Estimate
from services.lab.measure import Arm
from services.lab.measures import MEASURES_BY_KEY, accuracy_lost, asks_otherwise, exposed_pairs

LATENCY_ALLOWED = 1.25
"""How many times the healthy 95th percentile of latency a silent fault may have."""


class Monitored(Protocol):
    """A request as far as infrastructure monitoring sees how it ended."""

    @property
    def status(self) -> int:
        """Return the HTTP status of the response."""
        ...

    @property
    def error_spans(self) -> int:
        """Return how many spans have the status ERROR."""
        ...


@dataclass(frozen=True, slots=True)
class Lights:
    """What infrastructure monitoring sees of a run, held against the healthy one.

    ``errors`` and ``errors_healthy`` are the shares of requests that failed;
    ``latency_ratio`` is of the 95th percentiles.
    """

    all_answered: bool
    error_spans: int
    errors: Estimate
    errors_healthy: Estimate
    latency_ratio: float

    @property
    def free_of_errors(self) -> bool:
        """Tell whether all is answered, no span failed and the error rate is not higher."""
        return self.all_answered and not self.error_spans and not self.error_rate_higher

    @property
    def error_rate_higher(self) -> bool:
        """Tell whether more requests failed than in the healthy run."""
        # Not turned around: shares of no requests are nan, which is no clean run.
        return not self.errors.value <= self.errors_healthy.value

    @property
    def steady(self) -> bool:
        """Tell whether the 95th percentile of latency is within what is allowed."""
        return self.latency_ratio <= LATENCY_ALLOWED

    @property
    def all_green(self) -> bool:
        """Tell whether infrastructure monitoring has nothing to report."""
        return self.free_of_errors and self.steady


@dataclass(frozen=True, slots=True)
class Silence:
    """What decides whether an arm is silent."""

    lights: Lights
    accuracy_apart: bool

    @property
    def green(self) -> bool:
        """Tell whether infrastructure monitoring has nothing to report."""
        return self.lights.all_green

    @property
    def silent(self) -> bool:
        """Tell whether answers are worse, interval against interval, while all is green."""
        return self.green and self.accuracy_apart


def lights(run: Sequence[Monitored], healthy: Sequence[Monitored], latency_ratio: float) -> Lights:
    """Return what monitoring sees of a run's requests beside those of the healthy run."""
    return Lights(
        all_answered=all(request.status == 200 for request in run),
        error_spans=sum(request.error_spans for request in run),
        errors=_errors(run),
        errors_healthy=_errors(healthy),
        latency_ratio=latency_ratio,
    )


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
        lights(arm.outcomes, healthy.outcomes, _p95(arm) / _p95(healthy)), accuracy_apart=apart
    )


def _errors(requests: Sequence[Monitored]) -> Estimate:
    failed = sum(request.status != 200 or request.error_spans > 0 for request in requests)
    return statistics.rate(failed, len(requests))


def _p95(arm: Arm) -> float:
    return MEASURES_BY_KEY["latency_p95"].estimate(arm.outcomes).value
