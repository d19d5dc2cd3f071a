"""How often alarms come, and whether they come more often here than there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from observability.bench.watching import Stretch
from observability.statistics import CONFIDENCE, NOTHING, Estimate

_TAIL = (1 - CONFIDENCE) / 2


@dataclass(frozen=True, slots=True)
class AlarmRate:
    """How many alarms came in how many requests; ``per_thousand`` with its exact interval."""

    alarms: int
    requests: int
    per_thousand: Estimate


@dataclass(frozen=True, slots=True)
class RateComparison:
    """Two rates of alarms against each other.

    ``ratio`` is how many times as often they come in ``ours``, infinite if
    there were none in ``theirs``; ``p_more`` is the probability of as many
    alarms in ours, or more, if they came equally often in both.
    """

    ours: AlarmRate
    theirs: AlarmRate
    ratio: Estimate
    p_more: float


def chance_of_alarm(per_thousand: float, requests: float) -> float:
    """Return how probable at least one alarm is in some requests, at a rate per 1,000.

    Alarms are taken to come independently of each other.
    """
    return -math.expm1(-per_thousand / 1000 * requests)


def alarm_rate(stretches: Iterable[Stretch], rules: Sequence[str]) -> AlarmRate:
    """Return how often alarms of a set of rules begin in some stretches of requests."""
    alarms = requests = 0
    for stretch in stretches:
        alarms += stretch.alarms(rules)
        requests += stretch.requests
    return rate_of_alarms(alarms, requests)


def rate_of_alarms(alarms: int, requests: int) -> AlarmRate:
    """Return alarms per 1,000 requests with the exact interval of a Poisson count.

    F. Garwood, Biometrika 28 (1936). ``nan`` if there were no requests.
    """
    if not requests:
        return AlarmRate(alarms, 0, NOTHING)
    low = float(stats.chi2.ppf(_TAIL, 2 * alarms)) / 2 if alarms else 0.0
    high = float(stats.chi2.ppf(1 - _TAIL, 2 * alarms + 2)) / 2
    by = 1000 / requests
    return AlarmRate(alarms, requests, Estimate(alarms * by, low * by, high * by, requests))


def compare_rates(ours: AlarmRate, theirs: AlarmRate) -> RateComparison:
    """Compare two rates exactly, given how many alarms came in both together.

    J. Przyborowski and H. Wilenski, Biometrika 31 (1940). The ratio is ``nan``
    where no alarm came at all: then nothing tells them apart and ``p_more`` is 1.
    """
    total = ours.alarms + theirs.alarms
    requests = ours.requests + theirs.requests
    if not ours.requests or not theirs.requests:
        return RateComparison(ours, theirs, NOTHING, math.nan)
    if not total:
        return RateComparison(ours, theirs, Estimate(math.nan, math.nan, math.nan, requests), 1.0)
    share = ours.requests / requests
    tested = stats.binomtest(ours.alarms, total, share, alternative="greater")
    ends = stats.binomtest(ours.alarms, total).proportion_ci(CONFIDENCE, method="exact")
    by = theirs.requests / ours.requests
    low, value, high = (_odds(each) * by for each in (ends.low, ours.alarms / total, ends.high))
    return RateComparison(ours, theirs, Estimate(value, low, high, requests), float(tested.pvalue))


def adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values with Holm's correction for looking at many; ``nan`` stays.

    S. Holm, Scandinavian Journal of Statistics 6 (1979).
    """
    known = sorted((p, name) for name, p in p_values.items() if not math.isnan(p))
    found = dict.fromkeys(p_values, math.nan)
    highest = 0.0
    for place, (p, name) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - place)))
        found[name] = highest
    return found


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
