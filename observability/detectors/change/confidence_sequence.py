"""A confidence sequence for a bounded mean: how surely it has left the healthy mean behind.

Waudby-Smith and Ramdas, "Estimating means of bounded random variables by
betting", Journal of the Royal Statistical Society B 86 (2024) 1, theorem 2
(predictable plug-in empirical Bernstein), after Howard et al., Annals of
Statistics 49 (2021) 1055. With weights λ and v = (x - previous mean)², the
healthy mean m lies below the sequence at level α as soon as
Σ λ(x - m) - Σ v(-ln(1 - λ) - λ) ≥ ln(1/α), at whatever time one looks; the left
side is the statistic.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, log1p, sqrt

from observability.detectors.detector import DetectorKind, Parameter, Setup, Value

_MOST = 0.75
_ALPHA = 0.01
_FULL = 2.0 * log(2.0 / _ALPHA)


class _Sequence:
    """One sequence of values from 0 to 1."""

    def __init__(self, centre: float) -> None:
        self._centre = centre
        self.reset()

    def reset(self) -> None:
        self.count = 0
        self._mean = 0.5
        self._sum = 0.5
        self._squares = 0.25
        self._drift = 0.0
        self._noise = 0.0

    def update(self, value: float) -> None:
        self.count = count = self.count + 1
        variance = self._squares / count
        weight = min(_MOST, sqrt(_FULL / (variance * count * log1p(count))))
        off = value - self._mean
        self._drift += weight * (value - self._centre)
        self._noise += off * off * (-log1p(-weight) - weight)
        self._sum += value
        self._mean = self._sum / (count + 1)
        self._squares += (value - self._mean) ** 2

    @property
    def above(self) -> float:
        return self._drift - self._noise

    @property
    def below(self) -> float:
        return -self._drift - self._noise


class ConfidenceSequence:
    """Tells ln(1/α) of the surest level α at which the healthy mean is left out.

    A sequence of all values would take as long to see a change as it has seen
    none before; so each is begun anew after ``restart`` values, and two of them
    run half of that apart.
    """

    def __init__(self, setup: Setup) -> None:
        self._direction = setup.direction
        self._low = setup.parameters["low"]
        self._width = setup.parameters["high"] - self._low
        self._restart = int(setup.parameters["restart"])
        centre = self._scaled(setup.reference.mean)
        self._sequences = (_Sequence(centre), _Sequence(centre))
        self.reset()

    @property
    def count(self) -> int:
        return self._count

    @property
    def statistic(self) -> float:
        one, two = self._sequences
        above = max(one.above, two.above)
        below = max(one.below, two.below)
        if self._direction == "both":
            return max(above, below)
        return above if self._direction == "up" else below

    def update(self, value: Value, time_ns: int) -> None:
        scaled = self._scaled(float(value))
        one, two = self._sequences
        place = self._count % self._restart
        if place == 0:
            one.reset()
        if place == self._restart // 2:
            two.reset()
        one.update(scaled)
        two.update(scaled)
        self._count += 1

    def reset(self) -> None:
        self._count = 0
        for each in self._sequences:
            each.reset()

    def _scaled(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self._low) / self._width))


def _unfit(parameters: Mapping[str, float]) -> str:
    low, high = parameters["low"], parameters["high"]
    return "" if low < high else f"has low {low:g}, which is not below high {high:g}; correct them"


DETECTOR = DetectorKind(
    name="confidence_sequence",
    describes="how surely, as ln(1/α), the mean of a bounded value is not the healthy one",
    source="Waudby-Smith and Ramdas, JRSS B 86 (2024) 1; Howard et al., Ann. Stat. 49 (2021) 1055",
    make=ConfidenceSequence,
    floor=lambda setup: log(1 / 0.05),
    parameters={
        "low": Parameter(0.0, -1e12, 1e12, "the least value there can be; lower ones count as it"),
        "high": Parameter(1.0, -1e12, 1e12, "the highest there can be; higher ones count as it"),
        "restart": Parameter(500.0, 10.0, 1e6, "after how many values a sequence begins anew"),
    },
    unfit=_unfit,
)
