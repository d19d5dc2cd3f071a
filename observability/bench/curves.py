"""AUROC and average precision with intervals that respect which episode a request is of.

Scores of one episode's requests resemble each other, so whole episodes are
drawn again, not requests. To draw often at little cost, each episode is put as
two histograms over the same bins: every distinct score is one, or else each of
2,048 equally full ones, which moves an interval's end by less than 0.001.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Scored:
    """Requests with a score each (higher is worse), whether they are bad, and their episode.

    ``groups`` numbers the episodes; requests without a score are not in here.
    """

    scores: Numbers
    bad: Flags
    groups: npt.NDArray[np.intp]

    @classmethod
    def told(cls, scores: Numbers, bad: Flags, groups: npt.NDArray[np.intp]) -> Scored:
        """Return those of some requests that have a score."""
        kept = ~np.isnan(scores)
        return cls(scores[kept], bad[kept], groups[kept])


def auroc(scored: Scored, seed: int = 0) -> Estimate:
    """Return the area under the ROC curve, ties counted half.

    The interval is a bootstrap by episode, or DeLong's if all requests are of
    one. ``nan`` if there are no bad requests, or none but bad ones.
    """
    n, bad = len(scored.scores), int(scored.bad.sum())
    if not 0 < bad < n:
        return Estimate(math.nan, math.nan, math.nan, n)
    ranks = stats.rankdata(scored.scores)
    good = n - bad
    value = (float(ranks[scored.bad].sum()) - bad * (bad + 1) / 2) / (bad * good)
    if len(np.unique(scored.groups)) == 1:
        low, high = _delong(scored, ranks, value)
    else:
        low, high = _ends(_areas(*_resampled(scored, seed)))
    return Estimate(value, low, high, n)


def average_precision(scored: Scored, seed: int = 0) -> Estimate:
    """Return the area under the precision-recall curve, as a step function of the threshold.

    A score that tells nothing has the share of bad requests as its area. The
    interval is a bootstrap by episode, ``nan`` if all requests are of one.
    """
    n, bad = len(scored.scores), int(scored.bad.sum())
    if not bad:
        return Estimate(math.nan, math.nan, math.nan, n)
    _, places = np.unique(scored.scores, return_inverse=True)
    hits = np.asarray(np.bincount(places, weights=scored.bad), dtype=np.float64)
    misses = np.asarray(np.bincount(places, weights=~scored.bad), dtype=np.float64)
    value = float(_precisions(hits[None, :], misses[None, :])[0])
    if len(np.unique(scored.groups)) == 1:
        return Estimate(value, math.nan, math.nan, n)
    low, high = _ends(_precisions(*_resampled(scored, seed)))
    return Estimate(value, low, high, n)


def precision_recall(scored: Scored, points: int = 200) -> tuple[tuple[float, float], ...]:
    """Return (recall, precision) by falling threshold, thinned out to some points."""
    bad = int(scored.bad.sum())
    if not bad:
        return ()
    _, places = np.unique(-scored.scores, return_inverse=True)
    hits = np.cumsum(np.bincount(places, weights=scored.bad.astype(np.float64)))
    seen = np.cumsum(np.bincount(places))
    shown = np.unique(np.linspace(0, len(seen) - 1, min(points, len(seen))).astype(np.intp))
    return tuple((float(hits[i] / bad), float(hits[i] / seen[i])) for i in shown)


def _resampled(scored: Scored, seed: int) -> tuple[Numbers, Numbers]:
    """Return histograms of the scores of bad and of good requests, for each time of drawing."""
    values, places = np.unique(scored.scores, return_inverse=True)
    bins = len(values)
    if bins > _BINS:
        ranks = stats.rankdata(scored.scores, method="average")
        bins = _BINS
        places = np.minimum((ranks / len(ranks) * bins).astype(np.intp), bins - 1)
    names, groups = np.unique(scored.groups, return_inverse=True)
    cells = groups * bins + places
    size = len(names) * bins
    bad = np.bincount(cells, weights=scored.bad.astype(np.float64), minlength=size)
    all_of = np.bincount(cells, minlength=size).astype(np.float64)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=_RESAMPLES)
    weights = times.astype(np.float64)
    hits = weights @ bad.reshape(len(names), bins)
    return hits, weights @ all_of.reshape(len(names), bins) - hits


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


def _delong(scored: Scored, ranks: Numbers, value: float) -> tuple[float, float]:
    # E. R. DeLong et al., Biometrics 44 (1988); X. Sun and W. Xu, IEEE SPL 21 (2014), for midranks.
    bad = scored.bad
    m, n = int(bad.sum()), int((~bad).sum())
    if m < 2 or n < 2:
        return math.nan, math.nan
    of_bad = (ranks[bad] - stats.rankdata(scored.scores[bad])) / n
    of_good = 1 - (ranks[~bad] - stats.rankdata(scored.scores[~bad])) / m
    spread = math.sqrt(float(np.var(of_bad, ddof=1)) / m + float(np.var(of_good, ddof=1)) / n)
    half = float(stats.norm.ppf(1 - _TAIL)) * spread
    return max(0.0, value - half), min(1.0, value + half)
