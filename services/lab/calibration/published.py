"""The table of published results, as ``published.yml`` holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from observability import statistics
from services.lab.calibration.conditions import find_condition
from services.lab.calibration.errors import BadPublished

TOLERANCE = 0.05
"""How far from a published share ours may lie if the share's own interval is narrower."""

Role = Literal["fitted", "held_out", "compared"]
SHARES = ("correct", "wrong", "abstained")
MEASURES = (
    *SHARES,
    "wrong_of_failed",
    "order_loss",
    "unsupported",
    "spread",
    "first_token",
    "per_token",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where published numbers stand."""

    title: str
    authors: str
    year: int
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A published number: ``value`` of ``n`` cases, or a range; from ``low`` to ``high`` is met."""

    value: float | None
    n: int | None
    low: float
    high: float

    def is_met(self, ours: float) -> bool:
        """Tell whether a number of ours agrees with it."""
        return self.low <= ours <= self.high


@dataclass(frozen=True, slots=True)
class Cell:
    """One number to compare: a measure of a preset under a condition."""

    row: str
    label: str
    condition: str
    preset: str
    measure: str
    published: Published
    role: Role
    source: Source
    why: str


def tolerated(successes: float, n: int | None) -> Published:
    """Return a published share (0 to 1) of ``n`` cases with what counts as meeting it."""
    low, high = successes - TOLERANCE, successes + TOLERANCE
    if n is not None:
        interval = statistics.rate(round(successes * n), n)
        low, high = min(low, interval.low), max(high, interval.high)
    return Published(successes, n, max(low, 0.0), min(high, 1.0))


@lru_cache(maxsize=1)
def published() -> tuple[Cell, ...]:
    """Return the shipped table's cells in its order, or raise ``BadPublished``."""
    path = files("services.lab.calibration").joinpath("published.yml")
    return read(path.read_text("utf-8"))


def read(text: str) -> tuple[Cell, ...]:
    """Return the cells of a table of that form, or raise ``BadPublished``."""
    try:
        raw = yaml.safe_load(text)
        sources = {name: Source(**fields) for name, fields in raw["sources"].items()}
        return tuple(cell for row in raw["rows"] for cell in _cells(row, sources))
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise BadPublished(f"the table of published results is malformed: {error!r}") from error


def _cells(row: Mapping[str, Any], sources: Mapping[str, Source]) -> list[Cell]:
    if row["condition"] not in ELSEWHERE:
        find_condition(row["condition"])
    if row["role"] not in get_args(Role):
        raise BadPublished(f"row {row['number']}: the role {row['role']!r} is none")
    made = []
    for measure, value in row["cells"].items():
        if measure not in MEASURES:
            raise BadPublished(f"row {row['number']}: there is no measure {measure!r}")
        made.append(
            Cell(
                row=str(row["number"]),
                label=row["label"],
                condition=row["condition"],
                preset=row["preset"],
                measure=measure,
                published=_number(value),
                role=row["role"],
                source=sources[row["source"]],
                why=row.get("why", ""),
            )
        )
    return made


BEFORE = {
    "sufficient_question_first": "sufficient",
    "filing_question_first": "filing_question_last",
}
"""For each condition that asks first, the one that asks the same last."""
ELSEWHERE = ("summary", "repeats")
"""Conditions that are no question about passages and are built by themselves."""


def _number(value: Any) -> Published:
    if isinstance(value, list):
        low, high = (float(end) for end in value)
        return Published(None, None, low, high)
    if isinstance(value, str):
        successes, n = (int(part) for part in value.split("/"))
        return tolerated(successes / n, n)
    return tolerated(float(value["percent"]) / 100, value.get("n"))
