"""The exponentially weighted moving average against the healthy mean."""

from __future__ import annotations

from observability.detectors.detector import DetectorKind, Parameter, Setup, Value


class Ewma:
    """Tells how many of its own standard errors the average is off the healthy mean."""

    _average: float
    _decay: float
    _count: int

    def __init__(self, setup: Setup) -> None:
        self._direction = setup.direction
        self._centre = setup.reference.mean
        self._spread = setup.reference.spread
        self._weight = setup.parameters["weight"]
        self.reset()

    @property
    def count(self) -> int:
        return self._count

    @property
    def statistic(self) -> float:
        if not self._count:
            return float("nan")
        weight = self._weight
        # The variance of the average while it starts, not only in the long run.
        variance = weight / (2 - weight) * (1 - self._decay)
        off: float = self._average / variance**0.5
        if self._direction == "both":
            return abs(off)
        return off if self._direction == "up" else -off

    def update(self, value: Value, time_ns: int) -> None:
        off = (float(value) - self._centre) / self._spread
        self._average += self._weight * (off - self._average)
        self._decay *= (1 - self._weight) ** 2
        self._count += 1

    def reset(self) -> None:
        self._average = 0.0
        self._decay = 1.0
        self._count = 0


DETECTOR = DetectorKind(
    name="ewma",
    describes="the exponentially weighted mean, in its own standard errors off the healthy mean",
    source="Roberts, Technometrics 1 (1959) 239; Lucas and Saccucci, Technometrics 32 (1990) 1",
    make=Ewma,
    floor=lambda setup: 3.0,
    parameters={"weight": Parameter(0.1, 0.001, 1.0, "of the newest value; 0.1 is usual")},
)
