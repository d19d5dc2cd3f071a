"""Kolmogorov and Smirnov's distance between a window and healthy values."""

from __future__ import annotations

from math import sqrt

import numpy as np

from observability.detectors.detector import DetectorKind, Setup, Sliding, Value


class KolmogorovSmirnov:
    """Tells the largest distance between the two distributions times the root of the count.

    Healthy values are known by their percentiles, so the distance is looked at
    in those places; it can be short of the full one by 0.01.
    """

    def __init__(self, setup: Setup) -> None:
        self._direction = setup.direction
        quantiles = np.asarray(setup.reference.quantiles or (0.0,))
        self._grid = np.unique(quantiles)
        # At a value that many percentiles share the distribution has a step.
        below = np.searchsorted(quantiles, self._grid, side="right")
        self._healthy = np.maximum(0, below - 1) / max(1, len(quantiles) - 1)
        self._healthy[-1] = 1.0
        self._values = Sliding(setup.window)
        self._counts = np.zeros(len(self._grid) + 1)

    @property
    def count(self) -> int:
        return len(self._values)

    @property
    def statistic(self) -> float:
        count = len(self._values)
        if not count:
            return float("nan")
        ahead = self._healthy - self._counts[:-1].cumsum() / count
        up = float(ahead.max()) if self._direction != "down" else 0.0
        down = -float(ahead.min()) if self._direction != "up" else 0.0
        return max(up, down, 0.0) * sqrt(count)

    def update(self, value: Value, time_ns: int) -> None:
        self._counts[self._grid.searchsorted(float(value))] += 1
        for left in self._values.push(value, time_ns):
            self._counts[self._grid.searchsorted(float(left))] -= 1

    def reset(self) -> None:
        self._values.clear()
        self._counts[:] = 0


DETECTOR = DetectorKind(
    name="ks",
    describes="the largest distance between the window's and the healthy distribution, times √n",
    source="Massey, Journal of the American Statistical Association 46 (1951) 68",
    make=KolmogorovSmirnov,
    floor=lambda setup: 1.36,
    windowed=True,
    shape=True,
)
