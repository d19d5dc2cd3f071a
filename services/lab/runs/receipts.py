"""What became of a fault in a request, told from the request and its healthy twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from faults.fault import Seam
from faults.registry import catalogue
from observability.trace_view.alignment import Divergence, first_divergence
from services.lab.mix import is_of_traffic
from services.lab.runs.passes import Answered


class Receipt(StrEnum):
    """How far a fault came in one request, from not at all to another answer."""

    NOT_SELECTED = "not_selected"
    NOT_EXPOSED = "not_exposed"
    APPLIED = "applied"
    WITNESSED = "witnessed"
    IMPACTED = "impacted"
    INHERITED = "inherited"


TOUCHED = frozenset({Receipt.APPLIED, Receipt.WITNESSED, Receipt.IMPACTED})
"""The receipts of a request that made use of the faulty part."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the twins tell: receipts by fault, and where the two first part."""

    receipts: Mapping[str, Receipt]
    divergence: Divergence | None


def compare_twins(
    planned: Mapping[str, Seam], answered: Answered, twin: Answered | None, hit_before: bool
) -> Verdict:
    """Return the receipts of all faults of an arm in one request.

    ``planned`` are the arm's faults with their seams, ``twin`` is the healthy
    run of the same request, None for one that ran as a healthy one does.
    ``hit_before`` tells that an earlier request of the session ran under a fault.
    A fault that only changes what is asked is applied and no more: the
    application answers as the healthy one does, and a twin that was asked
    something else is none.
    """
    outside = {fault.id for fault in answered.active if is_of_traffic(fault)}
    active = {fault.id for fault in answered.active} - outside
    if twin is None or twin.asked.item.id != answered.asked.item.id:
        return Verdict(_receipts_outside(planned, outside), None)
    divergence = _divergence(answered, twin)
    changed = answers_differ(answered, twin)
    seen = divergence is not None or changed
    exposed = {*answered.outcome.exposed, *twin.outcome.exposed}
    used = {fault for fault in active if planned[fault] in exposed or _everywhere(planned[fault])}
    if seen and not used:
        # The spans do not show all that a part does; what differs does. What is made of a
        # memory they do show, and one that is read and not made use of changes no answer.
        used = {fault for fault in active if changed or planned[fault] is not Seam.MEMORY}
    receipts = {}
    for fault in planned:
        if fault in outside:
            receipts[fault] = Receipt.APPLIED
        elif fault not in active:
            inherits = hit_before and seen and not active
            receipts[fault] = Receipt.INHERITED if inherits else Receipt.NOT_SELECTED
        elif fault not in used:
            receipts[fault] = Receipt.NOT_EXPOSED
        elif changed:
            receipts[fault] = Receipt.IMPACTED
        else:
            receipts[fault] = Receipt.WITNESSED if seen else Receipt.APPLIED
    return Verdict(receipts, divergence)


def _receipts_outside(planned: Mapping[str, Seam], outside: set[str]) -> dict[str, Receipt]:
    return {
        fault: Receipt.APPLIED if fault in outside else Receipt.NOT_SELECTED for fault in planned
    }


def answers_differ(one: Answered, other: Answered) -> bool:
    """Tell whether two runs of a request gave different answers, or only one gave any."""
    return (one.outcome.answer, one.outcome.status) != (other.outcome.answer, other.outcome.status)


def seams(fault_ids: Mapping[str, object] | tuple[str, ...]) -> dict[str, Seam]:
    """Return the seam of each fault."""
    return {fault_id: catalogue().get(fault_id).seam for fault_id in fault_ids}


def _divergence(answered: Answered, twin: Answered) -> Divergence | None:
    if not answered.spans or not twin.spans:
        return None
    return first_divergence(twin.spans, answered.spans)


def _everywhere(seam: Seam) -> bool:
    return seam in (Seam.EVERY, Seam.NONE)
