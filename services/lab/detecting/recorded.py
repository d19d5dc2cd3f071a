"""Rules over a recording from beginning to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from observability.detectors.rule import Alarm
from observability.detectors.rule_set import RuleProblem, RuleSet
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import signals_of
from observability.signals.mapping import SpanMapping
from observability.signals.signal import LAYERS, Signal
from services.lab.detecting.metrics import alarms_of_metrics
from services.lab.detecting.watch import SEVERITIES, Silence, Watch, weight


@dataclass(frozen=True, slots=True)
class Detected:
    """What rules said of a stretch of requests, and what they could not say.

    ``rules`` is how many were at work; ``silences`` are those of them that
    said nothing at all, ``problems`` the files that were left out.
    """

    requests: int
    rules: int
    alarms: Sequence[Alarm]
    silences: Sequence[Silence]
    available: Sequence[str]
    missing: Sequence[str]
    problems: Sequence[RuleProblem]

    @property
    def by_severity(self) -> Mapping[str, int]:
        """Return how many alarms there are of each severity, the worst first."""
        counts = Counter(alarm.rule.severity for alarm in self.alarms)
        return {severity: counts.get(severity, 0) for severity in reversed(SEVERITIES)}

    @property
    def by_layer(self) -> Mapping[str, int]:
        """Return how many alarms blame each layer, the most blamed first."""
        counts = Counter(each.rule.layer for each in self.alarms if each.rule.layer in LAYERS)
        return dict(counts.most_common())

    def at_least(self, severity: str) -> bool:
        """Tell whether there is an alarm of a severity or a worse one."""
        least = SEVERITIES.index(severity)
        return any(weight(alarm) >= least for alarm in self.alarms)


def detect(
    folder: RunFolder,
    rules: RuleSet,
    signals: Mapping[str, Signal],
    mapping: SpanMapping | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Detected:
    """Run rules over the requests and the metrics of a recording.

    Raises ``DamagedRunError`` for a recording that cannot be read.
    """
    table = signals_of(folder, progress, mapping)
    watch = Watch(rules, signals)
    alarms = watch.feed(table)
    of_metrics = alarms_of_metrics(rules.prometheus, folder, table)
    found = detected(watch, [*alarms, *of_metrics.alarms])
    return Detected(
        found.requests,
        found.rules + of_metrics.rules,
        sorted(found.alarms, key=lambda each: (each.time_ns, -weight(each), each.rule.id)),
        (*found.silences, *of_metrics.silences),
        found.available,
        found.missing,
        (*found.problems, *of_metrics.problems),
    )


def detected(watch: Watch, alarms: Sequence[Alarm]) -> Detected:
    """Return what a watch has come to, with the alarms that it raised."""
    return Detected(
        watch.requests,
        len(watch.rules.rules),
        alarms,
        watch.silences(),
        watch.available,
        watch.missing,
        watch.rules.problems,
    )
