"""Results of made-up faults."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from faults.base import PartFault
from faults.fault import ACCURACY, Claim, Kind, Layer, Seam
from services.lab.measures import MEASURES
from services.lab.validation.cells import Cell, Example, FaultCells, Request, Stage

EXAMPLE = Example(
    "When is it due?",
    "2026-05-04",
    "2026-05-04 [D1]",
    "2026-06-04 [D1]",
    "ask / retrieval",
    "filter.predicate",
    "V-1",
    "{}",
    (Stage("retrieval", "one vendor", "three | vendors"), Stage("answer", "same", "same")),
)


def fault(
    kind: Kind = Kind.SILENT, claim: Claim = ACCURACY, layer: Layer = Layer.RETRIEVAL
) -> PartFault:
    return PartFault(
        id="filter_dropped",
        seam=Seam.FILTER,
        layer=layer,
        summary="a filter is lost",
        taxonomy=("FP2",),
        shows_in=(),
        blind=(),
        wrap=lambda part, severity: part,
        kind=kind,
        claim=claim,
    )


def request(
    number: int,
    correct: bool,
    *,
    receipt: str = "impacted",
    status: int = 200,
    latency: float = 100.0,
    cost: float = 1.0,
    exposed: bool = True,
) -> Request:
    values = {measure.key: math.nan for measure in MEASURES}
    values |= {
        "accuracy": float(correct),
        "latency_p50": latency,
        "latency_p95": latency,
        "cost": cost,
    }
    return Request(number, "due_date", exposed, receipt, "retrieval", correct, status, 0, values)


def cells(
    rights: Sequence[float], count: int = 200, make: Callable[..., Request] = request
) -> FaultCells:
    """Return results in which a falling share of the requests is right at each severity."""
    healthy = Cell(0.0, tuple(request(n, True, receipt="not_selected") for n in range(count)))
    steps = [
        Cell(
            round((step + 1) / len(rights), 2),
            tuple(make(n, n < share * count) for n in range(count)),
            EXAMPLE,
        )
        for step, share in enumerate(rights)
    ]
    return FaultCells("filter_dropped", healthy, tuple(steps), 1.0)
