"""The population stability index of a window against healthy values or labels."""

from __future__ import annotations

from math import log

import numpy as np

from observability.detectors.detector import DetectorKind, Setup, Sliding, Value

_DECILES = slice(10, 100, 10)
_PRIOR = 0.5
_OTHER = ""


class PopulationStability:
    """Tells the index over healthy deciles, or over labels by their share.

    Half a value is added to every bin of both sides, so that an empty one
    does not make the index infinite. Labels never seen on healthy requests
    are one bin together.
    """

    def __init__(self, setup: Setup) -> None:
        reference = setup.reference
        self._labels = {label: place for place, label in enumerate([*reference.shares, _OTHER])}
        self._edges = np.empty(0)
        if reference.shares:
            shares = [*reference.shares.values(), 0.0]
        else:
            quantiles = np.asarray(reference.quantiles or (0.0,))
            self._edges = np.unique(quantiles[_DECILES])
            below = np.searchsorted(quantiles, self._edges, side="right") - 1
            at = np.concatenate(([0.0], below / max(1, len(quantiles) - 1), [1.0]))
            shares = np.diff(at).tolist()
        whole = reference.count + _PRIOR * len(shares)
        self._healthy = [(share * reference.count + _PRIOR) / whole for share in shares]
        self._counts = [0] * len(shares)
        self._values = Sliding(setup.window)

    @property
    def count(self) -> int:
        return len(self._values)

    @property
    def statistic(self) -> float:
        if not self._values:
            return float("nan")
        whole = len(self._values) + _PRIOR * len(self._counts)
        index = 0.0
        for count, healthy in zip(self._counts, self._healthy, strict=True):
            share = (count + _PRIOR) / whole
            index += (share - healthy) * log(share / healthy)
        return index

    def update(self, value: Value, time_ns: int) -> None:
        self._counts[self._bin(value)] += 1
        for left in self._values.push(value, time_ns):
            self._counts[self._bin(left)] -= 1

    def reset(self) -> None:
        self._values.clear()
        self._counts = [0] * len(self._healthy)

    def _bin(self, value: Value) -> int:
        if isinstance(value, str):
            return self._labels.get(value, len(self._counts) - 1)
        return int(self._edges.searchsorted(value))


DETECTOR = DetectorKind(
    name="psi",
    describes="the population stability index over healthy deciles or labels",
    source="Siddiqi, Credit Risk Scorecards (2006); Yurdakul, Western Michigan University (2018)",
    make=PopulationStability,
    floor=lambda setup: 0.1,
    windowed=True,
    shape=True,
    labels=True,
)
