"""Writes cells as text, with the unit of their measure."""

from __future__ import annotations

from observability.statistics import Estimate
from services.lab.calibration.published import Cell


def published_text(cell: Cell) -> str:
    """Return a published number, e.g. ``85.3%``, or a range."""
    wanted = cell.published
    if wanted.value is not None:
        return value_text(cell.measure, wanted.value)
    return f"{value_text(cell.measure, wanted.low)} to {value_text(cell.measure, wanted.high)}"


def ours_text(cell: Cell, ours: Estimate) -> str:
    """Return our number with its interval."""
    low, high = value_text(cell.measure, ours.low), value_text(cell.measure, ours.high)
    return f"{value_text(cell.measure, ours.value)} [{low}, {high}]"


def value_text(measure: str, value: float) -> str:
    """Return a value in its measure's unit."""
    if measure == "first_token":
        return f"{value:.2f} s"
    return f"{value * 1000:.0f} ms" if measure == "per_token" else f"{value:.1%}"
