"""Which fault is detected at which severity, and the smallest that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from observability.bench.detection import Outcome
from observability.statistics import Estimate, rate


@dataclass(frozen=True, slots=True)
class Dose:
    """How many of a fault's episodes of one severity were detected."""

    fault: str
    severity: float
    detected: int
    episodes: int

    @property
    def share(self) -> Estimate:
        """The share of episodes detected."""
        return rate(self.detected, self.episodes)

    @property
    def most(self) -> bool:
        """Whether more than half of them were."""
        return 2 * self.detected > self.episodes


def doses(outcomes: Iterable[Outcome]) -> tuple[Dose, ...]:
    """Return detection by fault and severity, in this order."""
    counts: dict[tuple[str, float], list[bool]] = {}
    for each in outcomes:
        counts.setdefault((each.fault, each.severity), []).append(each.detected)
    return tuple(
        Dose(fault, severity, sum(found), len(found))
        for (fault, severity), found in sorted(counts.items())
    )


def smallest_detectable(found: Sequence[Dose], fault: str) -> float:
    """Return the least severity at which most episodes of a fault are detected, and above it too.

    ``nan`` if not even those of the highest severity are.
    """
    smallest = math.nan
    for each in sorted(
        (dose for dose in found if dose.fault == fault), key=lambda dose: -dose.severity
    ):
        if not each.most:
            break
        smallest = each.severity
    return smallest
