"""Rules over a recording from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from observability.detectors.prometheus.engine import Programs
from observability.detectors.rule import Rule
from observability.detectors.rule_set import RuleSet
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import signals_of
from observability.signals.mapping import SpanMapping
from observability.signals.signal import Signal
from services.lab.detecting.detected import Detected, detected
from services.lab.detecting.metrics import alarms_of_metrics
from services.lab.detecting.watch import Watch, weight


def detect(
    folder: RunFolder,
    rules: RuleSet,
    signals: Mapping[str, Signal],
    programs: Programs,
    mapping: SpanMapping | None = None,
    every_rule: Mapping[str, Rule] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Detected:
    """Run rules over the requests and the metrics of a recording.

    ``programs`` evaluate Prometheus rules, if there are any. ``every_rule`` are
    the rules without thresholds too, see ``detected``.
    Raises ``DamagedRunError`` for a recording that cannot be read.
    """
    table = signals_of(folder, progress, mapping)
    watch = Watch(rules, signals)
    alarms = watch.feed(table)
    of_metrics = alarms_of_metrics(rules.prometheus, folder, table, programs)
    found = detected(watch, [*alarms, *of_metrics.alarms], every_rule)
    return Detected(
        found.requests,
        found.rules + of_metrics.rules,
        sorted(found.alarms, key=lambda each: (each.time_ns, -weight(each), each.rule.id)),
        (*found.silences, *of_metrics.silences),
        found.available,
        found.missing,
        (*found.problems, *of_metrics.problems),
    )
