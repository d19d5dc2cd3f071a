"""The supervisor has the answer written before the last look-up was made.

Mechanism: to save time the supervisor ends the gathering one step early, as a
condition that counts steps from one in place of zero does; what the last
agent would have found is not there, and nobody asks for it. Severity is the
probability that a request is stopped early.
Taxonomy: MAST 3.1 (premature termination), FP1 in effect.
A trace shows: an agent that is missing, a route without it, an answer written
from little or no evidence, abstentions, fewer tools, lower cost.
Cannot show it: latency, which falls; route and its confidence; groundedness of
what is still answered; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.ports import Route, Routes
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

_CONCLUDING = ("response", "validation")


@dataclass(frozen=True, slots=True)
class StopsOneStepEarly(StandsIn):
    """Leaves out the last agent before the answer for its share of the requests."""

    healthy: Routes
    severity: Severity

    def offered(self, luck: Luck) -> Sequence[Route]:
        routes = self.healthy.offered(luck)
        if not chosen_request("premature_stop", luck, self.severity):
            return routes
        return [replace(route, agents=_shortened(route.agents)) for route in routes]


def _shortened(agents: Sequence[str]) -> tuple[str, ...]:
    gathering = [agent for agent in agents if agent not in _CONCLUDING]
    return (*gathering[:-1], *(agent for agent in agents if agent in _CONCLUDING))


FAULT = PartFault(
    id="premature_stop",
    seam=Seam.ROUTES,
    layer=Layer.ROUTING,
    summary="the answer is written before the last look-up was made",
    taxonomy=("MAST 3.1", "FP1"),
    shows_in=("missing span", "agents per request", "tools per request", "abstentions"),
    blind=("latency", "route", "groundedness", "status codes"),
    find=(
        "Compare the agents that ran with those that the route is there for: a question for "
        "the ledger without a finance agent has nothing to be answered from."
    ),
    fix="Let the answer be written only when every agent of the route has reported.",
    wrap=StopsOneStepEarly,
)
