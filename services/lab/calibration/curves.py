"""Curves of answers over conditions of growing size, and what has to be asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observability import statistics
from observability.statistics import NOTHING, Estimate
from services.lab.calibration.conditions import all_conditions
from services.lab.calibration.conditions.distractors import PERCENT
from services.lab.calibration.conditions.lengths import THOUSANDS
from services.lab.calibration.conditions.passages import NUMBERS
from services.lab.calibration.conditions.positions import PLACES
from services.lab.calibration.estimates import estimate
from services.lab.calibration.running import Answer
from services.lab.calibration.trial import Result

GPT4, GPT4O, LLAMA2, LLAMA33, LONGCHAT = (
    "sim-gpt4turbo-like",
    "sim-gpt4o-like",
    "sim-llama2-70b-like",
    "sim-llama33-70b-like",
    "sim-longchat13b-like",
)
CAREFUL, WEAK = "sim-careful-2026-03", "sim-longctx-weak-2026-01"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve."""

    condition: str
    label: str
    size: float
    value: Estimate


@dataclass(frozen=True, slots=True)
class Curve:
    """A measure of a preset over conditions of growing size."""

    kind: str
    preset: str
    points: tuple[Point, ...]

    def at(self, condition: str) -> Estimate:
        """Return the value at a condition, ``NOTHING`` where it was not measured."""
        return {p.condition: p.value for p in self.points}.get(condition, NOTHING)


class Answers:
    """All answers of a run, by preset and condition."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.all = answers
        self._by: dict[tuple[str, str], list[Answer]] = {}
        for answer in answers:
            self._by.setdefault((answer.preset, answer.condition), []).append(answer)

    def of(self, preset: str, condition: str) -> list[Answer]:
        """Return the answers of a preset under a condition."""
        return self._by.get((preset, condition), [])

    def curve(self, kind: str, preset: str, measure: str = "correct") -> Curve:
        """Return the accuracy of a preset over the conditions of a kind."""
        known = all_conditions()
        points = [
            Point(name, known[name].label, known[name].size, estimate(given, measure))
            for name in KINDS[kind]
            if (given := self.of(preset, name))
        ]
        return Curve(kind, preset, tuple(points))

    def gap(self, preset: str, one: str, other: str) -> Estimate:
        """Return by how much accuracy under a condition exceeds another's, question by question."""
        means: list[dict[str, float]] = []
        for condition in (one, other):
            by_question: dict[str, list[float]] = {}
            for answer in self.of(preset, condition):
                right = float(answer.result is Result.CORRECT)
                by_question.setdefault(answer.question, []).append(right)
            means.append({q: sum(v) / len(v) for q, v in by_question.items()})
        both = [q for q in means[0] if q in means[1]]
        return statistics.paired_difference(
            [means[0][q] for q in both], [means[1][q] for q in both]
        )


KINDS: dict[str, tuple[str, ...]] = {
    "position": tuple(f"gold_at_{place}" for place in PLACES),
    "length": tuple(f"length_{thousands}k" for thousands in THOUSANDS),
    "distractors": tuple(f"hard_{percent}" for percent in PERCENT),
    "passages": tuple(f"k_{number}" for number in NUMBERS),
}
CURVES: tuple[tuple[str, str], ...] = (
    ("position", LONGCHAT),
    ("position", LLAMA2),
    ("length", GPT4O),
    ("length", LLAMA33),
    ("length", WEAK),
    ("distractors", GPT4),
    ("passages", LLAMA33),
)
OTHERS: tuple[tuple[str, str], ...] = (
    ("store_filtered", CAREFUL),
    ("store_shared", CAREFUL),
    ("store_filtered", GPT4),
    ("store_shared", GPT4),
    ("store_filtered", LLAMA2),
    ("store_shared", LLAMA2),
    ("sufficient", GPT4),
    ("insufficient", GPT4),
    ("insufficient", LLAMA2),
)
"""What is run for shapes besides the cells and the curves."""
CLOSE = tuple((name, LLAMA33) for name in KINDS["passages"])
"""Pairs whose shape is a matter of a few points: they are repeated as published cells are."""
