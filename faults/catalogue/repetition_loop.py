"""The search is made again and again, and its results pile up.

Mechanism: the supervisor's list of steps is kept by appending to it, and the
step "retriever" is never ticked off, as when two versions of a route are
merged line by line. The same search runs until the limit of steps leaves room
for nothing but the answer, and each time its passages are added to those that
are there. Where the ledger was to be asked after the search, its turn never
comes. Severity is the probability that a request's list is so.
Taxonomy: MAST 1.3 (step repetition), OWASP LLM10.
A trace shows: the same span several times with the same query and the same
results, passages handed over, the limit of steps reached, tokens, cost.
Cannot show it: most answers, which the same passages support; similarity;
groundedness; the 95th percentile of latency, since a search is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agents.ports import Route, Routes
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Layer, Seam, Severity

TIMES = 8
"""How often the step is in the list: more often than there is room for."""


@dataclass(frozen=True, slots=True)
class NeverTicksOff(StandsIn):
    """Lists the search many times for its share of the requests."""

    healthy: Routes
    severity: Severity

    def offered(self, luck: Luck) -> Sequence[Route]:
        routes = self.healthy.offered(luck)
        if not chosen_request("repetition_loop", luck, self.severity):
            return routes
        return [replace(route, agents=tuple(_steps(route))) for route in routes]


def _steps(route: Route) -> Iterator[str]:
    for agent in route.agents:
        yield from [agent] * (TIMES if agent == "retriever" else 1)


FAULT = PartFault(
    id="repetition_loop",
    seam=Seam.ROUTES,
    layer=Layer.ROUTING,
    summary="the same search is made again and again, and its results pile up",
    taxonomy=("MAST 1.3", "OWASP LLM10"),
    shows_in=("repeated spans", "agents per request", "passages handed over", "tokens", "cost"),
    blind=("answers", "top-1 similarity", "groundedness", "latency", "status codes"),
    find=(
        "Look for one agent several times below one supervisor with the same query and the "
        "same results; the number of agents per request and the limit of steps point there."
    ),
    fix=("Keep a record of the steps that are done, and stop when a step brings nothing new."),
    claim=Claim("cost", "higher"),
    wrap=NeverTicksOff,
)
