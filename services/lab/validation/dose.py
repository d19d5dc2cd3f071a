"""Whether a curve over severities only goes one way, as well as the data can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

_RESAMPLES = 2_000
LEVEL = 0.05

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dose:
    """Means by severity, the best curve that only goes one way, and how the two compare.

    ``p_value`` is the chance of a gap between them as large as this one if the
    truth goes one way.
    """

    severities: tuple[float, ...]
    means: tuple[float, ...]
    isotonic: tuple[float, ...]
    p_value: float

    @property
    def monotone(self) -> bool:
        """Tell whether the one-way curve explains the data as well as a free one."""
        return self.p_value >= LEVEL


def dose_response(
    severities: Sequence[float], values: Sequence[Sequence[float]], *, rising: bool, seed: int = 0
) -> Dose:
    """Fit a curve that only rises (or falls) to the mean over the same requests at each severity.

    ``values[i][j]`` is request j at severity i. The null distribution comes from
    drawing requests with replacement, with each severity's mean moved onto the
    one-way curve; requests are drawn whole, since those of one request resemble
    each other. Raises ``ValueError`` unless each severity has as many requests.

    Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order
    Restrictions, 1972; Efron and Tibshirani, An Introduction to the Bootstrap, 1993.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or len(table) != len(severities):
        raise ValueError("each severity needs a value for each request")
    # A request without a value somewhere, e.g. one that was refused, cannot be compared.
    table = table[:, ~np.isnan(table).any(axis=0)]
    if table.shape[1] == 0:
        nothing = tuple(float("nan") for _ in severities)
        return Dose(tuple(severities), nothing, nothing, float("nan"))
    means = table.mean(axis=1)
    curve = _one_way(means, rising)
    observed = _gap(means, rising)
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, table.shape[1], size=(_RESAMPLES, table.shape[1]))
    moved = table - means[:, None] + curve[:, None]
    drawn = np.stack([moved[i][rows].mean(axis=1) for i in range(len(table))], axis=1)
    gaps = np.array([_gap(one, rising) for one in drawn])
    p_value = float((gaps >= observed - 1e-12).mean())
    return Dose(tuple(severities), tuple(means.tolist()), tuple(float(v) for v in curve), p_value)


def _one_way(means: Numbers, rising: bool) -> Numbers:
    fitted: Numbers = isotonic_regression(means, increasing=rising).x
    return fitted


def _gap(means: Numbers, rising: bool) -> float:
    return float(((means - _one_way(means, rising)) ** 2).sum())
