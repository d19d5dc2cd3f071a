"""The tables of a bench's report: rules, false alarms, controls, requests and signals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from observability.bench.controls import Control
from observability.bench.groups import BASELINE
from observability.bench.leaderboard import Standing
from observability.bench.report import BenchReport, RuleScore, SetScore
from observability.bench.requests import RequestScore
from observability.bench.wording import (
    number,
    number_of,
    p_value,
    ratio,
    share,
    share_of,
)

TOO_GOOD: Final = 0.9
"""An AUROC per request that real detectors of wrong answers do not reach."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``heat`` from 0 to 10 shades it, ``kind`` is a class of the page's style."""

    text: str
    kind: str = ""
    heat: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its heading. ``bodies`` are rows put apart."""

    caption: str
    headings: tuple[str, ...]
    bodies: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]

    @property
    def is_empty(self) -> bool:
        """Whether it has no rows."""
        return not any(rows for _, rows in self.bodies)


def row(*texts: str | Cell) -> tuple[Cell, ...]:
    """Return a row out of texts and cells."""
    return tuple(Cell(each) if isinstance(each, str) else each for each in texts)


def heat(value: float) -> int | None:
    """Return how strongly a share is shaded."""
    return None if math.isnan(value) else round(max(0.0, min(1.0, value)) * 10)


def rules_table(report: BenchReport) -> Table:
    """Return how sets, baselines and single rules did over episodes."""
    groups: dict[str, list[tuple[Cell, ...]]] = {BASELINE: []}
    for each in report.rules:
        groups.setdefault(each.info.group, []).append(_rule_row(each.info.id, each.score))
    sets = tuple(_rule_row(each.name, each) for each in report.sets)
    names = {BASELINE: "baselines", "infrastructure": "infrastructure", "quality": "quality"}
    return Table(
        "Episodes: what each rule detects, how late, and how often it cries wolf. “By chance” "
        "is the share that the rule's false alarms alone would have detected, “beyond twins” the "
        "share that a rule detected which is silent in the same requests without the fault.",
        (
            "rules",
            "silent detected",
            "beyond twins",
            "at highest severity",
            "by chance",
            "p",
            "loud detected",
            "delay, requests",
            "delay, minutes",
            "missed",
            "false alarms per 1,000",
        ),
        (
            ("sets of rules", sets),
            *((names.get(group, group), tuple(rows)) for group, rows in groups.items()),
        ),
    )


def _rule_row(name: str, score: SetScore) -> tuple[Cell, ...]:
    silent = score.silent
    return row(
        name,
        Cell(share_of(silent.detected), heat=heat(silent.detected.value)),
        share_of(score.twins.beyond),
        share_of(score.highest.detected),
        share_of(silent.by_chance),
        p_value(silent.p_chance),
        share_of(score.loud.detected),
        number_of(silent.delay_requests, 0),
        number_of(silent.delay_minutes, 1),
        share(silent.missed),
        number_of(silent.false_alarms.per_thousand, 2),
    )


def requests_table(report: BenchReport) -> Table:
    """Return how well rules tell single requests apart, one body for each question."""
    judges = [each for each in report.rules if each.requests]
    bodies = []
    for place, question in enumerate(("impacted", "applied", "answer wrong")):
        rows = [_request_row(each, each.requests[place]) for each in judges]
        base = judges[0].requests[place].base_rate if judges else math.nan
        bodies.append((f"{question} (base rate {share(base)})", tuple(rows)))
    return Table(
        "Requests: whether the answer changed, whether a fault was in place and in use, and "
        "whether the answer is wrong, over healthy requests too.",
        ("rule", "precision", "recall", "F1", "AUC-PR", "AUROC", "flagged healthy", "scored"),
        tuple(bodies),
    )


def _request_row(rule: RuleScore, score: RequestScore) -> tuple[Cell, ...]:
    suspicious = score.question != "applied" and score.auroc.value > TOO_GOOD
    return row(
        rule.info.id,
        share_of(score.precision),
        share_of(score.recall),
        number_of(score.f1),
        number_of(score.auc_pr),
        Cell(number_of(score.auroc), "suspicious" if suspicious else ""),
        share_of(score.flagged_healthy),
        share(score.told),
    )


def signals_table(report: BenchReport) -> Table:
    """Return how well signals order requests, chance being 0.5."""
    names = list(dict.fromkeys(each.name for each in report.signals))
    rows = []
    for name in names:
        mine = {each.question: each for each in report.signals if each.name == name}
        worse = "higher" if next(iter(mine.values())).higher_is_worse else "lower"
        cells = [
            Cell(
                number_of(mine[question].auroc),
                "suspicious"
                if question != "applied" and mine[question].auroc.value > TOO_GOOD
                else "",
            )
            for question in ("answer wrong", "impacted", "applied")
        ]
        rows.append(row(name, worse, *cells, share(mine["answer wrong"].told)))
    return Table(
        "Signals against truth, AUROC with interval (0.5 is chance, below it a signal points "
        "the wrong way)",
        ("signal", "worse is", "answer wrong", "impacted", "applied", "requests that have it"),
        (("", tuple(rows)),),
    )


def false_alarms_table(report: BenchReport) -> Table:
    """Return the rate of false alarms of each rule, the loudest first."""
    ranked = sorted(report.rules, key=lambda each: (-_rate(each.score), each.info.id))
    rows = [
        row(
            each.info.id,
            each.info.group,
            str(each.score.silent.false_alarms.alarms),
            number_of(each.score.silent.false_alarms.per_thousand),
        )
        for each in ranked
    ]
    return Table(
        f"False alarms in {report.healthy_requests:,} healthy requests, each counted once",
        ("rule", "group", "alarms", "per 1,000"),
        (("", tuple(rows)),),
    )


def controls_table(report: BenchReport) -> Table:
    """Return the alarms of sets under each control, and of every rule that raises more."""
    sets = {each.name for each in report.sets}
    bodies = []
    for control in dict.fromkeys(each.control for each in report.controls):
        mine = [each for each in report.controls if each.control == control]
        shown = [each for each in mine if each.rules in sets or each.raises_more]
        bodies.append((control, tuple(_control_row(each) for each in shown)))
    return Table(
        "Controls: changes that harm nobody. All sets of rules, and each rule that alarms more "
        "than in healthy traffic (p corrected for the number of rules, below 0.05).",
        ("rules", "per 1,000 under it", "per 1,000 healthy", "times as often", "p", "verdict"),
        tuple(bodies),
    )


def _control_row(each: Control) -> tuple[Cell, ...]:
    verdict = Cell("raises more", "bad") if each.raises_more else Cell("no more than usual", "good")
    return row(
        each.rules,
        number_of(each.compared.ours.per_thousand),
        number_of(each.compared.theirs.per_thousand),
        ratio(each.compared),
        p_value(each.p_adjusted),
        verdict,
    )


def _rate(score: SetScore) -> float:
    value = score.silent.false_alarms.per_thousand.value
    return -1.0 if math.isnan(value) else value


def silences_table(report: BenchReport) -> Table:
    """Return what infrastructure rules saw of silent faults, by what each makes worse."""
    rows = [
        row(
            each.claim,
            str(len(each.faults)),
            str(each.detection.episodes),
            share_of(each.detection.detected),
            share_of(each.detection.by_chance),
            p_value(each.detection.p_chance),
            f"{each.twins.only_fault} / {each.twins.only_twin} of {each.twins.pairs}",
            p_value(each.twins.p_more),
        )
        for each in report.silences
    ]
    return Table(
        "Infrastructure rules against silent faults, by the measure that a fault makes worse. "
        "“Twins”: episodes alarmed under the fault only / in the same healthy requests only.",
        ("measure", "faults", "episodes", "detected", "by chance", "p", "twins", "p of twins"),
        (("", tuple(rows)),),
    )


def leaderboard_table(standings: Sequence[Standing]) -> Table:
    """Return rule sets against each other, the best first."""
    rows = [
        row(
            each.name,
            str(each.rules),
            Cell(share_of(each.score.silent.detected), heat=heat(each.score.silent.detected.value)),
            share_of(each.score.silent.by_chance),
            number_of(each.score.silent.false_alarms.per_thousand),
            number_of(each.score.silent.delay_requests, 0),
            share_of(each.localisation.ac1),
            share_of(each.localisation.ac3),
            str(each.failures),
        )
        for each in standings
    ]
    return Table(
        "Rule sets on the same episodes: those that keep to the budget of false alarms first",
        (
            "rule set",
            "rules",
            "silent detected",
            "by chance",
            "false alarms per 1,000",
            "delay, requests",
            "AC@1",
            "AC@3",
            "rules that failed",
        ),
        (("", tuple(rows)),),
    )


def provenance_rows(report: BenchReport) -> list[tuple[str, str]]:
    """Return where the figures come from."""
    origin = report.provenance
    return [
        ("episodes", f"{report.episodes:,}"),
        ("requests", f"{report.requests:,}, {report.healthy_requests:,} of them healthy and apart"),
        ("seeds of the episodes", ", ".join(map(str, origin.seeds)) or "not stated"),
        ("rules", f"{len(report.rules)} from {origin.rules_from or 'not stated'}"),
        ("thresholds", origin.thresholds or "not stated"),
        ("budget of false alarms", f"{number(origin.budget)} per 1,000 healthy requests"),
        ("held-out faults", ", ".join(report.held_out.faults) or "none"),
        (
            "ranking of layers",
            f"alarms within {report.method.within} requests of the first, weighed by "
            f"{report.method.weigh}, {report.method.pool} over a layer's rules, upstream layers "
            f"first from {report.method.upstream:g} of the strongest",
        ),
        *(("note", note) for note in origin.notes),
    ]
