"""Compares episodes with the same traffic without a fault: what chance alone would detect."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy import stats

from observability.bench.watching import Stretch, Watched, healthy_stretches


@dataclass(frozen=True, slots=True)
class TwinTest:
    """Alarms after the onset against alarms in the same requests, healthy.

    ``pairs`` counts the episodes that have a healthy twin as long as they are;
    in ``only_fault`` of them an alarm began under the fault alone, in
    ``only_twin`` in the healthy traffic alone. ``p_more`` is the exact sign
    test's probability of so many or more of the first kind if the fault made
    no difference, ``nan`` without any pair.
    """

    pairs: int
    both: int
    only_fault: int
    only_twin: int
    p_more: float


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
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for each in episodes:
        episode = each.episode
        if episode.kind == "healthy" or not episode.requests:
            continue
        twin = long.get(str(episode.signals.column("trace_id")[0]))
        if twin is None or twin.end < episode.requests:
            continue
        ours = Stretch(each, episode.onset, episode.requests).alarms(rules) > 0
        theirs = Stretch(twin.watched, episode.onset, episode.requests).alarms(rules) > 0
        counts[ours, theirs] += 1
    apart = counts[True, False] + counts[False, True]
    pairs = sum(counts.values())
    p_more = 1.0 if pairs else math.nan
    if apart:
        tested = stats.binomtest(counts[True, False], apart, 0.5, alternative="greater")
        p_more = float(tested.pvalue)
    return TwinTest(pairs, counts[True, True], counts[True, False], counts[False, True], p_more)
