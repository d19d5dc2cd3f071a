"""Prometheus rules over a recording's metrics, told as other rules are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from observability.detectors.errors import DetectorError, EngineMissing
from observability.detectors.prometheus.engine import Programs
from observability.detectors.prometheus.rules import Evaluation, PrometheusRules, place_of
from observability.detectors.prometheus.series import Piece
from observability.detectors.rule import Alarm
from observability.detectors.rule_set import RuleProblem
from observability.recording.run_folder import RunFolder
from services.lab.detecting.watch import Silence


@dataclass(frozen=True, slots=True)
class MetricsFound:
    """What Prometheus rules said of a recording, and which could not say anything."""

    rules: int = 0
    alarms: tuple[Alarm, ...] = ()
    silences: tuple[Silence, ...] = ()
    problems: tuple[RuleProblem, ...] = ()


def alarms_of_metrics(
    files: Sequence[Path], folder: RunFolder, requests: pa.Table, programs: Programs
) -> MetricsFound:
    """Evaluate rule files over a recording's metrics.

    An alarm is told with the request that had begun last when it fired. A file
    that cannot be used, or an engine that is not there, is a problem and not an
    error: the other rules go on.
    """
    if not files:
        return MetricsFound()
    rules = PrometheusRules(programs)
    problems: list[RuleProblem] = []
    try:
        for file in files:
            _, found = rules.load(file)
            problems += [RuleProblem(file, each.message) for each in found]
        evaluation = rules.evaluate([[Piece.of_run(folder)]])
    except EngineMissing as error:
        return MetricsFound(problems=tuple(RuleProblem(file, str(error)) for file in files))
    except DetectorError as error:
        return MetricsFound(problems=(*problems, RuleProblem(files[0], str(error))))
    return MetricsFound(
        len(rules.infos),
        tuple(_alarms(rules, evaluation, requests)),
        tuple(_silences(evaluation)),
        tuple(problems),
    )


def _alarms(rules: PrometheusRules, evaluation: Evaluation, requests: pa.Table) -> Iterator[Alarm]:
    starts = np.asarray(requests.column("start_ns").to_numpy(), dtype=np.int64)
    ids = requests.column("trace_id")
    for name, episodes in evaluation.alarms.items():
        for firing in episodes[0] if episodes else ():
            trace = ids[place_of(firing.time_ns, starts)].as_py() if len(starts) else ""
            yield Alarm(rules.infos[name], trace, firing.time_ns)


def _silences(evaluation: Evaluation) -> Iterator[Silence]:
    for name, message in evaluation.failures.items():
        yield Silence(name, "failed", message)
    for name, metrics in evaluation.absent.items():
        if name not in evaluation.failures and not any(evaluation.alarms.get(name, ())):
            text = f"reads the metrics {', '.join(metrics)}, which the recording does not have"
            yield Silence(name, "no signal", text, metrics)
