"""How much accuracy differs between runs of the same prompts on a server that does not repeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from observability.statistics import Estimate
from services.lab.calibration.running import Models
from services.lab.calibration.trial import Result, Trial
from services.llm.profiles import Profile

RUNS = 10
NOISE = 1.0
"""Logits by which two runs of a request differ in this experiment."""
SUFFIX = "-served"


def served(profile: Profile) -> Profile:
    """Return a profile with serving noise, under a name of its own."""
    return replace(profile, name=profile.name + SUFFIX, alias=None, serving_noise=NOISE)


async def spread(
    models: Models,
    preset: str,
    trials: Sequence[Trial],
    seed: int,
    progress: Callable[[int, int], None],
) -> Estimate:
    """Return the best run's accuracy less the worst one's, same prompts and same seeds.

    The interval holds the spreads that result when any one run is left out.
    """
    accuracies = []
    for run in range(RUNS):
        answers = await models.ask_all([(trial, preset + SUFFIX) for trial in trials], seed)
        accuracies.append(sum(a.result is Result.CORRECT for a in answers) / max(len(trials), 1))
        progress(run + 1, RUNS)
    without = [
        max(rest) - min(rest)
        for out in range(RUNS)
        if (rest := [a for run, a in enumerate(accuracies) if run != out])
    ]
    whole = max(accuracies) - min(accuracies)
    return Estimate(whole, min(without), whole, RUNS)
