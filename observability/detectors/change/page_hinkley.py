"""Page and Hinkley's test: how far the sum of deviations has moved from its extreme."""

from __future__ import annotations

from observability.detectors.detector import DetectorKind, OffHealthy, Parameter, Setup, Value


class PageHinkley(OffHealthy):
    """Tells the test's statistic; deviations are from the stream's own mean so far.

    It is the same as that of ``river.drift.PageHinkley``, which keeps it to
    itself. Values are in healthy standard deviations, so that ``delta`` and
    thresholds mean the same for every signal.
    """

    _mean: float
    _rise: float
    _fall: float
    _least: float
    _most: float

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._delta = setup.parameters["delta"]
        self._memory = setup.parameters["memory"]
        self.reset()

    @property
    def statistic(self) -> float:
        if not self.count:
            return float("nan")
        rise = self._rise - self._least if self._up else 0.0
        return max(rise, self._most - self._fall) if self._down else rise

    def update(self, value: Value, time_ns: int) -> None:
        now = self._off(value)
        self.count += 1
        self._mean += (now - self._mean) / self.count
        off = now - self._mean
        self._rise = self._memory * self._rise + off - self._delta
        self._fall = self._memory * self._fall + off + self._delta
        self._least = min(self._least, self._rise)
        self._most = max(self._most, self._fall)

    def reset(self) -> None:
        self.count = 0
        self._mean = 0.0
        self._rise = 0.0
        self._fall = 0.0
        self._least = float("inf")
        self._most = -float("inf")


DETECTOR = DetectorKind(
    name="page_hinkley",
    describes="the distance of the summed deviations from their extreme",
    source="Page, Biometrika 41 (1954) 100; Hinkley, Biometrika 58 (1971) 509; as in river",
    make=PageHinkley,
    floor=lambda setup: 5.0,
    parameters={
        "delta": Parameter(0.1, 0.0, 10.0, "what is no change, in standard deviations"),
        "memory": Parameter(0.9999, 0.9, 1.0, "what is left of the sum with each value"),
    },
)
