"""Sums a run up: each arm's figures, what became of its faults, and the verdict."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from faults.fault import Layer
from faults.registry import catalogue
from observability import statistics
from observability.recording.run_folder import RunFolder
from observability.statistics import Estimate
from services.lab.runs.facts import Fact, read_facts
from services.lab.runs.fields import text_of
from services.lab.runs.receipts import Receipt
from services.lab.runs.scenario import Scenario
from services.lab.runs.tally import Tally
from services.lab.runs.verdict import Deviation, SteadyState, Watch

FIGURES = ("accuracy", "abstention_rate", "error_rate", "latency_p50_ms", "latency_p95_ms")


@dataclass(frozen=True, slots=True)
class FaultReceipts:
    """What became of one fault in an arm.

    The shares are of the requests that it was in place for: ``exposed`` used
    its part, ``witnessed`` left other spans than the twin, ``impacted``
    another answer, ``to_wrong`` a wrong answer in place of a right one.
    ``by_luck`` and ``to_wrong_by_luck`` are the same two between a pair of
    healthy runs with different luck, of those requests that were sampled for it.
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
    by_luck: Estimate
    to_wrong_by_luck: Estimate
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
    """Return the summary of what has been recorded; raises ``TruthMissingError``.

    Requests are read block by block, and of each only some numbers are kept.
    """
    arms = {name: _ArmTally(scenario, name) for name in scenario.arms}
    hypothesis = scenario.steady_state
    watch = None if hypothesis is None else Watch(scenario, hypothesis)
    for fact in read_facts(folder):
        arms[fact.arm].add(fact)
        if watch is not None:
            watch.add(fact)
    return RunSummary(
        tuple(arm.summary() for arm in arms.values()), None if watch is None else watch.judge()
    )


class _ArmTally:
    """What is added up of one arm."""

    def __init__(self, scenario: Scenario, name: str) -> None:
        self._name = name
        self._all = Tally(FIGURES)
        self._under = Tally(["accuracy"])
        self._twins_right = 0
        uses = scenario.arms[name].faults
        self._faults: dict[str, Counter[_What]] = {
            use.id: Counter() for use in uses if use.severity > 0
        }

    def add(self, fact: Fact) -> None:
        self._all.add(fact)
        if fact.faulty:
            self._under.add(fact)
            self._twins_right += bool(fact.twin_correct)
        for fault, seen in self._faults.items():
            if fault in fact.receipts:
                seen[_What.of(fault, fact)] += 1

    def summary(self) -> ArmSummary:
        return ArmSummary(
            self._name,
            self._all.requests,
            {figure: self._all.measure(figure) for figure in FIGURES},
            self._under.measure("accuracy"),
            statistics.rate(self._twins_right, self._under.requests),
            tuple(_receipts(fault, seen) for fault, seen in self._faults.items()),
        )


class _What(NamedTuple):
    """All that receipts are counted by; requests alike in it are one entry."""

    receipt: str
    correct: bool
    twin_correct: bool | None
    layer: str | None
    luck_differs: bool | None
    luck_correct: bool | None

    @staticmethod
    def of(fault: str, fact: Fact) -> _What:
        return _What(
            fact.receipts[fault],
            fact.correct,
            fact.twin_correct,
            fact.culprit_layer,
            fact.luck_differs,
            fact.luck_correct,
        )


def _receipts(fault: str, seen: Counter[_What]) -> FaultReceipts:
    # A fault's layer is one of the classes that a culprit is told apart by; a control has none.
    layer = catalogue().get(fault).layer
    selected = Counter(
        {
            what: n
            for what, n in seen.items()
            if what.receipt not in (Receipt.NOT_SELECTED, Receipt.INHERITED)
        }
    )
    again = Counter({w: n for w, n in selected.items() if w.luck_differs is not None})
    changed = Counter({w: n for w, n in selected.items() if w.receipt == Receipt.IMPACTED})
    placed = Counter({w: n for w, n in changed.items() if w.layer is not None})

    def share(*kinds: Receipt) -> Estimate:
        return _share(selected, lambda what: what.receipt in kinds)

    counts: Counter[str] = Counter()
    layers: Counter[str] = Counter()
    for what, n in seen.items():
        counts[what.receipt] += n
    for what, n in changed.items():
        layers[what.layer or "none"] += n
    return FaultReceipts(
        fault,
        dict(sorted(counts.items())),
        share(Receipt.APPLIED, Receipt.WITNESSED, Receipt.IMPACTED),
        share(Receipt.WITNESSED, Receipt.IMPACTED),
        share(Receipt.IMPACTED),
        _share(selected, lambda what: bool(what.twin_correct) and not what.correct),
        _share(selected, lambda what: what.twin_correct is False and what.correct),
        _share(again, lambda what: bool(what.luck_differs)),
        _share(again, lambda what: bool(what.twin_correct) and not what.luck_correct),
        statistics.NOTHING
        if layer is Layer.NONE
        else _share(placed, lambda what: what.layer == layer.value),
        dict(sorted(layers.items(), key=lambda item: (-item[1], item[0]))),
    )


def _share(of: Counter[_What], is_so: Callable[[_What], bool]) -> Estimate:
    return statistics.rate(sum(n for what, n in of.items() if is_so(what)), of.total())


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
