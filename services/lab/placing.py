"""Which faults can be in place: those of the parts that this process has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from faults.contradictions import check_plan
from faults.errors import MissingPart
from faults.fault import Seam
from faults.plan import FaultPlan
from faults.registry import Catalogue, catalogue
from services.settings import Settings, variable_of
from services.wiring_retrieval import SEAMS as RETRIEVAL_SEAMS


@dataclass(frozen=True, slots=True)
class _Service:
    """A service that a setting can place elsewhere, and the seams of its parts."""

    field: str
    name: str
    seams: Collection[Seam]


_SERVICES = (
    _Service("llm_base_url", "the models", (Seam.MODELS,)),
    _Service("retrieval_url", "retrieval", RETRIEVAL_SEAMS),
)
# The finance agent's tools and the encoder are here wherever the ledger and Chroma are.


def check_placed(
    plan: FaultPlan,
    settings: Settings,
    known: Catalogue | None = None,
    *,
    asks: bool = True,
) -> None:
    """Refuse a plan that the application of these settings, put together here, cannot be under.

    ``asks`` tells whether this process makes the questions, too. Raises
    ``Contradiction`` and ``UnknownFault`` as ``check_plan`` does, and
    ``MissingPart`` for a fault of a part that is not here: nothing would change,
    and requests would pass for some under that fault.
    """
    faults = known or catalogue()
    check_plan(plan, faults)
    for active in plan.everything():
        seam = faults.get(active.id).seam
        if seam is Seam.TRAFFIC and not asks:
            raise MissingPart(
                f"{active.id} changes what people ask, and no questions are made here; "
                "begin `stillgreen up` with --traffic, or try "
                f"`stillgreen demo --fault {active.id}`"
            )
        for service in _SERVICES:
            if seam in service.seams and getattr(settings, service.field):
                variable = variable_of(service.field)
                raise MissingPart(
                    f"{active.id} is a fault of {service.name}, which {variable} places in "
                    f"another process; unset {variable}, or switch it on there with the control "
                    "API of `stillgreen serve --lab-port`"
                )
