"""A conversation remembers what somebody else said.

Mechanism: a cache was put in front of the store of conversations, and the key
under which it keeps the last turns leaves the session out. Whoever asks on is
given the turns that were said last, whoever said them: "And when is it due?"
is answered about the invoice of somebody else. Severity is the probability that
a request reads from the cache.
Taxonomy: OWASP ASI06 (memory poisoning), LLM02 (disclosure), RAGEC E14 in effect.
A trace shows: entities taken over that were never named in the session, more
turns remembered than the session had, tools called for somebody else's records.
Cannot show it: groundedness, since the answer is faithful to the wrong record;
latency, tool calls, status codes; a question that names what it is about; an
application in which only one person is asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.ports import Memory, Turn
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

_EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class LeavesTheSessionOut(StandsIn):
    """Recalls what anybody said last, for its share of the requests."""

    healthy: Memory
    severity: Severity

    def recall(self, session_id: str, luck: Luck) -> Sequence[Turn]:
        cached = chosen_request("memory_bleed", luck, self.severity)
        return self.healthy.recall(_EVERYBODY if cached else session_id, luck)

    def remember(self, session_id: str, turn: Turn) -> None:
        # Written through: the store keeps the session's own turns.
        self.healthy.remember(session_id, turn)
        self.healthy.remember(_EVERYBODY, turn)


FAULT = PartFault(
    id="memory_bleed",
    seam=Seam.MEMORY,
    layer=Layer.MEMORY,
    summary="a conversation is given the turns of whoever spoke last",
    taxonomy=("OWASP ASI06", "OWASP LLM02", "RAGEC E14"),
    shows_in=("entities taken over", "turns remembered", "arguments of tools"),
    blind=("groundedness", "latency", "tool calls", "status codes"),
    wrap=LeavesTheSessionOut,
    find="Compare the entities that a request takes over from memory with those that earlier "
    "requests of its session named: they are not among them.",
    fix="Put the session into the cache's key, empty the cache, and test that two conversations "
    "side by side do not meet.",
)
