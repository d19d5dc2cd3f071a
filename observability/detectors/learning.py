"""Learns thresholds from healthy requests, within one budget of false alarms.

The budget, in false alarms per 1,000 requests, is divided equally among the
rules with a threshold to learn; baselines have one of their own, as large.
Each rule is fed the healthy stretches and the highest statistic of every block
of requests is taken, with the healthy values that it compares with taken from
the other stretches (leave one out), so that how much one stretch differs from
another is a part of what is usual. Block maxima follow an extreme-value law, here Gumbel's,
fitted by L-moments (Hosking, Journal of the Royal Statistical Society B 52 (1990)
105). If alarms come like a Poisson process, a block has none with the chance
exp(-λ), λ the alarms that the budget allows in a block; so the threshold is the
height u with exp(-exp(-(u - μ)/β)) = exp(-λ), which is u = μ - β ln λ (Coles, An
Introduction to Statistical Modeling of Extreme Values, ch. 3). It is never
lower than what the healthy blocks themselves show to be needed, nor than the
detector's floor, which speaks where a statistic never moved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil, log

import numpy as np
import pyarrow as pa

from observability.detectors.errors import DetectorError, ThresholdsError
from observability.detectors.learned import Learned, LearningRule
from observability.detectors.rule import Numbers
from observability.detectors.thresholds import Thresholds
from observability.signals.sources import signals_digest

_EULER = 0.5772156649015329
_FEWEST_BLOCKS = 3


def learn(
    rules: Mapping[str, LearningRule],
    healthy: Sequence[pa.Table],
    budget_per_1000: float,
    on_rule: Callable[[str], None] | None = None,
) -> Thresholds:
    """Return what rules learn from healthy stretches of requests.

    A rule that fails, or for which there is too little to learn from, is named
    in ``failures`` and the others go on. Raises ``ThresholdsError`` for a
    budget that is none.
    """
    if not budget_per_1000 > 0:
        raise ThresholdsError("a budget of false alarms is above 0, e.g. 1 per 1,000 requests")
    requests = sum(each.num_rows for each in healthy)
    found: dict[str, Learned] = {}
    failures: dict[str, str] = {}
    for name, rule in sorted(rules.items()):
        if not rule.need.anything:
            continue
        if on_rule is not None:
            on_rule(name)
        try:
            learned = rule.study(healthy)
            if rule.need.threshold:
                share = budget_per_1000 / len(_sharing(rule, rules))
                learned = _with_threshold(rule.with_learned(learned), learned, healthy, share)
            found[name] = replace(learned, signals=signals_digest(rule.need.reads))
        except DetectorError as error:
            failures[name] = str(error)
    return Thresholds(requests, budget_per_1000, found, failures)


def gumbel_threshold(maxima: Numbers, alarms_per_block: float) -> float:
    """Return the height that block maxima reach as often as is allowed.

    Raises ``ThresholdsError`` for fewer than three blocks.
    """
    if maxima.size < _FEWEST_BLOCKS:
        raise ThresholdsError(f"{maxima.size} blocks are too few; there must be {_FEWEST_BLOCKS}")
    ordered = np.sort(maxima)
    size = ordered.size
    first = float(ordered.mean())
    # The second L-moment: half the expected distance of two draws.
    second = float(np.sum((2 * np.arange(size) - size + 1) * ordered) / (size * (size - 1)))
    scale = second / log(2)
    height = first - _EULER * scale - scale * log(alarms_per_block)
    allowed = min(size - 1, int(alarms_per_block * size))
    seen = float(np.nextafter(ordered[size - 1 - allowed], np.inf))
    return max(height, seen)


def block_maxima(statistic: Numbers, block: int) -> Numbers:
    """Return the highest value of each whole block; blocks without any value are left out."""
    count = statistic.size // block
    if not count:
        return np.empty(0)
    blocks = np.where(np.isfinite(statistic), statistic, -np.inf)[: count * block]
    highest: Numbers = blocks.reshape(count, block).max(axis=1)
    return highest[np.isfinite(highest)]


def _with_threshold(
    rule: LearningRule, learned: Learned, healthy: Sequence[pa.Table], per_1000: float
) -> Learned:
    block = rule.need.block
    parts = []
    for place, stretch in enumerate(healthy):
        # No stretch is compared with itself: traffic of other days is never quite like this one.
        others = [*healthy[:place], *healthy[place + 1 :]]
        fresh = rule.with_learned(rule.study(others)) if others else rule
        fresh.reset()
        parts.append(block_maxima(fresh.feed(stretch).statistic, block))
    maxima = np.concatenate(parts) if parts else np.empty(0)
    if maxima.size < _FEWEST_BLOCKS:
        needed = ceil(_FEWEST_BLOCKS * block)
        raise ThresholdsError(
            f"{rule.info.id}: too few healthy requests with what it looks at: {maxima.size} blocks"
            f" of {block}, and {_FEWEST_BLOCKS} are needed. Give at least {needed} in one run"
        )
    threshold = gumbel_threshold(maxima, per_1000 * block / 1000)
    return replace(learned, threshold=max(threshold, rule.floor()), blocks=int(maxima.size))


def _sharing(rule: LearningRule, rules: Mapping[str, LearningRule]) -> list[str]:
    """Return the rules that share a budget with one, itself among them."""
    baseline = rule.info.group == "baseline"
    return [
        name
        for name, each in rules.items()
        if each.need.threshold and (each.info.group == "baseline") == baseline
    ]
