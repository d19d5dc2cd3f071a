"""AUROC and average precision with intervals that respect which episode a request is of.

Scores of one episode's requests resemble each other, so whole episodes are
drawn again, not requests. Episodes of one seed share their questions and their
healthy traffic, which is not accounted for: intervals are somewhat too narrow.
To draw often at little cost, each episode is put as
two histograms over the same bins: every distinct score is one, or else each of
2,048 equally full ones, which moves an interval's end by less than 0.001.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from observability.statistics import CONFIDENCE, Estimate

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_RESAMPLES: Final = 1000
_BINS: Final = 2048
_TAIL: Final = (1 - CONFIDENCE) / 2


class Order:
    """Scores of requests (higher is worse) and which episode each is of, sorted once.

    Requests without a score are left out of everything: ``told`` says of all
    requests whether they have one.
    """

    def __init__(self, scores: Numbers, groups: npt.NDArray[np.intp]) -> None:
        self.told = ~np.isnan(scores)
        self.scores = scores[self.told]
        self.values, self.places = np.unique(self.scores, return_inverse=True)
        self.names, self.groups = np.unique(groups[self.told], return_inverse=True)

    def counts(self, of: Flags) -> Numbers:
        """Return how many of some requests have each distinct score, by rising score."""
        found = np.bincount(self.places, weights=of, minlength=len(self.values))
        return np.asarray(found, dtype=np.float64)

    @cached_property
    def _cells(self) -> npt.NDArray[np.intp]:
        """The place of each request in a table of episodes by bins."""
        places = self.places
        if len(self.values) > _BINS:
            below = np.cumsum(np.bincount(self.places))
            places = ((below - 1) * _BINS // below[-1])[self.places]
        return np.asarray(self.groups * self._bins + places)

    @property
    def _bins(self) -> int:
        return min(len(self.values), _BINS)

    def resampled(self, of: Flags, seed: int) -> Numbers:
        """Return histograms of some requests' scores, for each time of drawing episodes again."""
        names = len(self.names)
        table = np.bincount(self._cells, weights=of, minlength=names * self._bins)
        rng = np.random.default_rng(seed)
        times = rng.multinomial(names, np.full(names, 1 / names), size=_RESAMPLES)
        return np.asarray(times.astype(np.float64) @ table.reshape(names, self._bins))


class Scored:
    """Requests in order of their scores, and which of them are bad."""

    def __init__(self, order: Order, bad: Flags, seed: int = 0) -> None:
        self.order = order
        self.bad = bad[order.told]
        self._seed = seed

    def __len__(self) -> int:
        return len(self.bad)

    @cached_property
    def counts(self) -> tuple[Numbers, Numbers]:
        """How many bad and how many good requests have each distinct score."""
        return self.order.counts(self.bad), self.order.counts(~self.bad)

    @cached_property
    def drawn(self) -> tuple[Numbers, Numbers]:
        """Histograms of bad and of good requests, episodes drawn again."""
        return (
            self.order.resampled(self.bad, self._seed),
            self.order.resampled(~self.bad, self._seed),
        )


def auroc(scored: Scored) -> Estimate:
    """Return the area under the ROC curve, ties counted half.

    The interval is a bootstrap by episode, or DeLong's if all requests are of
    one. ``nan`` if there are no bad requests, or none but bad ones.
    """
    n, bad = len(scored), int(scored.bad.sum())
    if not 0 < bad < n:
        return Estimate(math.nan, math.nan, math.nan, n)
    hits, misses = scored.counts
    value = float(_areas(hits[None, :], misses[None, :])[0])
    if len(scored.order.names) == 1:
        low, high = _delong(scored.order.scores, scored.bad, value)
    else:
        low, high = _ends(_areas(*scored.drawn))
    return Estimate(value, low, high, n)


def average_precision(scored: Scored) -> Estimate:
    """Return the area under the precision-recall curve, as a step function of the threshold.

    A score that tells nothing has the share of bad requests as its area. The
    interval is a bootstrap by episode, ``nan`` if all requests are of one.
    """
    n = len(scored)
    if not scored.bad.any():
        return Estimate(math.nan, math.nan, math.nan, n)
    hits, misses = scored.counts
    value = float(_precisions(hits[None, :], misses[None, :])[0])
    if len(scored.order.names) == 1:
        return Estimate(value, math.nan, math.nan, n)
    low, high = _ends(_precisions(*scored.drawn))
    return Estimate(value, low, high, n)


def precision_recall(scored: Scored, points: int = 200) -> tuple[tuple[float, float], ...]:
    """Return (recall, precision) by falling threshold, thinned out to some points."""
    bad = int(scored.bad.sum())
    if not bad:
        return ()
    hits, misses = (np.cumsum(each[::-1]) for each in scored.counts)
    seen = hits + misses
    shown = np.unique(np.linspace(0, len(seen) - 1, min(points, len(seen))).astype(np.intp))
    return tuple((float(hits[i] / bad), float(hits[i] / seen[i])) for i in shown)


def _areas(bad: Numbers, good: Numbers) -> Numbers:
    below = np.cumsum(good, axis=1) - good / 2
    pairs = bad.sum(axis=1) * good.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((bad * below).sum(axis=1) / pairs)


def _precisions(bad: Numbers, good: Numbers) -> Numbers:
    hits = np.cumsum(bad[:, ::-1], axis=1)
    seen = hits + np.cumsum(good[:, ::-1], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.where(seen > 0, bad[:, ::-1] * hits / seen, 0.0).sum(axis=1)
        return np.asarray(steps / bad.sum(axis=1))


def _ends(values: Numbers) -> tuple[float, float]:
    # A resample without any bad request has no value.
    known = values[np.isfinite(values)]
    if not len(known):
        return math.nan, math.nan
    low, high = np.quantile(known, (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def _delong(scores: Numbers, bad: Flags, value: float) -> tuple[float, float]:
    # E. R. DeLong et al., Biometrics 44 (1988); X. Sun and W. Xu, IEEE SPL 21 (2014), for midranks.
    m, n = int(bad.sum()), int((~bad).sum())
    if m < 2 or n < 2:
        return math.nan, math.nan
    ranks = stats.rankdata(scores)
    of_bad = (ranks[bad] - stats.rankdata(scores[bad])) / n
    of_good = 1 - (ranks[~bad] - stats.rankdata(scores[~bad])) / m
    spread = math.sqrt(float(np.var(of_bad, ddof=1)) / m + float(np.var(of_good, ddof=1)) / n)
    half = float(stats.norm.ppf(1 - _TAIL)) * spread
    return max(0.0, value - half), min(1.0, value + half)
