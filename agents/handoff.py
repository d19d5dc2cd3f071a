"""What the supervisor hands to an agent, and the part that hands it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agents.ports import Evidence
from corpus.luck import Luck
from corpus.ports import Entity


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is checked. ``shown[0]`` is cited as ``[D1]``; confidence is 0 to 1."""

    text: str
    shown: Sequence[Evidence]
    abstained: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Handover:
    """What an agent is given to work with: the question, and what others made of it so far.

    ``draft`` is None until an answer is written; it comes with the evidence
    that it was written from.
    """

    question: str
    entities: Sequence[Entity]
    passages: Sequence[Evidence] = ()
    records: Sequence[Evidence] = ()
    draft: Draft | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Return what an answer may rest on: exact records first, then passages by rank."""
        return (*self.records, *self.passages)


class Handoff(Protocol):
    """Hands work over from one agent to the next."""

    def hand(self, agent: str, handover: Handover, luck: Luck) -> Handover:
        """Return what the agent of that name receives."""
        ...


@dataclass(frozen=True, slots=True)
class WholeHandoff:
    """Hands everything on as it is."""

    def hand(self, agent: str, handover: Handover, luck: Luck) -> Handover:
        return handover
