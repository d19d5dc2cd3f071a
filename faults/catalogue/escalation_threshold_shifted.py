"""Answers are held for a person because a threshold is in per cent and the confidence is not.

Mechanism: the least confidence that an answer needs to go out alone was moved
to a file that is in per cent: 35 where the policy compares with a number from
0 to 1, so that no answer reaches it. Instances take the file over one by one.
Severity is the probability that a request is decided by one that has it.
Taxonomy: MAST 1.1 (disobeys the task), OWASP ASI09 in effect: people who are
asked to look at everything look at nothing.
A trace shows: reviews for low confidence beside a confidence near one, the
share of reviews.
Cannot show it: the answer; accuracy; groundedness; latency; tokens; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents.escalation import EscalationPolicy, Situation
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Layer, Seam, Severity

PER_CENT = 100.0


@dataclass(frozen=True, slots=True)
class ComparesWithPerCent(StandsIn):
    """Has the policy take its threshold for per cent, for its share of the requests."""

    healthy: EscalationPolicy
    severity: Severity

    def reason(self, situation: Situation, luck: Luck) -> str | None:
        if chosen_request("escalation_threshold_shifted", luck, self.severity):
            # To compare with a hundred times the threshold is to compare a hundredth with it.
            situation = replace(situation, confidence=situation.confidence / PER_CENT)
        return self.healthy.reason(situation, luck)


FAULT = PartFault(
    id="escalation_threshold_shifted",
    seam=Seam.ESCALATION,
    layer=Layer.ROUTING,
    summary="the confidence that an answer needs to go out alone is a hundred times too high",
    taxonomy=("MAST 1.1", "OWASP ASI09"),
    shows_in=("human reviews", "review reason"),
    blind=("answers", "accuracy", "groundedness", "latency", "status codes"),
    find=(
        "Set the confidence of the answers that are held for low confidence beside that of "
        "those that go out: they are alike."
    ),
    fix="Give the threshold its unit back, and refuse one outside of 0 to 1.",
    claim=Claim("reviews", "higher"),
    wrap=ComparesWithPerCent,
)
