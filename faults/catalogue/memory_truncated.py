"""The last turns of a conversation are forgotten.

Mechanism: conversations are read from a copy of their store that lags behind,
so that what was said last is not there yet when the next question comes. A
question that leans on it is about nothing, or about what was spoken of before.
Severity is the probability that a request reads from the copy.
Taxonomy: MAST 1.4 (loss of conversation history).
A trace shows: fewer turns remembered than the session had, nothing taken over
by a question that leans on another, searches without an entity, abstentions.
Cannot show it: a question that names what it is about; groundedness; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.ports import Memory, Turn
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

BEHIND = 3
"""Turns by which the copy lags."""


@dataclass(frozen=True, slots=True)
class ForgetsTheLastTurns(StandsIn):
    """Recalls a conversation without its last turns, for its share of the requests."""

    healthy: Memory
    severity: Severity

    def recall(self, session_id: str, luck: Luck) -> Sequence[Turn]:
        turns = self.healthy.recall(session_id, luck)
        if not chosen_request("memory_truncated", luck, self.severity):
            return turns
        return turns[:-BEHIND]


FAULT = PartFault(
    id="memory_truncated",
    seam=Seam.MEMORY,
    layer=Layer.MEMORY,
    summary="the last turns of a conversation are not there when the next question comes",
    taxonomy=("MAST 1.4",),
    shows_in=("turns remembered", "entities taken over", "filter predicate", "abstentions"),
    blind=("groundedness", "status codes"),
    wrap=ForgetsTheLastTurns,
    find="Compare the turns that a request remembers with the requests that its session had "
    "before: some are missing, and they are always the last ones.",
    fix="Read a conversation from where it is written, or wait until the copy has caught up.",
)
