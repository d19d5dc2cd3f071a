"""The mean of a window against a bound."""

from __future__ import annotations

from observability.detectors.detector import DetectorKind, Setup, Sliding, Value

_SDS = 3.0


class WindowMean:
    """Tells the mean (``up``), the mean turned round (``down``), or its distance from health."""

    def __init__(self, setup: Setup) -> None:
        self._direction = setup.direction
        self._centre = setup.reference.mean
        self._values = Sliding(setup.window)
        self._sum = 0.0
        self._since = 0

    @property
    def count(self) -> int:
        return len(self._values)

    @property
    def statistic(self) -> float:
        if not self._values:
            return float("nan")
        mean = self._sum / len(self._values)
        if self._direction == "up":
            return mean
        return -mean if self._direction == "down" else abs(mean - self._centre)

    def update(self, value: Value, time_ns: int) -> None:
        self._sum += float(value)
        for left in self._values.push(value, time_ns):
            self._sum -= float(left)
        self._since += 1
        if self._since == 1000:
            # What adding and taking away leaves in the last digits does not pile up.
            self._since = 0
            self._sum = self._values.total()

    def reset(self) -> None:
        self._values.clear()
        self._sum = 0.0
        self._since = 0


def _floor(setup: Setup) -> float:
    """Three standard errors of the window's mean off the healthy one."""
    off = _SDS * setup.reference.spread / setup.window.size**0.5
    centre = {"up": 1.0, "down": -1.0, "both": 0.0}[setup.direction] * setup.reference.mean
    return float(centre + off)


DETECTOR = DetectorKind(
    name="mean",
    describes="the mean of the window",
    source="moving average chart: Montgomery, Introduction to Statistical Quality Control, ch. 9",
    make=WindowMean,
    floor=_floor,
    windowed=True,
    reference="both",
)
