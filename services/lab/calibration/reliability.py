"""How far stated confidence agrees with how often answers are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observability import statistics
from observability.statistics import Estimate
from services.lab.calibration.running import Answer
from services.lab.calibration.trial import Result

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: their mean confidence and how many were right."""

    confidence: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability diagram of a preset's answers (abstentions left out).

    ``error`` is the expected calibration error: the mean distance of
    confidence and accuracy, each bin weighing as its answers.
    """

    preset: str
    bins: tuple[Bin, ...]
    confidence: float
    accuracy: float
    error: float
    n: int


def reliability(preset: str, answers: Sequence[Answer]) -> Reliability:
    """Return the diagram in ten bins of equal width; the empty ones are left out."""
    given = [a for a in answers if a.preset == preset and a.result is not Result.ABSTAINED]
    confidence = np.array([a.confidence for a in given])
    right = np.array([a.result is Result.CORRECT for a in given])
    at = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = []
    error = 0.0
    for number in range(BINS):
        mine = at == number
        count = int(mine.sum())
        if count:
            stated = float(confidence[mine].mean())
            bins.append(Bin(stated, statistics.rate(int(right[mine].sum()), count)))
            error += count / len(given) * abs(stated - float(right[mine].mean()))
    empty = not given
    return Reliability(
        preset=preset,
        bins=tuple(bins),
        confidence=float("nan") if empty else float(confidence.mean()),
        accuracy=float("nan") if empty else float(right.mean()),
        error=float("nan") if empty else error,
        n=len(given),
    )
