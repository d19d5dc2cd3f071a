"""In which order rules are evaluated, and what each of them rests on in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from observability.detectors.prometheus.files import PromGroup, PromRule

LOOKBACK_SECONDS = 300.0
"""How old the last sample of a series may be to count for a moment (Prometheus' default)."""

_ALERT_SERIES = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule in its group, with the metrics that it rests on, recorded ones traced back.

    ``everything`` says that it may read any metric.
    """

    rule: PromRule
    group: PromGroup
    metrics: tuple[str, ...]
    everything: bool
    reach_seconds: float


@dataclass(frozen=True, slots=True)
class Order:
    """Recording rules, each after those that it reads; alerts; and what is left out, and why."""

    recordings: tuple[Placed, ...]
    alerts: tuple[Placed, ...]
    left_out: Mapping[str, str]
    """By the rule's key."""


def order_of(groups: Sequence[PromGroup]) -> Order:
    """Bring rules into order.

    A rule that reads alerts, or by way of others itself, is left out together
    with whatever reads it.
    """
    placed = [(rule, group) for group in groups for rule in group.rules]
    by_name: dict[str, list[PromRule]] = {}
    for rule, _ in placed:
        if rule.record:
            by_name.setdefault(rule.name, []).append(rule)
    left_out: dict[str, str] = {}
    for name in _circular(by_name):
        for rule in by_name[name]:
            left_out[rule.key] = f"{name} reads itself, which needs a Prometheus that goes on"
    for rule, _ in placed:
        if _ALERT_SERIES & set(rule.reads.names):
            left_out[rule.key] = "it reads ALERTS, which is not kept here"
    sorted_names = _sorted(by_name, left_out)
    for rule, _ in sorted(placed, key=lambda each: not each[0].record):
        _inherit(rule, by_name, left_out)
    resting: dict[str, tuple[tuple[str, ...], bool, float]] = {}
    for name in sorted_names:
        resting[name] = _joined([_resting(rule, resting) for rule in by_name[name]])
    whole = [
        Placed(rule, group, *_resting(rule, resting))
        for rule, group in placed
        if rule.key not in left_out
    ]
    place = {name: number for number, name in enumerate(sorted_names)}
    recordings = [each for each in whole if each.rule.record]
    recordings.sort(key=lambda each: place[each.rule.name])
    alerts = tuple(each for each in whole if not each.rule.record)
    return Order(tuple(recordings), alerts, left_out)


def _reads(rule: PromRule, by_name: Mapping[str, Sequence[PromRule]]) -> Iterable[str]:
    return (name for name in rule.reads.names if name in by_name)


def _circular(by_name: Mapping[str, Sequence[PromRule]]) -> set[str]:
    """Return the names that are recorded from themselves, directly or by way of others."""
    direct = {
        name: {read for rule in rules for read in _reads(rule, by_name)}
        for name, rules in by_name.items()
    }
    found = set()
    for name, first in direct.items():
        reached, waiting = set(first), list(first)
        while waiting:
            fresh = direct[waiting.pop()] - reached
            reached |= fresh
            waiting += fresh
        if name in reached:
            found.add(name)
    return found


def _sorted(by_name: Mapping[str, Sequence[PromRule]], left_out: dict[str, str]) -> tuple[str, ...]:
    """Return recorded names, each after those it is made from."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, rules in by_name.items():
        kept = [rule for rule in rules if rule.key not in left_out]
        sorter.add(name, *dict.fromkeys(read for rule in kept for read in _reads(rule, by_name)))
    return tuple(sorter.static_order())


def _inherit(
    rule: PromRule, by_name: Mapping[str, Sequence[PromRule]], left_out: dict[str, str]
) -> None:
    """Leave out a rule that reads a name of which nothing is recorded."""
    if rule.key in left_out:
        return
    for name in _reads(rule, by_name):
        for read in by_name[name]:
            _inherit(read, by_name, left_out)
        if all(read.key in left_out for read in by_name[name]):
            why = left_out[by_name[name][0].key]
            left_out[rule.key] = f"it reads {name}, which is left out: {why}"
            return


_Resting = tuple[tuple[str, ...], bool, float]


def _resting(rule: PromRule, resting: Mapping[str, _Resting]) -> _Resting:
    names: dict[str, None] = {}
    everything, reach = rule.reads.everything, LOOKBACK_SECONDS
    for name in rule.reads.names:
        if name in resting:
            more, every, back = resting[name]
            names |= dict.fromkeys(more)
            everything, reach = everything or every, max(reach, back + LOOKBACK_SECONDS)
        else:
            names[name] = None
    return tuple(names), everything, reach + rule.reads.reach_seconds


def _joined(each: Sequence[_Resting]) -> _Resting:
    names = dict.fromkeys(name for names, _, _ in each for name in names)
    return tuple(names), any(every for _, every, _ in each), max(back for _, _, back in each)
