"""Rules at work on signals: the alarms they raise, and why some of them cannot speak."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from observability.detectors.rule import Alarm, Rule, Track
from observability.detectors.rule_set import RuleSet
from observability.signals.signal import Signal

SEVERITIES: Final = ("info", "warning", "critical")
Reason = Literal["failed", "no signal", "nothing yet"]


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule that says nothing, and why; ``signals`` are those that it reads in vain."""

    rule: str
    reason: Reason
    text: str
    signals: tuple[str, ...] = ()


@dataclass(slots=True)
class _Told:
    """What a rule has said so far."""

    spoke: bool = False
    failed: str | None = None


class Watch:
    """Feeds requests to rules and keeps count; a rule that failed once is not listened to."""

    def __init__(self, rules: RuleSet, signals: Mapping[str, Signal]) -> None:
        self.rules = rules
        self.requests = 0
        self._told = {rule_id: _Told() for rule_id in rules.rules}
        self._have = dict.fromkeys(signals, 0)

    def feed(self, requests: pa.Table) -> list[Alarm]:
        """Return the alarms that some further requests raise, in order of time, worst first."""
        if not requests.num_rows:
            return []
        self.requests += requests.num_rows
        for name in self._have:
            column = requests.column(name)
            self._have[name] += len(column) - column.null_count
        fed = self.rules.feed(requests)
        for rule_id, failure in fed.failures.items():
            self._told[rule_id].failed = self._told[rule_id].failed or failure
        alarms: list[Alarm] = []
        for rule_id, track in fed.tracks.items():
            told = self._told[rule_id]
            if told.failed is None:
                told.spoke = told.spoke or _speaks(track)
                alarms += _alarms(self.rules.rules[rule_id], track, requests)
        return sorted(alarms, key=lambda each: (each.time_ns, -weight(each), each.rule.id))

    @property
    def available(self) -> tuple[str, ...]:
        """Return the signals that at least one request had."""
        return tuple(name for name, count in self._have.items() if count)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the signals that no request had."""
        return tuple(name for name, count in self._have.items() if not count)

    @property
    def speaking(self) -> tuple[str, ...]:
        """Return the rules that have been able to judge something."""
        return tuple(rule_id for rule_id, told in self._told.items() if told.spoke)

    def silences(self) -> tuple[Silence, ...]:
        """Return the rules that said nothing at all, and why each could not."""
        return tuple(
            _silence(rule_id, rule, self._told[rule_id], self.missing)
            for rule_id, rule in self.rules.rules.items()
            if not self._told[rule_id].spoke or self._told[rule_id].failed
        )


def weight(alarm: Alarm) -> int:
    """Return how bad an alarm is, for comparing."""
    return SEVERITIES.index(alarm.rule.severity)


def reads_in_vain(rule: Rule, missing: Sequence[str]) -> Silence | None:
    """Return that a rule reads signals that no request has, None where it has all of them."""
    in_vain = tuple(sorted(reads(rule).intersection(missing)))
    if not in_vain:
        return None
    text = f"reads {', '.join(in_vain)}, which no request has"
    return Silence(rule.info.id, "no signal", text, in_vain)


def reads(rule: Rule) -> frozenset[str]:
    """Return the signals that a rule reads; none where it does not tell."""
    told: object = getattr(rule, "reads", frozenset())
    return frozenset(told) if isinstance(told, frozenset | set | tuple | list) else frozenset()


def _alarms(rule: Rule, track: Track, requests: pa.Table) -> Sequence[Alarm]:
    ids, times = requests.column("trace_id"), requests.column("start_ns")
    return [
        Alarm(
            rule.info,
            ids[place].as_py(),
            times[place].as_py(),
            float(track.statistic[place]),
            track.threshold,
        )
        for place in track.alarms
    ]


def _speaks(track: Track) -> bool:
    return bool(
        track.alarms
        or track.flagged.any()
        or (np.isfinite(track.statistic).any() and not math.isnan(track.threshold))
        or np.isfinite(track.score).any()
    )


def _silence(rule_id: str, rule: Rule, told: _Told, missing: Sequence[str]) -> Silence:
    if told.failed is not None:
        return Silence(rule_id, "failed", told.failed)
    return reads_in_vain(rule, missing) or Silence(
        rule_id, "nothing yet", "has not had enough requests that it can judge"
    )
