"""Makes the truth of a block out of its passes and twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.recording.records import TruthRecord
from services.lab.mix import in_application
from services.lab.runs.culprit import culprit_of
from services.lab.runs.passes import Answered, Pass
from services.lab.runs.receipts import Verdict, answers_differ, compare_twins, seams
from services.lab.runs.scenario import Scenario
from services.lab.runs.traffic import Session


@dataclass(frozen=True, slots=True)
class ArmDone:
    """An arm's pass, the healthy runs of its requests by their numbers, and those of other luck."""

    done: Pass
    twins: Mapping[int, Answered]
    lucky: Mapping[int, Answered]


def is_hit(answered: Answered) -> bool:
    """Tell whether a request ran in an application with a fault."""
    return bool(in_application(answered.active))


def block_truth(
    scenario: Scenario, sessions: Sequence[Session], arms: Sequence[ArmDone]
) -> list[TruthRecord]:
    """Return the truth of every request of every arm, in the scenario's order, arm by arm."""
    found = []
    for (name, arm), ran in zip(scenario.arms.items(), arms, strict=True):
        planned = seams(tuple(use.id for use in arm.faults if use.severity > 0))
        for session in sessions:
            hit_before = False
            for asked in session.requests:
                answered = ran.done.answered[asked.number]
                hit = is_hit(answered)
                twin = ran.twins.get(asked.number) if hit or hit_before else None
                verdict = compare_twins(planned, answered, twin, hit_before)
                found.append(_record(name, answered, twin, ran.lucky.get(asked.number), verdict))
                hit_before = hit_before or hit
    return found


def _record(
    arm: str,
    answered: Answered,
    twin: Answered | None,
    lucky: Answered | None,
    verdict: Verdict,
) -> TruthRecord:
    outcome, item = answered.outcome, answered.asked.item
    culprit = culprit_of(verdict.divergence)
    return TruthRecord(
        trace_id=answered.trace_id,
        arm=arm,
        question_id=item.id,
        family=item.family,
        wording=item.wording,
        question=item.text,
        expected=item.expected,
        given=outcome.answer,
        correct=outcome.correct,
        abstained=outcome.abstained,
        answerable=item.answerable,
        number=answered.asked.number,
        faults={fault.id: fault.severity for fault in answered.active},
        receipts={fault: receipt.value for fault, receipt in verdict.receipts.items()},
        twin=twin.trace_id if twin is not None else None,
        twin_correct=twin.outcome.correct if twin is not None else None,
        luck_differs=answers_differ(lucky, twin) if twin and lucky else None,
        luck_correct=lucky.outcome.correct if twin and lucky else None,
        culprit_span=culprit.span_id if culprit else None,
        culprit_name=culprit.name if culprit else None,
        culprit_agent=culprit.agent if culprit else None,
        culprit_layer=culprit.layer if culprit else None,
        culprit_seam=culprit.seam if culprit else None,
    )
