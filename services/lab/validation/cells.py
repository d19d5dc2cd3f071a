"""What validation keeps: one fault at one severity, request by request, beside the healthy run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.lab.errors import LabError
from services.lab.plain import plain


class BadCells(LabError):
    """A file of results cannot be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of one cell; ``values`` are by measure, ``nan`` where it has none.

    ``exposed`` tells that it made use of the faulty part, ``layer`` is the
    layer of the first difference from its healthy twin.
    """

    number: int
    family: str
    exposed: bool
    receipt: str
    layer: str | None
    correct: bool
    status: int
    error_spans: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage of a request did, healthy and under a fault."""

    stage: str
    healthy: str
    degraded: str


@dataclass(frozen=True, slots=True)
class Example:
    """One request whose answer a fault spoiled: answers, stages, and where the twins part."""

    question: str
    expected: str
    healthy: str
    degraded: str
    where: str
    attribute: str
    left: str
    right: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """All requests of the traffic under one fault at one severity."""

    severity: float
    requests: tuple[Request, ...]
    example: Example | None = None


@dataclass(frozen=True, slots=True)
class FaultCells:
    """One fault at every severity, with the healthy run of the same requests."""

    fault: str
    healthy: Cell
    cells: tuple[Cell, ...]
    seconds: float

    @property
    def highest(self) -> Cell:
        """Return the cell of the highest severity."""
        return max(self.cells, key=lambda cell: cell.severity)


def save(cells: FaultCells, path: Path) -> None:
    """Write results by way of another name, so that a file is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(plain(asdict(cells)), separators=(",", ":")))
    unfinished.rename(path)


def load(path: Path) -> FaultCells:
    """Read results; raises ``BadCells`` for a file that holds none."""
    try:
        raw = json.loads(path.read_text())
        return FaultCells(
            raw["fault"],
            _cell(raw["healthy"]),
            tuple(_cell(each) for each in raw["cells"]),
            raw["seconds"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCells(f"{path} holds no results ({error}): delete it and validate again") from None


def _cell(raw: Mapping[str, Any]) -> Cell:
    example = raw["example"]
    return Cell(
        raw["severity"],
        tuple(_request(each) for each in raw["requests"]),
        None
        if example is None
        else Example(**{**example, "stages": tuple(Stage(**each) for each in example["stages"])}),
    )


def _request(raw: Mapping[str, Any]) -> Request:
    values = {key: math.nan if v is None else float(v) for key, v in raw["values"].items()}
    return Request(**{**raw, "values": values})


def of_exposed(cell: Cell) -> Sequence[Request]:
    """Return the requests that made use of the faulty part."""
    return [request for request in cell.requests if request.exposed]
