"""Puts our numbers beside the published ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.statistics import Estimate
from services.lab.calibration.published import Cell, Role


@dataclass(frozen=True, slots=True)
class Compared:
    """A published cell and ours."""

    cell: Cell
    ours: Estimate

    @property
    def is_met(self) -> bool:
        """Tell whether the two agree as the table demands."""
        return self.cell.published.is_met(self.ours.value)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cells of a role are met, and how many have to be."""

    role: Role
    met: int
    cells: int
    wanted: float

    @property
    def is_enough(self) -> bool:
        """Tell whether as many are met as have to be."""
        return self.met >= self.wanted * self.cells


WANTED: Mapping[Role, float] = {"fitted": 0.8, "held_out": 0.6}


def tally(compared: Sequence[Compared]) -> list[Tally]:
    """Return the tallies of fitted and held-out cells."""
    return [
        Tally(
            role,
            sum(c.is_met for c in compared if c.cell.role == role),
            sum(c.cell.role == role for c in compared),
            wanted,
        )
        for role, wanted in WANTED.items()
    ]
