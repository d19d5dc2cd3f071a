"""The cumulative sum of what values are above (or below) the healthy mean."""

from __future__ import annotations

from observability.detectors.detector import DetectorKind, OffHealthy, Parameter, Setup, Value


class Cusum(OffHealthy):
    """Tells the tabular cumulative sum, in healthy standard deviations."""

    _high: float
    _low: float

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._slack = setup.parameters["slack"]
        self._limit = setup.parameters["limit"]
        self.reset()

    @property
    def statistic(self) -> float:
        if not self.count:
            return float("nan")
        high = self._high if self._up else 0.0
        return max(high, self._low) if self._down else high

    def update(self, value: Value, time_ns: int) -> None:
        off = self._off(value)
        self._high = min(self._limit, max(0.0, self._high + off - self._slack))
        self._low = min(self._limit, max(0.0, self._low - off - self._slack))
        self.count += 1

    def reset(self) -> None:
        self._high = 0.0
        self._low = 0.0
        self.count = 0


DETECTOR = DetectorKind(
    name="cusum",
    describes="the cumulative sum beyond a slack, in healthy standard deviations",
    source="Page, Biometrika 41 (1954) 100; Montgomery, Statistical Quality Control, ch. 9.1",
    make=Cusum,
    floor=lambda setup: 4.0,
    parameters={
        "slack": Parameter(0.5, 0.0, 10.0, "half the shift to be found, in standard deviations"),
        "limit": Parameter(1000.0, 5.0, 1e9, "the highest sum, so that it comes down again"),
    },
)
