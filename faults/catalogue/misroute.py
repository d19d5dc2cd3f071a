"""The routes' descriptions have slipped: each route is described as its neighbour is.

Mechanism: an edit of the supervisor's prompt moved the descriptions and their
examples one entry on, so that the model chooses well among descriptions that
belong to other routes. Names and agents stay where they were. Severity is the
probability that a request is shown the slipped list.
Taxonomy: MAST 1.2 (disobeys role), and FP1 in effect: the agent that could
answer is never asked.
A trace shows: a route that does not go with the entities and the kind of
question, other agents and tools than usual, the route mix, more abstentions.
Cannot show it: the route's confidence, which stays high; similarity; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.ports import Route, Routes
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class DescribesItsNeighbour(StandsIn):
    """Shows its share of the requests each route with the next route's description."""

    healthy: Routes
    severity: Severity

    def offered(self, luck: Luck) -> Sequence[Route]:
        routes = list(self.healthy.offered(luck))
        if not chosen_request("misroute", luck, self.severity):
            return routes
        neighbours = routes[1:] + routes[:1]
        return [
            replace(route, description=neighbour.description, examples=neighbour.examples)
            for route, neighbour in zip(routes, neighbours, strict=True)
        ]


FAULT = PartFault(
    id="misroute",
    seam=Seam.ROUTES,
    layer=Layer.ROUTING,
    summary="each route is described to the supervisor as its neighbour is",
    taxonomy=("MAST 1.2", "FP1"),
    shows_in=("route", "agents per request", "tools per request", "abstentions"),
    blind=("route confidence", "top-1 similarity", "status codes"),
    wrap=DescribesItsNeighbour,
    find="Set the route on the plan span against the entities and the intent: questions that name "
    "an invoice go to the documents and rules to the ledger, with the usual confidence.",
    fix="Put each description back under its route, and compare the routes chosen for the "
    "descriptions' own examples.",
)
