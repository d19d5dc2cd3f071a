"""Refuses plans in which one fault leaves nothing of another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations

from faults.errors import Contradiction
from faults.exposure import check_exposure
from faults.plan import FaultPlan, PlannedFault
from faults.registry import Catalogue, catalogue


def check_plan(plan: FaultPlan, known: Catalogue | None = None) -> None:
    """Raise ``Contradiction`` for two faults that meet and exclude each other.

    They meet when their times overlap and both have a severity and shares
    above 0. Raises ``UnknownFault`` for a fault that is none, and
    ``NoDocuments`` for a share of documents where there are none.
    """
    faults = known or catalogue()
    for planned in plan.faults:
        check_exposure(planned.fault, faults)
    for one, other in combinations(plan.faults, 2):
        hiding = hides(one.fault.id, other.fault.id, faults)
        if hiding is not None and meet(one, other):
            raise Contradiction(
                f"{one.fault.id} and {other.fault.id} contradict each other: "
                f"{why(*hiding)}; {REMEDY}, or of times that do not overlap"
            )


REMEDY = "make them faults of runs of their own"


def why(hiding: str, hidden: str) -> str:
    """Return the reason for which two faults exclude each other."""
    return f"wherever {hiding} has its way, nothing is left of {hidden}"


def hides(one: str, other: str, known: Catalogue | None = None) -> tuple[str, str] | None:
    """Return two ids as (hiding, hidden), None if each leaves something of the other.

    One of the two faults says so, so that a new fault needs no change of an old one.
    """
    faults = (known or catalogue()).entries
    for hiding, hidden in ((one, other), (other, one)):
        if hiding in faults and hidden in faults[hiding].fault.excludes:
            return hiding, hidden
    return None


def excluded(known: Catalogue | None = None) -> Mapping[str, frozenset[str]]:
    """Return for each fault those that it cannot be planned together with."""
    faults = known or catalogue()
    return {
        one: frozenset(other for other in faults.entries if hides(one, other, faults))
        for one in faults.entries
    }


def meet(one: PlannedFault, other: PlannedFault) -> bool:
    """Tell whether a request can run under both of two planned faults."""
    if not all(each.share > 0 and not each.fault.is_idle for each in (one, other)):
        return False
    return _begin(one) < _end(other) and _begin(other) < _end(one)


def _begin(planned: PlannedFault) -> float:
    return -math.inf if planned.begins_ns is None else planned.begins_ns


def _end(planned: PlannedFault) -> float:
    return math.inf if planned.ends_ns is None else planned.ends_ns
