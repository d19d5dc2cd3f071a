"""Figures as they stand in a report; what is undefined is a dash."""

from __future__ import annotations

import math

from observability.bench.rates import RateComparison
from observability.bench.report import INFRASTRUCTURE_RULES, RULE_SET, BenchReport
from observability.statistics import Estimate

UNDEFINED = "–"


def share(value: float) -> str:
    """Return a share in per cent, e.g. ``67 %``."""
    return UNDEFINED if math.isnan(value) else f"{value * 100:.0f} %"


def share_of(estimate: Estimate) -> str:
    """Return a share with its interval, e.g. ``67 % [30, 90]``."""
    if math.isnan(estimate.value):
        return UNDEFINED
    if math.isnan(estimate.low):
        return share(estimate.value)
    ends = (round(end * 100) for end in (estimate.low, estimate.high))
    return f"{share(estimate.value)} [{', '.join(map(str, ends))}]"


def number(value: float, digits: int = 2) -> str:
    """Return a number with so many decimals."""
    if math.isnan(value):
        return UNDEFINED
    return "∞" if math.isinf(value) else f"{value:.{digits}f}"


def number_of(estimate: Estimate, digits: int = 2) -> str:
    """Return a number with its interval, e.g. ``0.71 [0.65, 0.77]``."""
    if math.isnan(estimate.value):
        return UNDEFINED
    if math.isnan(estimate.low):
        return number(estimate.value, digits)
    ends = f"{number(estimate.low, digits)}, {number(estimate.high, digits)}"
    return f"{number(estimate.value, digits)} [{ends}]"


def p_value(value: float) -> str:
    """Return a probability, not more exactly than it is known."""
    if math.isnan(value):
        return UNDEFINED
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def ratio(compared: RateComparison) -> str:
    """Return how many times as often, with the interval; equal silence is told in words."""
    if compared.ours.requests and not compared.ours.alarms and not compared.theirs.alarms:
        return "no alarm in either"
    return number_of(compared.ratio, 1)


def severity(value: float) -> str:
    """Return a severity, e.g. ``0.6``."""
    return UNDEFINED if math.isnan(value) else f"{value:g}"


def summary(report: BenchReport) -> str:
    """Return the outcome in one sentence."""
    seen, ours = report.set_named(INFRASTRUCTURE_RULES).silent, report.set_named(RULE_SET).silent
    episodes = ours.episodes
    if not episodes:
        return "There was no silent episode to see."
    return (
        f"Infrastructure rules saw {_hits(seen.detected.value, episodes)} of {episodes} silent "
        f"episodes ({share(seen.by_chance.value)} by chance), the rule set "
        f"{_hits(ours.detected.value, episodes)} ({share(ours.by_chance.value)} by chance) with "
        f"{number(ours.false_alarms.per_thousand.value)} false alarms per 1,000 healthy requests."
    )


def _hits(rate: float, episodes: int) -> int:
    return round(rate * episodes)
