"""Which episodes were detected, how late, and how many would have been by chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from observability.bench.episode import Episode, Kind
from observability.bench.rates import AlarmRate, alarm_rate, chance_of_alarm
from observability.bench.watching import Watched, alarms_of, healthy_stretches
from observability.statistics import NOTHING, Estimate, quantile, rate

_NS_A_MINUTE = 60e9
_RATES = 400  # at which the rates that are possible are tried


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one episode under a set of rules (or one rule).

    ``place`` is that of the first alarm that began at or after the onset, None
    if there was none; an alarm that began before is no detection, however long
    it lasted. ``delay_requests`` is how many requests under the fault came
    before it, ``delay_minutes`` the time from the start of the first of them;
    both are ``nan`` for a miss. ``by`` are the rules that raised it.
    """

    episode: str
    fault: str
    severity: float
    kind: Kind
    held_out: bool
    place: int | None
    delay_requests: float
    delay_minutes: float
    by: tuple[str, ...]

    @property
    def detected(self) -> bool:
        """Whether there was an alarm in time."""
        return self.place is not None


@dataclass(frozen=True, slots=True)
class Detection:
    """How a set of rules did over some episodes.

    ``detected`` is the share of them with its Wilson interval. The delays are
    medians over those that were detected, and mean nothing without ``missed``,
    the share of the others. ``false_alarms`` is the rate in healthy traffic,
    ``by_chance`` the share of episodes in which that rate alone would have
    raised an alarm, with the ends that the rate's interval gives, and
    ``p_chance`` how probable as many detections as these, or more, are by it.
    How well the rate is known is part of that: it is averaged over the rates
    that the false alarms leave possible (Jeffreys). Episodes of one seed share
    their questions, so that their chances hang together and the p-value is
    rather too small than too large.
    """

    episodes: int
    detected: Estimate
    missed: float
    delay_requests: Estimate
    delay_minutes: Estimate
    false_alarms: AlarmRate
    by_chance: Estimate
    p_chance: float


def outcome(watched: Watched, rules: Sequence[str]) -> Outcome:
    """Return what became of an episode that has an onset."""
    episode = watched.episode
    place = next((each for each in alarms_of(watched, rules) if each >= episode.onset), None)
    by = () if place is None else _raised_at(watched, rules, place)
    return Outcome(
        episode=episode.id,
        fault=episode.fault,
        severity=episode.severity,
        kind=episode.kind,
        held_out=episode.held_out,
        place=place,
        delay_requests=math.nan if place is None else float(place - episode.onset),
        delay_minutes=math.nan if place is None else _minutes(episode, place),
        by=by,
    )


def outcomes(watched: Iterable[Watched], rules: Sequence[str]) -> tuple[Outcome, ...]:
    """Return what became of each episode that has an onset; healthy ones have none."""
    return tuple(outcome(each, rules) for each in watched if each.episode.kind != "healthy")


def detection(
    watched: Sequence[Watched], rules: Sequence[str], healthy: Sequence[Watched] | None = None
) -> Detection:
    """Return how a set of rules did over some episodes.

    False alarms are counted in the healthy traffic of ``healthy``, of the same
    episodes if there is none given.
    """
    found = outcomes(watched, rules)
    false = alarm_rate(healthy_stretches(watched if healthy is None else healthy), rules)
    lengths = [
        each.episode.requests - each.episode.onset
        for each in watched
        if each.episode.kind != "healthy"
    ]
    hits = sum(each.detected for each in found)
    return Detection(
        episodes=len(found),
        detected=rate(hits, len(found)),
        missed=1 - hits / len(found) if found else math.nan,
        delay_requests=quantile([each.delay_requests for each in found], 0.5),
        delay_minutes=quantile([each.delay_minutes for each in found], 0.5),
        false_alarms=false,
        by_chance=_by_chance(lengths, false),
        p_chance=_p_of_as_many(hits, lengths, false),
    )


def _by_chance(lengths: Sequence[int], false: AlarmRate) -> Estimate:
    if not lengths:
        return NOTHING
    rates = false.per_thousand
    value, low, high = (
        float(np.mean([chance_of_alarm(per_thousand, length) for length in lengths]))
        for per_thousand in (rates.value, rates.low, rates.high)
    )
    return Estimate(value, low, high, len(lengths))


def _p_of_as_many(hits: int, lengths: Sequence[int], false: AlarmRate) -> float:
    """Return the chance of so many detections or more."""
    if not lengths or not false.requests:
        return math.nan
    shares = (np.arange(_RATES) + 0.5) / _RATES
    rates = stats.gamma.ppf(shares, false.alarms + 0.5) / false.requests
    # Episodes are of one length nearly always; where not, their mean chance errs to the safe side.
    chances = -np.expm1(-np.outer(rates, lengths)).mean(axis=1)
    return float(stats.binom.sf(hits - 1, len(lengths), chances).mean())


def _minutes(episode: Episode, place: int) -> float:
    starts = episode.signals.column("start_ns")
    return float(starts[place].as_py() - starts[episode.onset].as_py()) / _NS_A_MINUTE


def _raised_at(watched: Watched, rules: Sequence[str], place: int) -> tuple[str, ...]:
    return tuple(
        name for name in rules if name in watched.tracks and place in watched.tracks[name].alarms
    )
