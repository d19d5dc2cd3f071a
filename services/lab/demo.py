"""The demonstration: the same questions healthy and under faults, and one of them told."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from faults.plan import FaultPlan, parse_plan
from observability.statistics import Estimate
from services.lab.errors import HealthyArmFailed
from services.lab.measure import Arm, MeasuredSystem, run_arm
from services.lab.measures import (
    MEASURES,
    exposed_accuracy,
    exposed_pairs,
    route_mix,
    status_codes,
)
from services.lab.outcome import Item, Outcome
from services.lab.story import Story, most_telling, tell
from services.lab.truth import TruthRecord

DEMO_FAULTS = ("chunks_tiny", "rerank_inverted", "misroute")
"""One of chunking, one of retrieval, one of routing."""

HEALTHY_ARM = "healthy"

Progress = Callable[[str, int, int], None]
"""Told the arm, how many of its questions are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A healthy arm, the same questions under faults, and the story of one of them."""

    seed: int
    healthy: Arm
    degraded: tuple[Arm, ...]
    story: Story | None

    @property
    def arms(self) -> tuple[Arm, ...]:
        """Return all arms, the healthy one first."""
        return (self.healthy, *self.degraded)


async def compare(
    system: MeasuredSystem,
    items: Sequence[Item],
    faults: Sequence[str] = DEMO_FAULTS,
    seed: int = 7,
    progress: Progress | None = None,
    concurrency: int = 4,
    keep_spans: bool = True,
    asked_under: Callable[[FaultPlan], Sequence[Item]] | None = None,
) -> Comparison:
    """Ask the questions healthy and then under each fault, ``ID[=SEVERITY]``, on its own.

    ``asked_under`` gives what is asked in place of the questions under a plan, by
    default the same. Without the spans of all requests, which a long run may not want to hold in
    memory, there is no story. Raises ``HealthyArmFailed`` if the healthy
    application answers nothing.
    """
    plans = {fault: parse_plan([fault]) for fault in faults}

    async def arm(name: str, plan: FaultPlan) -> Arm:
        def advance(done: int, total: int) -> None:
            if progress is not None:
                progress(name, done, total)

        asked = items if asked_under is None else asked_under(plan)
        return await run_arm(system, name, plan, asked, seed, concurrency, advance, keep_spans)

    healthy = await arm(HEALTHY_ARM, FaultPlan())
    if not any(outcome.status == 200 for outcome in healthy.outcomes):
        raise HealthyArmFailed(
            f"no question was answered (status codes: {status_codes(healthy.outcomes)}); "
            "`stillgreen ask` says why"
        )
    degraded = [await arm(name, plan) for name, plan in plans.items()]
    story = _story(healthy, degraded) if keep_spans else None
    return Comparison(seed, healthy, tuple(degraded), story)


def _story(healthy: Arm, degraded: Sequence[Arm]) -> Story | None:
    # A wrong answer that is given with confidence comes before an abstention,
    # whichever fault it is from.
    candidates = [
        (arm.outcomes[place].abstained, number, place)
        for number, arm in enumerate(degraded)
        if (place := most_telling(healthy.outcomes, arm.outcomes)) is not None
    ]
    if not candidates:
        return None
    _, number, place = min(candidates)
    before, after = healthy.outcomes[place], degraded[number].outcomes[place]
    return tell(
        degraded[number].name,
        before,
        after,
        healthy.traces.get(before.trace_id, ()),
        degraded[number].traces.get(after.trace_id, ()),
    )


def truth_of(comparison: Comparison) -> list[TruthRecord]:
    """Return what is true of every traced request of a comparison."""
    return [
        TruthRecord(
            trace_id=outcome.trace_id,
            arm=arm.name,
            question_id=outcome.item_id,
            question=outcome.question,
            expected=outcome.expected,
            given=outcome.answer,
            correct=outcome.correct,
            abstained=outcome.abstained,
            faults=arm.plan.everything(),
            twin=twin.trace_id if _are_twins(arm, comparison.healthy, outcome, twin) else None,
        )
        for arm in comparison.arms
        for outcome, twin in zip(arm.outcomes, comparison.healthy.outcomes, strict=True)
        if outcome.trace_id
    ]


def _are_twins(arm: Arm, healthy: Arm, outcome: Outcome, other: Outcome) -> bool:
    # Where other things are asked, two questions in one place are none.
    return arm is not healthy and outcome.item_id == other.item_id


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return all of a comparison as JSON; what is undefined is null."""
    story = comparison.story
    return {
        "seed": comparison.seed,
        "questions": len(comparison.healthy.outcomes),
        "confidence": 0.95,
        "arms": [_arm_json(arm, comparison.healthy) for arm in comparison.arms],
        "story": None
        if story is None
        else {
            "question": story.question,
            "expected": story.expected,
            "arm": story.arm,
            "healthy_trace_id": story.healthy.trace_id,
            "degraded_trace_id": story.degraded.trace_id,
            "steps": [asdict(step) for step in story.steps],
        },
    }


def _arm_json(arm: Arm, healthy: Arm) -> dict[str, Any]:
    return {
        "arm": arm.name,
        "faults": {fault.id: fault.severity for fault in arm.plan.everything()},
        "measures": {
            measure.key: {
                **_estimate_json(measure.estimate(arm.outcomes)),
                "section": measure.section,
                "unit": measure.unit,
                "shift": None
                if arm is healthy
                else _estimate_json(measure.shift(arm.outcomes, healthy.outcomes)),
            }
            for measure in MEASURES
        },
        "accuracy_where_used": _estimate_json(exposed_accuracy(arm, healthy)),
        "healthy_accuracy_there": _estimate_json(healthy_accuracy_there(arm, healthy)),
        "status_codes": {str(code): n for code, n in status_codes(arm.outcomes).items()},
        "routes": route_mix(arm.outcomes),
        "cpu_ms_per_question": 1000 * arm.cpu_seconds / len(arm.outcomes),
        "memory_mb": arm.memory_mb,
        "outcomes": [_outcome_json(outcome) for outcome in arm.outcomes],
    }


def healthy_accuracy_there(arm: Arm, healthy: Arm) -> Estimate:
    """Return the healthy arm's accuracy on the questions that use the arm's faulty part."""
    there = tuple(twin for _, twin in exposed_pairs(arm, healthy))
    accuracy = next(measure for measure in MEASURES if measure.key == "accuracy")
    return accuracy.estimate(there)


def _estimate_json(estimate: Estimate) -> dict[str, float | int | None]:
    return {key: _finite(value) for key, value in asdict(estimate).items()}


def _outcome_json(outcome: Outcome) -> Mapping[str, Any]:
    fields = {
        key: _finite(value) if isinstance(value, float) else value
        for key, value in asdict(outcome).items()
    }
    return {**fields, "exposed": [seam.value for seam in outcome.exposed]}


def _finite(value: float | int) -> float | int | None:
    return None if isinstance(value, float) and math.isnan(value) else value
