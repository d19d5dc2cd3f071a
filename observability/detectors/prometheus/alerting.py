"""When an alert fires: ``for`` and ``keep_firing_for`` as Prometheus applies them.

Prometheus keeps an alert for each set of labels that its expression returns. It
waits (pending) until it has been returned at every evaluation for as long as
``for`` says, then fires, and goes on for ``keep_firing_for`` after it was last
returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from observability.detectors.prometheus.engine import Found
from observability.detectors.prometheus.files import PromRule
from observability.detectors.prometheus.translation import Labels


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert begins to fire, having not fired before; ``labels`` are those it fires with."""

    time_ns: int
    labels: tuple[Labels, ...]


@dataclass(slots=True)
class _Active:
    since_ms: int
    firing: bool = False
    absent_since_ms: int | None = None


def firings(
    rule: PromRule,
    found: Sequence[Found],
    steps_ms: Iterable[int],
    failed_ms: frozenset[int] = frozenset(),
) -> tuple[Firing, ...]:
    """Return when a rule begins to fire; an evaluation that failed changes nothing.

    Two series of an answer with the same labels, once those of the rule are put
    in, fail an evaluation, as they do in Prometheus.
    """
    hold, keep = rule.hold_seconds * 1000, rule.keep_firing_seconds * 1000
    at_step: dict[int, list[Labels]] = {}
    for series in found:
        for at, value in series.at_ms.items():
            at_step.setdefault(at, []).append(_identity(rule, series.labels, value))
    active: dict[Labels, _Active] = {}
    began: list[Firing] = []
    for step in steps_ms:
        present = at_step.get(step, [])
        if step in failed_ms or len(set(present)) < len(present):
            continue
        before = any(alert.firing for alert in active.values())
        for labels in present:
            active.setdefault(labels, _Active(step)).absent_since_ms = None
        for labels in [labels for labels in active if labels not in present]:
            alert = active[labels]
            if alert.absent_since_ms is None:
                alert.absent_since_ms = step
            if not alert.firing or step - alert.absent_since_ms >= keep:
                del active[labels]
        for alert in active.values():
            alert.firing = alert.firing or step - alert.since_ms >= hold
        now = tuple(sorted(labels for labels, alert in active.items() if alert.firing))
        if now and not before:
            began.append(Firing(step * 1_000_000, now))
    return tuple(began)


def recorded(rule: PromRule, found: Found) -> Labels:
    """Return the labels that a recording rule gives to a series that it found."""
    return _without_empty({**found.labels, **rule.labels, "__name__": rule.name})


def _identity(rule: PromRule, labels: Mapping[str, str], value: float) -> Labels:
    """Return the labels of an alert.

    Templates are not filled in. What follows from a series' labels tells no more
    than these do. A value that is written out makes it another alert each time;
    one that only decides between texts is taken to decide alike each time.
    """
    whole = {**labels, **rule.labels, "alertname": rule.name}
    whole.pop("__name__", None)
    for name, text in rule.labels.items():
        if "{{" in text:
            by_value = ("$value" in text or ".Value" in text) and not _CONDITION.search(text)
            whole[name] = f"{text} of {labels} is {value}" if by_value else f"{text} of {labels}"
    return _without_empty(whole)


_CONDITION = re.compile(r"\{\{-?\s*if\b")


def _without_empty(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted((name, text) for name, text in labels.items() if text))
