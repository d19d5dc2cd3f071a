"""How often answers are right, by family and wording, healthy and under faults."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from observability import statistics
from observability.statistics import Estimate
from services.lab.demo import Comparison
from services.lab.items import HELD_OUT_WORDINGS, KNOWN_WORDINGS
from services.lab.measure import Arm
from services.lab.measures import accuracy_lost, asks_otherwise, exposed_pairs
from services.lab.outcome import Outcome
from services.lab.plain import plain
from services.lab.silence import Silence, silence


@dataclass(frozen=True, slots=True)
class Group:
    """Some questions of an arm and how many of them were answered right."""

    name: str
    accuracy: Estimate
    abstained: int


@dataclass(frozen=True, slots=True)
class Report:
    """One arm: all questions, groups of them, and those that use the faulty part.

    ``lost_there`` is the difference between twins or, ``within_families``,
    between the families of questions where others are asked.
    """

    arm: str
    overall: Group
    groups: tuple[Group, ...]
    families: tuple[Group, ...]
    where_used: Group
    healthy_there: Group
    lost_there: Estimate
    within_families: bool
    silence: Silence


def report(arm: Arm, comparison: Comparison) -> Report:
    """Return the report of one arm of a comparison."""
    outcomes, healthy = arm.outcomes, comparison.healthy
    pairs = exposed_pairs(arm, healthy)
    return Report(
        arm=arm.name,
        overall=group("all questions", outcomes),
        groups=tuple(
            group(name, (o for o in outcomes if belongs(o)))
            for name, belongs in _GROUPS
            if any(belongs(o) for o in outcomes)
        ),
        families=tuple(
            group(family, each) for family, each in sorted(_by_family(outcomes).items())
        ),
        where_used=group("questions that use the part", (outcome for outcome, _ in pairs)),
        healthy_there=group(
            "the healthy run's questions" if asks_otherwise(arm) else "the same questions, healthy",
            (twin for _, twin in pairs),
        ),
        lost_there=accuracy_lost(arm, healthy),
        within_families=asks_otherwise(arm),
        silence=silence(arm, healthy),
    )


def group(name: str, outcomes: Iterable[Outcome]) -> Group:
    """Return how some outcomes came out."""
    listed = list(outcomes)
    right = sum(outcome.correct for outcome in listed)
    return Group(
        name,
        statistics.rate(right, len(listed)),
        sum(outcome.abstained for outcome in listed),
    )


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the reports of all arms, and each wrong answer, as JSON."""
    return {
        "seed": comparison.seed,
        "questions": len(comparison.healthy.outcomes),
        "confidence": 0.95,
        "arms": [_arm_json(report(arm, comparison), arm.outcomes) for arm in comparison.arms],
    }


def _arm_json(arm: Report, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    result: dict[str, Any] = plain({**asdict(arm), "silence": _silence(arm.silence)})
    return {**result, "wrong": _wrong(outcomes)}


def _silence(found: Silence) -> dict[str, object]:
    return {
        "all_answered": found.lights.all_answered,
        "error_spans": found.lights.error_spans,
        "error_rate_higher": found.lights.error_rate_higher,
        "latency_ratio": found.lights.latency_ratio,
        "accuracy_apart": found.accuracy_apart,
        "green": found.green,
        "silent": found.silent,
    }


def _wrong(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    return [
        {
            "question_id": outcome.item_id,
            "question": outcome.question,
            "expected": outcome.expected,
            "answer": outcome.answer,
            "abstained": outcome.abstained,
            "route": outcome.route,
            "status": outcome.status,
            "trace_id": outcome.trace_id,
        }
        for outcome in outcomes
        if not outcome.correct
    ]


def _by_family(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    families: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        families[outcome.family].append(outcome)
    return families


_GROUPS: tuple[tuple[str, Callable[[Outcome], bool]], ...] = (
    ("known wordings", lambda outcome: outcome.wording in KNOWN_WORDINGS),
    ("held-out wordings", lambda outcome: outcome.wording in HELD_OUT_WORDINGS),
    ("with an answer", lambda outcome: outcome.answerable),
    ("without an answer", lambda outcome: not outcome.answerable),
)
