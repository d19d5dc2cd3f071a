"""Sums a run up: each arm's figures, what became of its faults, and the verdict."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from faults.fault import Layer
from faults.registry import catalogue
from observability.recording.run_folder import RunFolder
from services.lab import statistics
from services.lab.runs.facts import Fact, read_facts
from services.lab.runs.receipts import Receipt
from services.lab.runs.scenario import Scenario, text_of
from services.lab.runs.verdict import Deviation, SteadyState, judge, measure
from services.lab.statistics import Estimate

FIGURES = ("accuracy", "abstention_rate", "error_rate", "latency_p50_ms", "latency_p95_ms")


@dataclass(frozen=True, slots=True)
class FaultReceipts:
    """What became of one fault in an arm.

    The shares are of the requests that it was in place for: ``exposed`` used
    its part, ``witnessed`` left other spans than the twin, ``impacted``
    another answer, ``to_wrong`` a wrong answer in place of a right one.
    ``layer_agrees`` is the share of impacted requests whose culprit lies in the
    fault's own layer.
    """

    fault: str
    counts: Mapping[str, int]
    exposed: Estimate
    witnessed: Estimate
    impacted: Estimate
    to_wrong: Estimate
    to_right: Estimate
    layer_agrees: Estimate
    layers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ArmSummary:
    """One arm: its figures over all requests, and over those that a fault was in place for."""

    name: str
    requests: int
    figures: Mapping[str, Estimate]
    under_fault: Estimate
    same_healthy: Estimate
    faults: tuple[FaultReceipts, ...]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a whole."""

    arms: tuple[ArmSummary, ...]
    steady_state: SteadyState | None


def summarise(folder: RunFolder, scenario: Scenario) -> RunSummary:
    """Return the summary of what has been recorded; raises ``TruthMissingError``."""
    by_arm: dict[str, list[Fact]] = defaultdict(list)
    for fact in read_facts(folder):
        by_arm[fact.arm].append(fact)
    arms = [_arm(scenario, name, by_arm[name]) for name in scenario.arms]
    everything = [fact for facts in by_arm.values() for fact in facts]
    return RunSummary(tuple(arms), judge(scenario, everything))


def _arm(scenario: Scenario, name: str, facts: Sequence[Fact]) -> ArmSummary:
    under = [fact for fact in facts if fact.faulty]
    return ArmSummary(
        name,
        len(facts),
        {figure: measure(figure, facts) for figure in FIGURES},
        measure("accuracy", under),
        statistics.rate(sum(bool(fact.twin_correct) for fact in under), len(under)),
        tuple(_receipts(use.id, facts) for use in scenario.arms[name].faults if use.severity > 0),
    )


def _receipts(fault: str, facts: Sequence[Fact]) -> FaultReceipts:
    # A fault's layer is one of the classes that a culprit is told apart by; a control has none.
    layer = catalogue().get(fault).layer
    selected = [
        fact
        for fact in facts
        if fact.receipts.get(fault) not in (None, Receipt.NOT_SELECTED, Receipt.INHERITED)
    ]
    n = len(selected)

    def share(*kinds: Receipt) -> Estimate:
        return statistics.rate(sum(fact.receipts[fault] in kinds for fact in selected), n)

    changed = [fact for fact in selected if fact.receipts[fault] == Receipt.IMPACTED]
    placed = [fact for fact in changed if fact.culprit_layer is not None]
    agree = sum(fact.culprit_layer == layer.value for fact in placed)
    return FaultReceipts(
        fault,
        dict(
            sorted(
                Counter(fact.receipts[fault] for fact in facts if fault in fact.receipts).items()
            )
        ),
        share(Receipt.APPLIED, Receipt.WITNESSED, Receipt.IMPACTED),
        share(Receipt.WITNESSED, Receipt.IMPACTED),
        share(Receipt.IMPACTED),
        statistics.rate(sum(bool(f.twin_correct) and not f.correct for f in selected), n),
        statistics.rate(sum(f.twin_correct is False and f.correct for f in selected), n),
        statistics.NOTHING if layer is Layer.NONE else statistics.rate(agree, len(placed)),
        dict(Counter(fact.culprit_layer or "none" for fact in changed).most_common()),
    )


def as_json(summary: RunSummary) -> dict[str, Any]:
    """Return a summary as JSON; what is undefined is null."""
    steady = summary.steady_state
    return {
        "arms": [_finite(asdict(arm)) for arm in summary.arms],
        "steady_state": None
        if steady is None
        else {
            "title": steady.title,
            "verdict": steady.verdict,
            "arms": {arm: "kept" if kept else "deviated" for arm, kept in steady.kept.items()},
            "deviations": [_finite(asdict(deviation)) for deviation in steady.deviations],
        },
    }


def deviation_text(deviation: Deviation) -> str:
    """Return where a probe deviated, as one line."""
    low = "" if deviation.low is None else f"{deviation.low:g}"
    high = "" if deviation.high is None else f"{deviation.high:g}"
    found = deviation.found
    return (
        f"{deviation.arm}, {text_of(deviation.begins)} to {text_of(deviation.ends)}: "
        f"{deviation.probe}: {deviation.measure} is {found.value:.4g} "
        f"({found.low:.4g} to {found.high:.4g}), and {low} to {high} is fine"
    )


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value
