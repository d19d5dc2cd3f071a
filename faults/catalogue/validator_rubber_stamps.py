"""The validator is shown the conversation in place of the evidence, and agrees with it.

Mechanism: to save tokens the hand-over to the validator carries what was said,
the question and the text of the answer, instead of the draft with the
documents and records that it was written from. The validator works as before;
but whatever an answer says is said by its own evidence, so that it has nothing
to object to, and an answer that says that there is none passes for one too.
Severity is the probability that a request is checked so.
Taxonomy: MAST 3.2 and 3.3 (incomplete and incorrect verification), OWASP LLM09.
A trace shows: the sources that the draft came with at the validator, a rate of
approval near one, approved abstentions, fewer reviews.
Cannot show it: groundedness and the verdict, which both rise; anything before
the validator; the answer, which stays as it is; latency; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents.handoff import Draft, Handoff, Handover
from agents.ports import Evidence
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class ShowsTheValidatorItsOwnDraft(StandsIn):
    """Hands the draft to the validator as the draft's evidence for its share of the requests."""

    healthy: Handoff
    severity: Severity

    def hand(self, agent: str, handover: Handover, luck: Luck) -> Handover:
        given = self.healthy.hand(agent, handover, luck)
        if agent != "validation" or given.draft is None:
            return given
        if not chosen_request("validator_rubber_stamps", luck, self.severity):
            return given
        return replace(given, draft=_vouching_for_itself(given.question, given.draft))


def _vouching_for_itself(question: str, draft: Draft) -> Draft:
    said = Evidence(
        id="conversation",
        source="conversation",
        title="Conversation",
        text=f"{question}\n{draft.text}",
    )
    return replace(draft, shown=(said,), abstained=False)


FAULT = PartFault(
    id="validator_rubber_stamps",
    seam=Seam.HANDOFF,
    layer=Layer.ROUTING,
    summary="the validator is shown the draft as its own evidence, and agrees",
    taxonomy=("MAST 3.2", "MAST 3.3", "OWASP LLM09"),
    shows_in=("evidence handed over", "approvals", "human reviews"),
    blind=("groundedness", "validation verdict", "answers", "latency", "status codes"),
    find=(
        "Look at what the validator was given: its evidence is no document and no record. The "
        "rate of approval alone shows it only where there is something to object to."
    ),
    fix=(
        "Hand the validator the evidence itself, and plant wrong answers now and then to see "
        "whether it objects."
    ),
    claim=Claim("approvals", "higher"),
    wrap=ShowsTheValidatorItsOwnDraft,
)
