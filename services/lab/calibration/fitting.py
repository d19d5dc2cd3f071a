"""Fits the presets' parameters to the published cells that are theirs to be fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy.optimize import least_squares

from services.lab.calibration.expected import Batch
from services.lab.calibration.published import BEFORE, SHARES, Cell
from services.llm.profiles import Profile

_STARTS = 6
"""Points from which the search sets out; the best of their ends is taken."""
_PULL = 0.03
"""How much a parameter costs at the far end of its range, in tolerances: flat ones stay put."""
_GUIDE = 0.15
"""Weight of cells that only guide the fit."""
DIGITS = 4

Point = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Preset:
    """What is given of a preset, and the ranges of what is fitted."""

    name: str
    given: Mapping[str, float]
    free: Mapping[str, tuple[float, float]]


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """Return the presets as ``fitting.yml`` describes them."""
    path = files("services.lab.calibration").joinpath("fitting.yml")
    raw: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return tuple(
        Preset(
            name, spec["given"], {k: (float(v[0]), float(v[1])) for k, v in spec["free"].items()}
        )
        for name, spec in raw.items()
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted preset: its profile, its own parameters, and the misfit in squared tolerances."""

    profile: Profile
    values: Mapping[str, float]
    misfit: float


def fit(
    preset: Preset,
    start: Profile,
    cells: Sequence[Cell],
    batches: Mapping[str, Batch],
    seed: int,
) -> Fit:
    """Return the preset that comes closest to the cells that it may be fitted to.

    ``batches`` holds the fitting half's prompts of each condition. Least
    squares from several starts: the one that the preset has now and points
    drawn by the seed.
    """
    mine = [
        cell
        for cell in cells
        if cell.preset == preset.name and cell.role != "held_out" and cell.condition in batches
    ]
    needed = {c.condition for c in mine} | {
        BEFORE[c.condition] for c in mine if c.measure == "order_loss"
    }
    base = replace(start, name=preset.name, alias=None, **_typed(preset.given))
    names = list(preset.free)
    low = np.array([preset.free[name][0] for name in names])
    high = np.array([preset.free[name][1] for name in names])
    now = np.clip([float(getattr(start, name)) for name in names], low, high)

    def profile_at(point: Point) -> Profile:
        values = low + point * (high - low)
        return replace(base, **_typed(dict(zip(names, values.tolist(), strict=True))))

    home = (now - low) / (high - low)

    def misses(point: Point) -> Point:
        profile = profile_at(point)
        means = {name: batches[name].results(profile).mean(axis=0) for name in needed}
        gaps = [_gap(cell, means) for cell in mine]
        return np.array([*gaps, *(_PULL * (point - home))])

    rng = np.random.default_rng(seed)
    starts = [home, *rng.uniform(0.05, 0.6, size=(_STARTS - 1, len(names)))]
    ends = [
        least_squares(misses, np.clip(point, 0.001, 0.999), bounds=(0.0, 1.0), diff_step=1e-3)
        for point in starts
    ]
    best = min(ends, key=lambda end: float(end.cost))
    profile = profile_at(best.x)
    values = {**preset.given, **{name: float(getattr(profile, name)) for name in names}}
    return Fit(profile, values, 2 * float(best.cost))


def _gap(cell: Cell, means: Mapping[str, npt.NDArray[np.float64]]) -> float:
    """Return how far a profile is from a cell's published value, in tolerances."""
    correct, wrong, abstained = means[cell.condition]
    ours = {"correct": correct, "wrong": wrong, "abstained": abstained}
    if cell.measure in SHARES:
        value = ours[cell.measure]
    elif cell.measure == "wrong_of_failed":
        value = wrong / max(wrong + abstained, 1e-6)
    elif cell.measure == "order_loss":
        value = means[BEFORE[cell.condition]][0] - correct
    else:
        return 0.0
    wanted = cell.published
    if wanted.value is None:
        middle = (wanted.low + wanted.high) / 2
        return float((value - middle) / max(wanted.high - middle, 1e-6))
    room = wanted.high - wanted.value if value > wanted.value else wanted.value - wanted.low
    weight = _GUIDE if cell.role == "compared" else 1.0
    return float(weight * (value - wanted.value) / max(room, 0.01))


def _typed(values: Mapping[str, float]) -> dict[str, Any]:
    whole = ("window_tokens", "created", "effective_context")
    return {k: round(v) if k in whole else round(float(v), DIGITS) for k, v in values.items()}
