"""Estimates with 95 % intervals; what is undefined is ``nan``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

CONFIDENCE = 0.95
_Z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
_RESAMPLES = 2000
_DRAWS = 4_000_000  # drawn at a time, so that memory does not grow with the observations

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, its 95 % interval and from how many observations it comes."""

    value: float
    low: float
    high: float
    n: int

    def apart_from(self, other: Estimate) -> bool:
        """Tell whether the two intervals have nothing in common; false where one is undefined."""
        return self.high < other.low or other.high < self.low


NOTHING = Estimate(math.nan, math.nan, math.nan, 0)


def rate(successes: int, n: int) -> Estimate:
    """Return a share with its Wilson interval, e.g. 0.95 for 19 of 20.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927).
    """
    if n == 0:
        return NOTHING
    interval = stats.binomtest(successes, n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(successes / n, float(interval.low), float(interval.high), n)


def mean(values: Sequence[float], seed: int = 0) -> Estimate:
    """Return a mean with its percentile bootstrap interval; ``nan`` values are left out."""
    kept = np.array([value for value in values if not math.isnan(value)], dtype=np.float64)
    return _bootstrapped(kept, lambda x: np.mean(x, axis=-1), seed)


def quantile(values: Sequence[float], share: float) -> Estimate:
    """Return a quantile with an interval of order statistics, free of any distribution.

    The interval's ends are the observations whose ranks are the binomial
    quantiles at 2.5 % and 97.5 %; with few observations it is the range.
    """
    ordered = np.sort(np.array([v for v in values if not math.isnan(v)], dtype=np.float64))
    n = len(ordered)
    if n == 0:
        return NOTHING
    tail = (1 - CONFIDENCE) / 2
    low = int(stats.binom.ppf(tail, n, share)) - 1
    high = int(stats.binom.ppf(1 - tail, n, share))
    return Estimate(
        float(np.quantile(ordered, share)),
        float(ordered[max(low, 0)]),
        float(ordered[min(high, n - 1)]),
        n,
    )


def spread(values: Sequence[float]) -> float:
    """Return the standard deviation of values, ``nan`` left out; 0 for fewer than two."""
    kept = [value for value in values if not math.isnan(value)]
    return float(np.std(kept, ddof=1)) if len(kept) > 1 else 0.0


def paired_difference(after: Sequence[float], before: Sequence[float], seed: int = 0) -> Estimate:
    """Return the mean of the differences of pairs with its percentile bootstrap interval.

    A pair with a ``nan`` is left out. Raises ``ValueError`` for lists of
    different length.
    """
    pairs = zip(after, before, strict=True)
    gaps = [a - b for a, b in pairs if not (math.isnan(a) or math.isnan(b))]
    return mean(gaps, seed)


def difference(one: Sequence[float], other: Sequence[float], seed: int = 0) -> Estimate:
    """Return the difference of two independent means with its percentile bootstrap interval."""
    a = np.array([v for v in one if not math.isnan(v)], dtype=np.float64)
    b = np.array([v for v in other if not math.isnan(v)], dtype=np.float64)
    if not len(a) or not len(b):
        return NOTHING
    rng = np.random.default_rng(seed)
    gaps = _resampled_means(a, rng) - _resampled_means(b, rng)
    low, high = _middle(gaps)
    return Estimate(float(a.mean() - b.mean()), low, high, min(len(a), len(b)))


def compared(
    one: Sequence[float],
    other: Sequence[float],
    how: Literal["ratio", "difference"],
    share: float | None = None,
    seed: int = 0,
) -> Estimate:
    """Return how two independent samples compare, with its percentile bootstrap interval.

    Their means are compared, or the quantiles at ``share``. ``nan`` values are
    left out; where there is nothing to compare or to divide by, so is the result.
    """

    def statistic(values: Numbers) -> Numbers:
        if share is None:
            return np.mean(values, axis=-1)  # type: ignore[no-any-return,unused-ignore]
        return np.quantile(values, share, axis=-1)  # type: ignore[no-any-return,unused-ignore]

    a = np.array([v for v in one if not math.isnan(v)], dtype=np.float64)
    b = np.array([v for v in other if not math.isnan(v)], dtype=np.float64)
    if not len(a) or not len(b) or (how == "ratio" and not statistic(b)):
        return NOTHING
    rng = np.random.default_rng(seed)
    ours, theirs = (_resampled(values, statistic, rng) for values in (a, b))
    point = _gap(how, statistic(a), statistic(b))
    gaps = _gap(how, ours, theirs)
    # A resample of nothing but zeros has no ratio.
    low, high = _middle(gaps[np.isfinite(gaps)])
    return Estimate(float(point), low, high, min(len(a), len(b)))


def _gap(how: str, one: Numbers, other: Numbers) -> Numbers:
    if how == "difference":
        return one - other
    with np.errstate(divide="ignore", invalid="ignore"):
        return one / other


def difference_within_groups(
    one: Iterable[tuple[str, bool]], other: Iterable[tuple[str, bool]]
) -> Estimate:
    """Return the difference of two independent rates as if both had the groups of the first.

    Each value comes with its group's name; a group that only one of them has
    is left out. The interval is the normal one with the spread that there is if
    the two do not differ: that of each group's pooled rate.
    W. G. Cochran, Biometrics 10 (1954).
    """
    a, b = _by_group(one), _by_group(other)
    common = [name for name in sorted(a) if name in b]
    n = sum(len(a[name]) for name in common)
    gap = variance = 0.0
    for name in common:
        share = len(a[name]) / n
        gap += share * (sum(a[name]) / len(a[name]) - sum(b[name]) / len(b[name]))
        variance += share**2 * _spread_of_gap(a[name], b[name])
    if not n:
        return NOTHING
    half = _Z * math.sqrt(variance)
    return Estimate(gap, gap - half, gap + half, n)


def _by_group(values: Iterable[tuple[str, bool]]) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for name, value in values:
        found.setdefault(name, []).append(value)
    return found


def _spread_of_gap(one: Sequence[bool], other: Sequence[bool]) -> float:
    n = len(one) + len(other)
    pooled = (sum(one) + sum(other)) / n
    return pooled * (1 - pooled) * n / (n - 1) * (1 / len(one) + 1 / len(other))


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10, seed: int = 0
) -> Estimate:
    """Return the expected calibration error with its percentile bootstrap interval.

    Confidences (0 to 1) are put into ``bins`` equal widths; the error is the
    mean gap between confidence and share right in a bin, weighted by its
    size. Raises ``ValueError`` for lists of different length. With few
    observations a bin the estimate is too high, and so is its interval.

    M. P. Naeini et al., Proceedings of AAAI 2015; C. Guo et al., ICML 2017.
    """
    if len(confidences) != len(right):
        raise ValueError("as many confidences as judgements are needed")
    if not len(confidences):
        return NOTHING
    stated = np.asarray(confidences, dtype=np.float64)
    gaps = stated - np.asarray(right, dtype=np.float64)
    places = np.minimum((stated * bins).astype(np.intp), bins - 1)

    def error(rows: npt.NDArray[np.intp]) -> float:
        sums = np.bincount(places[rows], weights=gaps[rows], minlength=bins)
        return float(np.abs(sums).sum() / len(rows))

    everything = np.arange(len(stated))
    if len(stated) == 1:
        return Estimate(error(everything), math.nan, math.nan, 1)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(stated), size=(_RESAMPLES, len(stated)))
    low, high = _middle(np.array([error(rows) for rows in drawn]))
    return Estimate(error(everything), low, high, len(stated))


def _bootstrapped(values: Numbers, statistic: Callable[[Numbers], Numbers], seed: int) -> Estimate:
    if not len(values):
        return NOTHING
    point = float(statistic(values))
    if len(values) == 1:
        return Estimate(point, math.nan, math.nan, 1)
    low, high = _middle(_resampled(values, statistic, np.random.default_rng(seed)))
    return Estimate(point, low, high, len(values))


def _resampled(
    values: Numbers, statistic: Callable[[Numbers], Numbers], rng: np.random.Generator
) -> Numbers:
    at_once = max(1, _DRAWS // len(values))
    return np.concatenate(
        [
            statistic(values[rng.integers(0, len(values), size=(min(at_once, left), len(values)))])
            for left in range(_RESAMPLES, 0, -at_once)
        ]
    )


def _resampled_means(values: Numbers, rng: np.random.Generator) -> Numbers:
    rows = rng.integers(0, len(values), size=(_RESAMPLES, len(values)))
    means: Numbers = values[rows].mean(axis=1)
    return means


def _middle(values: Numbers) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, (tail, 1 - tail))
    return float(low), float(high)
