"""Every question goes to every agent and to every tool that can be called.

Mechanism: a way that was meant for difficult cases became the default: each
route lists all agents, and the finance agent goes on from what the model chose
to all other tools whose arguments are known, until its limit ends it. Names
and descriptions of the routes stay, and the supervisor still chooses among
them; it only makes no difference any more. Severity is the probability that a
request is worked on so.
Taxonomy: TRAIL (poor task orchestration), MAST 1.1 (disobeys the task), OWASP LLM10.
A trace shows: agents and tool calls per request, a search for a question that
one record answers, records that nobody asked for, tokens, cost.
Cannot show it: the answer, which mostly stays; groundedness; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.ports import Route, Routes
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class SendsEverybody(StandsIn):
    """Has every route call all agents and all tools, for its share of the requests."""

    healthy: Routes
    severity: Severity

    def offered(self, luck: Luck) -> Sequence[Route]:
        routes = self.healthy.offered(luck)
        if not chosen_request("over_orchestration", luck, self.severity):
            return routes
        # The longest way names them all, in an order that works.
        everybody = max((route.agents for route in routes), key=len, default=())
        return [replace(route, agents=everybody, thorough=True) for route in routes]


FAULT = PartFault(
    id="over_orchestration",
    seam=Seam.ROUTES,
    layer=Layer.ROUTING,
    summary="every question goes to every agent and to every tool that can be called",
    taxonomy=("MAST 1.1", "OWASP LLM10"),
    shows_in=("agents per request", "tools per request", "records handed over", "tokens", "cost"),
    blind=("answers", "groundedness", "status codes"),
    excludes=("misroute",),
    find=(
        "Compare agents, tool calls and cost per request with what the question asks for: "
        "a question about one field of one record takes two agents and one tool."
    ),
    fix=(
        "Let each route list only the agents that it needs, and leave it to the model "
        "which tools it calls."
    ),
    claim=Claim("cost", "higher"),
    wrap=SendsEverybody,
)
