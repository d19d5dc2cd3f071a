"""Adds up facts one by one, so that a run of any length is summed up in little memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from observability import statistics
from observability.statistics import Estimate
from services.lab.runs.facts import Fact

_RATES: Mapping[str, Callable[[Fact], bool]] = {
    "accuracy": lambda fact: fact.correct,
    "abstention_rate": lambda fact: fact.abstained,
    "error_rate": lambda fact: fact.failed,
    "review_rate": lambda fact: fact.review,
}
_NUMBERS: Mapping[str, Callable[[Fact], float]] = {
    "latency_p50_ms": lambda fact: fact.latency_ms,
    "latency_p95_ms": lambda fact: fact.latency_ms,
    "tokens": lambda fact: fact.tokens,
    "cost_usd": lambda fact: fact.cost_usd,
    "groundedness": lambda fact: fact.groundedness,
    "top1_similarity": lambda fact: fact.top1_similarity,
}
_QUANTILES: Mapping[str, float] = {"latency_p50_ms": 0.5, "latency_p95_ms": 0.95}


class Tally:
    """Some of the scenario's measures over requests: a count, or eight bytes, of each request."""

    def __init__(self, measures: Iterable[str]) -> None:
        self.requests = 0
        self._counts: Counter[str] = Counter()
        self._numbers: dict[str, array[float]] = {}
        self._rates: list[str] = []
        for name in measures:
            if name in _RATES:
                self._rates.append(name)
            else:
                self._numbers[name] = array("d")

    def add(self, fact: Fact) -> None:
        """Count one request."""
        self.requests += 1
        for name in self._rates:
            self._counts[name] += _RATES[name](fact)
        for name, numbers in self._numbers.items():
            numbers.append(_NUMBERS[name](fact))

    def measure(self, name: str) -> Estimate:
        """Return one of the measures, with its 95 % interval."""
        if name not in self._numbers:
            return statistics.rate(self._counts[name], self.requests)
        if name in _QUANTILES:
            return statistics.quantile(self._numbers[name], _QUANTILES[name])
        return statistics.mean(self._numbers[name])


def value_of(name: str, fact: Fact) -> float:
    """Return what one request counts for in one of the scenario's measures, ``nan`` for nothing."""
    return float(_RATES[name](fact)) if name in _RATES else _NUMBERS[name](fact)


def is_known(name: str) -> bool:
    """Tell whether a measure is one of those that facts alone decide."""
    return name in _RATES or name in _NUMBERS


def is_rate(name: str) -> bool:
    """Tell whether a measure is a share of requests."""
    return name in _RATES


def quantile_of(name: str) -> float | None:
    """Return which quantile a measure is, None for a mean."""
    return _QUANTILES.get(name)


def measure(name: str, facts: Sequence[Fact]) -> Estimate:
    """Return one of the scenario's measures over some requests, with its 95 % interval."""
    tally = Tally([name])
    for fact in facts:
        tally.add(fact)
    return tally.measure(name)
