"""What the question is about does not reach the agents.

Mechanism: the message that the supervisor sends to an agent got a new version
in which the list of entities has another name; the agents read the old name
and find an empty list, which is a valid one. They still have the question, so
that an invoice's number can be read off it; a vendor's number cannot, and the
search runs without its filter. Severity is the probability that a request's
hand-overs lose the list.
Taxonomy: MAST 2.4 (information withholding), OWASP ASI07 (insecure inter-agent
communication).
A trace shows: entities found by the intent step and none handed over, an empty
filter predicate, no tool called for a vendor, more abstentions.
Cannot show it: route and its confidence, which were decided before; groundedness;
latency; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents.handoff import Handoff, Handover
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class LosesTheEntities(StandsIn):
    """Hands over everything but the entities for its share of the requests."""

    healthy: Handoff
    severity: Severity

    def hand(self, agent: str, handover: Handover, luck: Luck) -> Handover:
        given = self.healthy.hand(agent, handover, luck)
        if not chosen_request("handoff_drops_fields", luck, self.severity):
            return given
        return replace(given, entities=())


FAULT = PartFault(
    id="handoff_drops_fields",
    seam=Seam.HANDOFF,
    layer=Layer.ROUTING,
    summary="the list of what a question is about does not reach the agents",
    taxonomy=("MAST 2.4", "OWASP ASI07"),
    shows_in=("entities handed over", "filter predicate", "tools per request", "abstentions"),
    blind=("route", "groundedness", "latency", "status codes"),
    excludes=("filter_dropped", "query_rewrite_drops_entity"),
    find=(
        "Compare the entities that the intent step found with those on the span of the first "
        "agent: the number falls to none between the two."
    ),
    fix=(
        "Let sender and receiver share one definition of the message, and refuse one that "
        "lacks a field."
    ),
    wrap=LosesTheEntities,
)
