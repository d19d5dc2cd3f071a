"""Sums answers up into shares with intervals, a question at a time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from observability import statistics
from observability.statistics import NOTHING, Estimate
from services.lab.calibration.published import SHARES
from services.lab.calibration.running import Answer
from services.lab.calibration.trial import Result


def estimate(answers: Sequence[Answer], measure: str) -> Estimate:
    """Return a measure over some answers with its 95 % interval, ``NOTHING`` without answers.

    A question that was asked several times counts once, as the mean.
    """
    if measure in SHARES:
        return share(answers, lambda answer: answer.result is Result(measure))
    if measure == "wrong_of_failed":
        failed = [a for a in answers if a.result is not Result.CORRECT]
        return share(failed, lambda answer: answer.result is Result.WRONG)
    if measure in ("first_token", "per_token"):
        return statistics.quantile([float(getattr(a, measure)) for a in answers], 0.5)
    raise ValueError(f"there is no measure {measure!r} of answers")


def share(answers: Iterable[Answer], holds: Callable[[Answer], bool]) -> Estimate:
    """Return how often something holds: Wilson's interval, or a bootstrap over questions."""
    by_question: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        by_question[answer.question].append(float(holds(answer)))
    if not by_question:
        return NOTHING
    means = [math.fsum(values) / len(values) for values in by_question.values()]
    if all(mean in (0.0, 1.0) for mean in means):
        return statistics.rate(int(sum(means)), len(means))
    return statistics.mean(means)
