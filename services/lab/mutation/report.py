"""How far each mutation moved the accuracy, question by question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from observability import statistics
from observability.statistics import Estimate
from services.lab.evaluate import Group, group
from services.lab.measure import Arm
from services.lab.mutation.arms import Check, Mutated
from services.lab.outcome import Outcome

TOLERANCE = 0.05
"""How far the accuracy of an arm may be from that of the unchanged one."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A mutation's arm: how it came out, and its difference to the unchanged one.

    ``changed`` questions and ``answers`` read otherwise than in the unchanged
    arm; an arm with none of either has not been changed at all.
    """

    name: str
    says: str
    changed: int
    answers: int
    alike: int
    all_questions: Group
    difference: Estimate
    families: tuple[Lost, ...]
    lost: tuple[tuple[Outcome, Outcome], ...]

    @property
    def is_within(self) -> bool:
        """Tell whether the arm differs by no more than is tolerated."""
        # Shares of a few hundred questions are no exact binary fractions.
        return abs(self.difference.value) <= TOLERANCE + 1e-9


@dataclass(frozen=True, slots=True)
class Lost:
    """A family of questions, how many of it were right unchanged, and how many mutated."""

    family: str
    n: int
    before: int
    after: int


def moved(mutated: Mutated, unchanged: Arm) -> Moved:
    """Return what a mutation did to the answers."""
    before, after = unchanged.outcomes, mutated.arm.outcomes
    mutation = mutated.mutation
    return Moved(
        name=mutation.name,
        says=mutation.says,
        changed=mutation.changed,
        answers=sum(was.answer != now.answer for was, now in zip(before, after, strict=True)),
        alike=mutation.alike,
        all_questions=group(mutation.name, after),
        difference=statistics.paired_difference(
            [float(outcome.correct) for outcome in after],
            [float(outcome.correct) for outcome in before],
        ),
        families=_families(before, after),
        lost=tuple(
            (was, now)
            for was, now in zip(before, after, strict=True)
            if was.correct and not now.correct
        ),
    )


def as_json(check: Check) -> dict[str, Any]:
    """Return the arms with their differences, and each answer that was lost, as JSON."""
    arms = [moved(each, check.unchanged) for each in check.mutated]
    return {
        "seed": check.seed,
        "questions": len(check.unchanged.outcomes),
        "confidence": statistics.CONFIDENCE,
        "tolerance": TOLERANCE,
        "unchanged": _estimate(group("unchanged", check.unchanged.outcomes).accuracy),
        "mutations": [_moved_json(each) for each in arms],
        "within": all(each.is_within for each in arms),
    }


def _moved_json(each: Moved) -> dict[str, Any]:
    return {
        "name": each.name,
        "says": each.says,
        "questions_changed": each.changed,
        "answers_changed": each.answers,
        "questions_alike": each.alike,
        "accuracy": _estimate(each.all_questions.accuracy),
        "abstained": each.all_questions.abstained,
        "difference": _estimate(each.difference),
        "within": each.is_within,
        "families": [asdict(family) for family in each.families],
        "lost": [
            {
                "question_id": was.item_id,
                "question": was.question,
                "asked": now.question,
                "expected": now.expected,
                "answer": now.answer,
                "abstained": now.abstained,
                "route": now.route,
                "route_before": was.route,
                "trace_id": now.trace_id,
            }
            for was, now in each.lost
        ],
    }


def _families(before: Sequence[Outcome], after: Sequence[Outcome]) -> tuple[Lost, ...]:
    pairs = list(zip(before, after, strict=True))
    found = []
    for family in sorted({outcome.family for outcome in before}):
        own = [(was, now) for was, now in pairs if was.family == family]
        right = (sum(was.correct for was, _ in own), sum(now.correct for _, now in own))
        found.append(Lost(family, len(own), *right))
    return tuple(found)


def _estimate(estimate: Estimate) -> dict[str, float | int | None]:
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in asdict(estimate).items()
    }
