"""A team's Prometheus rules: loaded from files, evaluated over episodes of a run's metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from observability.detectors.prometheus.alerting import Firing
from observability.detectors.prometheus.blame import info_of
from observability.detectors.prometheus.engine import Programs
from observability.detectors.prometheus.evaluating import Evaluator
from observability.detectors.prometheus.files import PromGroup, read_rule_file
from observability.detectors.prometheus.ordering import Placed, order_of
from observability.detectors.prometheus.series import Piece, timeline_of
from observability.detectors.rule import RuleInfo
from observability.detectors.rule_set import RuleProblem


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What Prometheus said of episodes; mappings go by the alert's id.

    ``alarms`` has for each alert and episode the moments at which it begins to
    fire, in the episode's own time. ``failures`` says what could not be
    evaluated, in part or at all, recording rules included. ``absent`` are
    metrics that an alert rests on and no episode has: it may be silent for
    that reason alone.
    """

    alarms: Mapping[str, Sequence[tuple[Firing, ...]]]
    failures: Mapping[str, str]
    absent: Mapping[str, tuple[str, ...]]


class PrometheusRules:
    """Alerting and recording rules of any number of files."""

    def __init__(self, programs: Programs | None = None, resource_labels: bool = True) -> None:
        """Take where Prometheus is; see ``series.timeline_of`` for ``resource_labels``."""
        self._programs = programs or Programs()
        self._resource_labels = resource_labels
        self._groups: list[PromGroup] = []

    def load(self, file: Path) -> tuple[tuple[PromGroup, ...], tuple[RuleProblem, ...]]:
        """Read a file; return its groups and its problems, one of which leaves all of it out.

        A file is not loaded twice. Raises ``EngineMissing`` without promtool.
        """
        groups, problems = read_rule_file(file, self._programs)
        if file not in {group.file for group in self._groups}:
            self._groups += groups
        return groups, problems

    @property
    def infos(self) -> Mapping[str, RuleInfo]:
        """Return what is known of every alert, by its id, in the order of the files.

        An id is the alert's name, with its severity where a name comes several
        times, and with a number where that does not tell them apart either.
        """
        order = order_of(self._groups)
        placed = {each.rule.key: each for each in (*order.alerts, *order.recordings)}
        return {
            name: info_of(
                each.rule,
                name,
                str(each.group.file),
                placed[each.rule.key].metrics if each.rule.key in placed else (),
            )
            for name, each in self._alerts().items()
        }

    def evaluate(self, episodes: Iterable[Sequence[Piece]]) -> Evaluation:
        """Evaluate all rules over episodes, each given as pieces that follow on one another.

        Raises ``EngineMissing``, or ``RuleFailed`` if Prometheus does not start
        or ends.
        """
        order = order_of(self._groups)
        evaluator = Evaluator(order, self._programs)
        evaluator.run(
            timeline_of(pieces, evaluator.wanted, self._resource_labels) for pieces in episodes
        )
        outcome = evaluator.outcome
        count = outcome.episodes
        placed = {each.rule.key: each for each in order.alerts}
        alarms: dict[str, Sequence[tuple[Firing, ...]]] = {}
        failures = {
            f"{group.name}/{rule.name}": message
            for group in self._groups
            for rule in group.rules
            if rule.record
            for message in [order.left_out.get(rule.key) or outcome.failures.get(rule.key)]
            if message
        }
        absent = {}
        for name, each in self._alerts().items():
            key = each.rule.key
            alarms[name] = tuple(outcome.firings.get(key, [()] * count))
            message = order.left_out.get(key) or outcome.failures.get(key)
            if message:
                failures[name] = message
            metrics = placed[key].metrics if key in placed else ()
            lacking = tuple(metric for metric in metrics if metric not in outcome.names)
            if lacking:
                absent[name] = lacking
        return Evaluation(alarms, failures, absent)

    def _alerts(self) -> Mapping[str, Placed]:
        found = [
            Placed(rule, group, (), False, 0.0)
            for group in self._groups
            for rule in group.rules
            if not rule.record
        ]
        names = Counter(each.rule.name for each in found)
        ids: dict[str, Placed] = {}
        for each in found:
            name = each.rule.name
            severity = each.rule.labels.get("severity", "")
            if names[name] > 1 and severity:
                name = f"{name} ({severity})"
            number, unique = 1, name
            while unique in ids:
                number += 1
                unique = f"{name} {number}"
            ids[unique] = each
        return ids


def place_of(time_ns: int, starts_ns: npt.NDArray[np.int64]) -> int:
    """Return the place of the last request that had begun at a moment; 0 before the first.

    ``starts_ns`` are the starts of an episode's requests, ascending, in the
    same time as the alarm.
    """
    return max(0, int(np.searchsorted(starts_ns, time_ns, side="right")) - 1)
