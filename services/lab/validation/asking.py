"""Runs the traffic under one fault at several severities, and compares requests with twins."""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import accumulate

from faults.fault import Seam
from faults.plan import HEALTHY, ActiveFault, FaultPlan, PlannedFault
from faults.registry import catalogue
from observability.trace_view.alignment import Divergence
from services.lab.measures import MEASURES
from services.lab.outcome import uses
from services.lab.runs.passes import Answered
from services.lab.runs.receipts import Receipt, compare_twins
from services.lab.runs.worker import Worker
from services.lab.story import tell
from services.lab.validation.cells import Cell, Example, FaultCells, Request, Stage
from services.lab.validation.experiment import Experiment

_HEALTHY_WAY = 0
_TEXT = 300


class Asker:
    """Asks the same sessions healthy, once, and under one fault after another."""

    def __init__(self, worker: Worker, experiment: Experiment) -> None:
        self._worker = worker
        self._experiment = experiment
        traffic = worker.traffic
        self._sessions = [traffic.session(number) for number in range(traffic.sessions)]
        self._start_ns = self._sessions[0].requests[0].at_ns
        self._twins: Mapping[int, Answered] | None = None
        self._way = _HEALTHY_WAY

    def fault(self, fault_id: str) -> FaultCells:
        """Return what a fault did at each severity; indexes that it needs are built first."""
        began = time.perf_counter()
        healthy = self._healthy()
        seam = catalogue().get(fault_id).seam
        experiment = self._experiment
        cells = []
        for severity in experiment.severities:
            highest = severity == max(experiment.severities)
            count = experiment.at_highest if highest else experiment.requests
            plan = FaultPlan((PlannedFault(ActiveFault(fault_id, severity)),))
            self._worker.prepare(plan)
            cells.append(_cell(fault_id, seam, severity, self._ask(plan, count), healthy))
        self._worker.release()
        before = Cell(0.0, tuple(_request(each, each, seam) for each in healthy.values()))
        return FaultCells(fault_id, before, tuple(cells), time.perf_counter() - began)

    def _healthy(self) -> Mapping[int, Answered]:
        if self._twins is None:
            experiment = self._experiment
            self._twins = self._ask(HEALTHY, max(experiment.requests, experiment.at_highest))
        return self._twins

    def _ask(self, plan: FaultPlan, count: int) -> Mapping[int, Answered]:
        """Ask the first sessions that have so many requests between them, or a few more."""
        way, self._way = self._way, self._way + 1
        sizes = accumulate(len(session.requests) for session in self._sessions)
        until = next((n for n, size in enumerate(sizes, 1) if size >= count), len(self._sessions))
        return self._worker.ask(way, self._sessions[:until], plan, self._start_ns).answered


def _cell(
    fault_id: str,
    seam: Seam,
    severity: float,
    answered: Mapping[int, Answered],
    healthy: Mapping[int, Answered],
) -> Cell:
    requests = []
    telling: tuple[bool, int, Divergence | None] | None = None
    for number, one in answered.items():
        verdict = compare_twins({fault_id: seam}, one, healthy[number], hit_before=False)
        receipt = verdict.receipts[fault_id]
        divergence = verdict.divergence
        requests.append(_request(one, healthy[number], seam, receipt, divergence))
        same = one.asked.item.id == healthy[number].asked.item.id
        spoiled = same and healthy[number].outcome.correct and not one.outcome.correct
        # A wrong answer given with confidence tells more than one that is not given.
        if spoiled and (telling is None or one.outcome.abstained < telling[0]):
            telling = (one.outcome.abstained, number, divergence)
    example = None
    if telling is not None:
        _, number, divergence = telling
        example = _example(fault_id, healthy[number], answered[number], divergence)
    return Cell(severity, tuple(requests), example)


def _request(
    one: Answered,
    twin: Answered,
    seam: Seam,
    receipt: Receipt = Receipt.NOT_SELECTED,
    divergence: Divergence | None = None,
) -> Request:
    outcome = one.outcome
    return Request(
        number=one.asked.number,
        family=outcome.family,
        exposed=uses(twin.outcome, seam) or receipt in _TOUCHED,
        receipt=receipt.value,
        layer=None if divergence is None else divergence.layer,
        correct=outcome.correct,
        status=outcome.status,
        error_spans=outcome.error_spans,
        values={measure.key: measure.of(outcome) for measure in MEASURES},
    )


_TOUCHED = (Receipt.WITNESSED, Receipt.IMPACTED)


def _example(
    fault_id: str, healthy: Answered, degraded: Answered, divergence: Divergence | None
) -> Example:
    story = tell(fault_id, healthy.outcome, degraded.outcome, healthy.spans, degraded.spans)
    return Example(
        question=healthy.asked.item.text,
        expected=healthy.asked.item.expected,
        healthy=_short(healthy.outcome.answer),
        degraded=_short(degraded.outcome.answer),
        where="" if divergence is None else divergence.where,
        attribute="" if divergence is None else divergence.attribute,
        left="" if divergence is None else _short(divergence.left),
        right="" if divergence is None else _short(divergence.right),
        stages=tuple(
            Stage(step.stage, _short(step.healthy), _short(step.degraded)) for step in story.steps
        ),
    )


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
