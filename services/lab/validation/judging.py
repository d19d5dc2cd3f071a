"""What the catalogue claims of a fault, held against what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from faults.fault import Fault, Kind, Seam
from observability import statistics
from observability.statistics import NOTHING, Estimate
from services.lab.measures import MEASURES, MEASURES_BY_KEY, Measure
from services.lab.silence import Lights, lights
from services.lab.validation.cells import Cell, FaultCells, Request, of_exposed
from services.lab.validation.dose import Dose, dose_response

IMPACT_ASKED = 0.10
_OF_LATENCY = frozenset({"latency_p50", "latency_p95", "first_token"})
_ROUNDING = 1e-3


@dataclass(frozen=True, slots=True)
class Shift:
    """How a measure moved: mean paired difference, and in units of its healthy spread.

    ``effect`` is the difference over the standard deviation of the healthy
    values (Glass's delta), ``nan`` when they do not spread.
    """

    measure: str
    healthy: Estimate
    degraded: Estimate
    difference: Estimate
    effect: float

    @property
    def moved(self) -> bool:
        """Tell whether the interval of the difference leaves zero out, by more than rounding."""
        apart = self.difference.low > 0 or self.difference.high < 0
        # A sum in another order moves its last bits, the same way every time.
        return apart and not abs(self.effect) < _ROUNDING


@dataclass(frozen=True, slots=True)
class Judged:
    """One fault: what it did at its highest severity, and how that grew with severity."""

    fault: str
    measure: str
    exposed: int
    receipts: Mapping[str, int]
    impacted: Estimate
    claimed: Estimate
    claimed_healthy: Estimate
    worse: bool
    green: Lights
    dose: Dose
    shifts: tuple[Shift, ...]
    layer_agrees: Estimate
    layers: Mapping[str, int]
    accuracy_kept: bool
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether all that is claimed was seen."""
        return not self.problems


def judge_fault(fault: Fault, cells: FaultCells) -> Judged:
    """Return what was measured of a fault and every claim that it falls short of."""
    highest = cells.highest
    used = of_exposed(highest)
    before = _twins(used, cells.healthy)
    measure = MEASURES_BY_KEY[fault.claim.measure]
    claimed, claimed_healthy = _estimate(measure, used), _estimate(measure, before)
    rising = fault.claim.direction == "higher"
    worse = claimed.low > claimed_healthy.high if rising else claimed.high < claimed_healthy.low
    receipts = Counter(request.receipt for request in highest.requests)
    hit = [request for request in used if request.receipt == "impacted"]
    agreeing = sum(request.layer == fault.layer.value for request in hit)
    judged = Judged(
        fault=fault.id,
        measure=measure.key,
        exposed=len(used),
        receipts=dict(sorted(receipts.items())),
        impacted=statistics.rate(len(hit), len(used)) if used else NOTHING,
        claimed=claimed,
        claimed_healthy=claimed_healthy,
        worse=worse,
        green=_green(highest, cells.healthy),
        dose=_dose(measure, cells, used, rising),
        shifts=tuple(_shift(each, used, before) for each in MEASURES),
        layer_agrees=statistics.rate(agreeing, len(hit)) if hit else NOTHING,
        layers=dict(Counter(request.layer or "none" for request in hit).most_common()),
        accuracy_kept=_kept(fault, highest.requests, cells.healthy),
        problems=(),
    )
    return _with_problems(fault, judged)


def _with_problems(fault: Fault, judged: Judged) -> Judged:
    return replace(judged, problems=tuple(_problems(fault, judged)))


def _problems(fault: Fault, judged: Judged) -> list[str]:
    found = []
    if fault.kind is Kind.LOUD:
        if judged.green.all_green:
            found.append("neither errors nor latency show it")
        return found
    if not judged.green.free_of_errors:
        found.append("it is not silent: responses or spans have errors")
    if not judged.green.steady and fault.claim.measure not in _OF_LATENCY:
        found.append(f"p95 latency is {judged.green.latency_ratio:.2f} times the healthy one")
    if fault.kind is Kind.CONTROL:
        if not judged.accuracy_kept:
            found.append("a control changes how many answers are right")
        return found
    if not judged.exposed:
        return [*found, "no request uses the part"]
    if judged.impacted.value <= IMPACT_ASKED and fault.claim.measure == "accuracy":
        found.append(f"only {judged.impacted.value:.1%} of the exposed requests are impacted")
    if not judged.worse:
        found.append(f"{fault.claim.measure} is not worse with intervals apart")
    if not judged.dose.monotone:
        found.append("the effect does not only grow with severity")
    return found


def _twins(used: Sequence[Request], healthy: Cell) -> list[Request]:
    by_number = {request.number: request for request in healthy.requests}
    return [by_number[request.number] for request in used]


def _estimate(measure: Measure, requests: Sequence[Request]) -> Estimate:
    return measure.summarise([request.values[measure.key] for request in requests])


def _green(cell: Cell, healthy: Cell) -> Lights:
    p95 = MEASURES_BY_KEY["latency_p95"]
    ratio = _estimate(p95, cell.requests).value / _estimate(p95, healthy.requests).value
    return lights(cell.requests, healthy.requests, ratio)


def _dose(measure: Measure, cells: FaultCells, used: Sequence[Request], rising: bool) -> Dose:
    """Fit the curve over the requests that were asked at every severity."""
    steps = sorted((cells.healthy, *cells.cells), key=lambda cell: cell.severity)
    tables = [{r.number: r.values[measure.key] for r in cell.requests} for cell in steps]
    numbers = [r.number for r in used if all(r.number in table for table in tables)]
    values = [[table[number] for number in numbers] for table in tables]
    return dose_response([cell.severity for cell in steps], values, rising=rising)


def _shift(measure: Measure, after: Sequence[Request], before: Sequence[Request]) -> Shift:
    a = [request.values[measure.key] for request in after]
    b = [request.values[measure.key] for request in before]
    gap = statistics.paired_difference(a, b)
    spread = statistics.spread(b)
    return Shift(
        measure.key,
        measure.summarise(b),
        measure.summarise(a),
        gap,
        gap.value / spread if spread > 0 else float("nan"),
    )


def _kept(fault: Fault, requests: Sequence[Request], healthy: Cell) -> bool:
    twins = _twins(requests, healthy)
    if fault.seam is Seam.TRAFFIC:
        # Other questions are asked: like is compared with like.
        gap = statistics.difference_within_groups(
            [(request.family, request.correct) for request in requests],
            [(twin.family, twin.correct) for twin in twins],
        )
    else:
        gap = statistics.paired_difference(
            [float(request.correct) for request in requests],
            [float(twin.correct) for twin in twins],
        )
    return gap.low <= 0 <= gap.high
