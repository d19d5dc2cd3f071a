"""Compares episodes with the same traffic without a fault: what chance alone would detect."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy import stats

from observability.bench.watching import Stretch, Watched, healthy_stretches
from observability.statistics import Estimate, rate


@dataclass(frozen=True, slots=True)
class TwinTest:
    """Alarms after the onset against alarms in the same requests, healthy.

    ``pairs`` counts the episodes that have a healthy twin as long as they are;
    in ``only_fault`` of them an alarm began under the fault alone, in
    ``only_twin`` in the healthy traffic alone. ``p_more`` is the exact sign
    test's probability of so many or more of the first kind if the fault made
    no difference, ``nan`` without any pair. ``beyond`` is the share of
    the pairs in which a rule alarms under the fault that does not in the
    healthy traffic: what is detected, less what rests on alarms that would
    have come anyway.
    """

    pairs: int
    both: int
    only_fault: int
    only_twin: int
    p_more: float
    beyond: Estimate


def against_twins(
    episodes: Iterable[Watched], rules: Sequence[str], healthy: Iterable[Watched]
) -> TwinTest:
    """Return how much more often a set of rules alarms in episodes than in their twins.

    Q. McNemar, Psychometrika 12 (1947). Episodes of one seed have one twin, and
    so hang together: the p-value is exact for the pairs, not for the seeds.
    """
    long = {
        str(each.watched.episode.signals.column("trace_id")[0]): each
        for each in healthy_stretches(healthy)
    }
    beyond = 0
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for each in episodes:
        episode = each.episode
        if episode.kind == "healthy" or not episode.requests:
            continue
        twin = long.get(str(episode.signals.column("trace_id")[0]))
        if twin is None or twin.end < episode.requests:
            continue
        ours = Stretch(each, episode.onset, episode.requests).alarming(rules)
        theirs = Stretch(twin.watched, episode.onset, episode.requests).alarming(rules)
        counts[bool(ours), bool(theirs)] += 1
        beyond += bool(ours - theirs)
    apart = counts[True, False] + counts[False, True]
    pairs = sum(counts.values())
    p_more = 1.0 if pairs else math.nan
    if apart:
        tested = stats.binomtest(counts[True, False], apart, 0.5, alternative="greater")
        p_more = float(tested.pvalue)
    return TwinTest(
        pairs=pairs,
        both=counts[True, True],
        only_fault=counts[True, False],
        only_twin=counts[False, True],
        p_more=p_more,
        beyond=rate(beyond, pairs),
    )
