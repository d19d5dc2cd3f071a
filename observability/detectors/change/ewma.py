"""The exponentially weighted moving average against the healthy mean."""

from __future__ import annotations

from observability.detectors.detector import DetectorKind, OffHealthy, Parameter, Setup, Value


class Ewma(OffHealthy):
    """Tells how many of its own standard errors the average is off the healthy mean."""

    _average: float
    _decay: float

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._weight = setup.parameters["weight"]
        self.reset()

    @property
    def statistic(self) -> float:
        if not self.count:
            return float("nan")
        weight = self._weight
        # The variance of the average while it starts, not only in the long run.
        variance = weight / (2 - weight) * (1 - self._decay)
        off: float = self._average / variance**0.5
        if self._up and self._down:
            return abs(off)
        return off if self._up else -off

    def update(self, value: Value, time_ns: int) -> None:
        off = self._off(value)
        self._average += self._weight * (off - self._average)
        self._decay *= (1 - self._weight) ** 2
        self.count += 1

    def reset(self) -> None:
        self._average = 0.0
        self._decay = 1.0
        self.count = 0


DETECTOR = DetectorKind(
    name="ewma",
    describes="the exponentially weighted mean, in its own standard errors off the healthy mean",
    source="Roberts, Technometrics 1 (1959) 239; Lucas and Saccucci, Technometrics 32 (1990) 1",
    make=Ewma,
    floor=lambda setup: 3.0,
    parameters={"weight": Parameter(0.1, 0.001, 1.0, "of the newest value; 0.1 is usual")},
)
