"""The control API: which faults are active, for whoever holds the token.

It listens on loopback unless told otherwise, and no other service knows it.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from faults.contradictions import check_plan
from faults.errors import PlanError
from faults.plan import HEALTHY, ActiveFault, FaultPlan, PlannedFault
from faults.registry import Catalogue, catalogue
from services.health import add_health
from services.lab.errors import ControlError
from services.lab.switching import Switch
from services.problems import ProblemError, install_problem_handlers, problem_responses

SHORTEST_TOKEN = 16

_BEARER = HTTPBearer(auto_error=False)


class FaultIn(BaseModel):
    """One fault of a plan. Times are nanoseconds since the epoch; the end is not included."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(examples=["filter_dropped"])
    severity: float = Field(1.0, ge=0, le=1, description="0 is the identity.")
    share: float = Field(1.0, ge=0, le=1, description="Share of the requests that it is for.")
    documents: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Share of the documents that a fault of documents or of the chunker acts on.",
    )
    vendors: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Share of the vendors whose documents such a fault acts on.",
    )
    begins_ns: int | None = None
    ends_ns: int | None = None


class PlanBody(BaseModel):
    """The faults that are active from now on; none is the healthy application."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"faults": [{"id": "filter_dropped", "severity": 0.5}]}},
    )

    faults: list[FaultIn] = Field(default_factory=list)


class PendingBody(BaseModel):
    """A plan whose index is being built; it comes into force when that is whole."""

    faults: list[FaultIn]
    chunks_done: int
    chunks_total: int


class PlanState(PlanBody):
    """The faults in force, and what is being built for others.

    ``failure`` says why the last plan asked for did not come into force.
    """

    pending: PendingBody | None = None
    failure: str | None = None


class FaultOut(BaseModel):
    """A fault of the catalogue."""

    id: str
    seam: str
    layer: str
    summary: str


class FaultList(BaseModel):
    """The catalogue."""

    items: list[FaultOut]
    count: int


def create_app(
    switch: Switch,
    token: str,
    version: str,
    known: Catalogue | None = None,
    check: Callable[[FaultPlan], None] = check_plan,
) -> FastAPI:
    """Return the control application over a switch.

    ``check`` raises ``PlanError`` for a plan that cannot be; nothing is built for one.
    Raises ``ControlError`` for a token of less than 16 characters.
    """
    if len(token) < SHORTEST_TOKEN:
        raise ControlError(
            f"the lab's token must have at least {SHORTEST_TOKEN} characters; "
            "set STILLGREEN_LAB_TOKEN"
        )
    faults = known or catalogue()

    async def authorised(
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> None:
        # Compared in constant time, so that the time tells nothing of the token.
        if given is None or not hmac.compare_digest(given.credentials.encode(), token.encode()):
            raise ProblemError(
                401,
                "The lab's token is missing or wrong. Send it as Authorization: Bearer TOKEN.",
                headers={"WWW-Authenticate": "Bearer"},
            )

    app = FastAPI(
        title="StillGreen lab",
        version=version,
        summary="Says which faults are active.",
    )
    install_problem_handlers(app)
    add_health(app, "lab", {})
    guarded = [Depends(authorised)]

    @app.get(
        "/v1/faults",
        summary="What can go wrong",
        dependencies=guarded,
        responses=problem_responses(401),
    )
    async def list_faults() -> FaultList:
        items = [
            FaultOut(
                id=entry.fault.id,
                seam=entry.fault.seam.value,
                layer=entry.fault.layer.value,
                summary=entry.fault.summary,
            )
            for entry in faults
        ]
        return FaultList(items=items, count=len(items))

    @app.get(
        "/v1/plan",
        summary="The plan in force",
        dependencies=guarded,
        response_model_exclude_none=True,
        responses=problem_responses(401),
    )
    async def get_plan() -> PlanState:
        return _state(switch)

    @app.put(
        "/v1/plan",
        summary="Put a plan into force",
        dependencies=guarded,
        response_model_exclude_none=True,
        responses={202: {"model": PlanState}, **problem_responses(401, 422)},
    )
    async def put_plan(body: PlanBody, response: Response) -> PlanState:
        """Put a plan into force at once, or with status 202 when its index has been built."""
        try:
            plan = _plan(body, faults)
            check(plan)
        except PlanError as error:
            text = str(error)
            raise ProblemError(422, text if text.endswith("?") else f"{text}.") from error
        if not switch.to(plan):
            response.status_code = 202
        return _state(switch)

    @app.delete(
        "/v1/plan",
        summary="Back to healthy",
        dependencies=guarded,
        response_model_exclude_none=True,
        responses=problem_responses(401),
    )
    async def delete_plan() -> PlanState:
        switch.to(HEALTHY)
        return _state(switch)

    return app


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plan(body: PlanBody, known: Catalogue) -> FaultPlan:
    for fault in body.faults:
        known.get(fault.id)
    return FaultPlan(
        tuple(
            PlannedFault(
                ActiveFault(fault.id, fault.severity, fault.documents, fault.vendors),
                fault.share,
                fault.begins_ns,
                fault.ends_ns,
            )
            for fault in body.faults
        )
    )


def _state(switch: Switch) -> PlanState:
    pending = switch.pending
    return PlanState(
        faults=_faults(switch.current.plan),
        pending=None
        if pending is None
        else PendingBody(
            faults=_faults(pending.plan), chunks_done=pending.done, chunks_total=pending.total
        ),
        failure=switch.failure,
    )


def _faults(plan: FaultPlan) -> list[FaultIn]:
    return [
        FaultIn(
            id=planned.fault.id,
            severity=planned.fault.severity,
            share=planned.share,
            documents=planned.fault.documents,
            vendors=planned.fault.vendors,
            begins_ns=planned.begins_ns,
            ends_ns=planned.ends_ns,
        )
        for planned in plan.faults
    ]
