"""What rules said of a stretch of requests, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.detectors.rule import Alarm, Rule
from observability.detectors.rule_set import RuleProblem
from observability.signals.signal import LAYERS
from services.lab.detecting.watch import SEVERITIES, Silence, Watch, reads_in_vain, weight


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


def detected(
    watch: Watch, alarms: Sequence[Alarm], every_rule: Mapping[str, Rule] | None = None
) -> Detected:
    """Return what a watch has come to, with the alarms that it raised.

    ``every_rule`` holds the rules without thresholds too: of one that could not
    learn since nobody sends its signals, that is what is told.
    """
    silences = list(watch.silences())
    problems: list[RuleProblem] = []
    for problem in watch.rules.problems:
        rule = (every_rule or {}).get(problem.file.stem)
        in_vain = None if rule is None else reads_in_vain(rule, watch.missing)
        if in_vain is None:
            problems.append(problem)
        else:
            silences.append(in_vain)
    return Detected(
        watch.requests,
        len(watch.rules.rules) + len(watch.rules.problems) - len(problems),
        alarms,
        silences,
        watch.available,
        watch.missing,
        problems,
    )
