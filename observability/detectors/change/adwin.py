"""A window that grows while nothing changes and is cut when something does (by river)."""

from __future__ import annotations

from typing import Any

from river.drift import ADWIN

from observability.detectors.detector import DetectorKind, Parameter, Setup, Value

_SDS = 6.0


class Adwin:
    """Tells 1 at the value with which river's ADWIN finds a change, else 0.

    ADWIN is made for values from 0 to 1, so six healthy standard deviations
    on either side of the healthy mean are brought onto that.
    """

    _count: int
    _drifted: bool

    def __init__(self, setup: Setup) -> None:
        self._direction = setup.direction
        self._delta = setup.parameters["delta"]
        self._low = setup.reference.mean - _SDS * setup.reference.spread
        self._width = 2 * _SDS * setup.reference.spread
        self.reset()

    @property
    def count(self) -> int:
        return self._count

    @property
    def statistic(self) -> float:
        return 1.0 if self._drifted else 0.0

    def update(self, value: Value, time_ns: int) -> None:
        before = self._window.estimation
        self._window.update(min(1.0, max(0.0, (float(value) - self._low) / self._width)))
        self._count += 1
        self._drifted = False
        if self._window.drift_detected:
            rose = self._window.estimation > before
            self._drifted = self._direction == "both" or rose == (self._direction == "up")

    def reset(self) -> None:
        self._window: Any = ADWIN(delta=self._delta)  # type: ignore[no-untyped-call]
        self._count = 0
        self._drifted = False


DETECTOR = DetectorKind(
    name="adwin",
    describes="whether two parts of an adaptive window have different means",
    source="Bifet and Gavaldà, SIAM International Conference on Data Mining (2007) 443; by river",
    make=Adwin,
    floor=lambda setup: 1.0,
    parameters={"delta": Parameter(0.002, 1e-9, 0.5, "the chance of a false cut at each look")},
    decides=True,
)
