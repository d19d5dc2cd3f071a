"""When the model's budget of calls is used up, the client asks a small one and says nothing.

Mechanism: a router in the client counts the calls of the minute against the
model's rate limit and, before it would be turned away, sends the rest to the
cheaper model of the same family: no error is seen and nothing is noted. If the
small model cannot do what is asked, the router goes back to the first one.
Severity is the share of requests that come when the budget is used up.
Taxonomy: RAGEC E10 (fabricated content), MAST 3.3 (incorrect verification).
A trace shows: a response model that is not the one asked for, on every call of
the request; shorter times, lower cost, lower confidence.
Cannot show it: the request model; the fallback flag, which is of the workflow;
errors and retries, of which there are none; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from agents.errors import ModelError
from agents.ports import ChatReply, ChatRequest, Model
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

SMALL_MODEL: Final = "sim-mini"


@dataclass(frozen=True, slots=True)
class AsksTheSmallModel(StandsIn):
    """Has the small model answer all calls of its share of the requests."""

    healthy: Model
    severity: Severity

    async def chat(self, request: ChatRequest) -> ChatReply:
        if not chosen_request("silent_fallback_mini", request.luck, self.severity):
            return await self.healthy.chat(request)
        try:
            return await self.healthy.chat(replace(request, model=SMALL_MODEL))
        except ModelError:
            return await self.healthy.chat(request)


FAULT = PartFault(
    id="silent_fallback_mini",
    seam=Seam.MODEL,
    layer=Layer.MODEL,
    summary="with its rate limit used up, the client asks the small model and says nothing",
    taxonomy=("RAGEC E10", "MAST 3.3"),
    shows_in=("response model", "time to first token", "cost", "confidence", "abstentions"),
    blind=("request model", "fallback flag", "retries", "status codes"),
    excludes=("model_snapshot_drift",),
    find="Compare request and response model call by call; where they differ, cost and time "
    "fall and answers go wrong.",
    fix="Let the client wait or refuse at its limit, or mark the answer as one of the small "
    "model; raise the limit.",
    wrap=AsksTheSmallModel,
)
