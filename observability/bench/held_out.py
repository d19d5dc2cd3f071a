"""Faults that nobody looked at while rules were written, against the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from observability.bench.detection import Outcome
from observability.statistics import CONFIDENCE, Estimate, rate

_RESAMPLES: Final = 2000
_TAIL: Final = (1 - CONFIDENCE) / 2


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A share among held-out faults, among the others, and the first less the second.

    The interval of the difference draws whole faults again, since a fault's
    episodes resemble each other; it is ``nan`` where a side has fewer than two.
    """

    faults: tuple[str, ...]
    held_out: Estimate
    others: Estimate
    difference: Estimate


def held_out(results: Iterable[tuple[str, bool, bool]], seed: int = 0) -> HeldOut:
    """Compare shares from (fault, held out or not, well or not) for each episode."""
    sides: dict[bool, dict[str, list[bool]]] = {True: {}, False: {}}
    for fault, apart, well in results:
        sides[apart].setdefault(fault, []).append(well)
    estimates = {apart: _rate(side.values()) for apart, side in sides.items()}
    gap = estimates[True].value - estimates[False].value
    low = high = math.nan
    if all(len(side) > 1 for side in sides.values()):
        rng = np.random.default_rng(seed)
        drawn = _drawn(list(sides[True].values()), rng) - _drawn(list(sides[False].values()), rng)
        low, high = (float(end) for end in np.quantile(drawn, (_TAIL, 1 - _TAIL)))
    n = estimates[True].n + estimates[False].n
    return HeldOut(
        tuple(sorted(sides[True])),
        estimates[True],
        estimates[False],
        Estimate(gap, low, high, n),
    )


def detected_held_out(outcomes: Iterable[Outcome], seed: int = 0) -> HeldOut:
    """Compare how many episodes of held-out faults and of the others were detected."""
    return held_out(((each.fault, each.held_out, each.detected) for each in outcomes), seed)


def _rate(groups: Iterable[Sequence[bool]]) -> Estimate:
    everything = [value for group in groups for value in group]
    return rate(sum(everything), len(everything))


def _drawn(groups: Sequence[Sequence[bool]], rng: np.random.Generator) -> np.ndarray:
    well = np.array([sum(group) for group in groups], dtype=np.float64)
    size = np.array([len(group) for group in groups], dtype=np.float64)
    rows = rng.integers(0, len(groups), size=(_RESAMPLES, len(groups)))
    return np.asarray(well[rows].sum(axis=1) / size[rows].sum(axis=1))
