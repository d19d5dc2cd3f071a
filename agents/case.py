"""The question as the agents work on it, and what they have found for it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.answer import AskRequest, Listener, Progress
from agents.calling import ModelCalls
from agents.handoff import Draft
from agents.parts import WorkflowParts
from agents.ports import Evidence, ToolResult
from corpus.luck import Luck
from corpus.ports import Entity


@dataclass(frozen=True, slots=True)
class Case:
    """One question on its way through the workflow.

    ``question`` can be read alone: what a follow-up leans on has been named.
    """

    request: AskRequest
    question: str
    entities: Sequence[Entity]
    parts: WorkflowParts
    calls: ModelCalls
    listener: Listener | None = None

    @property
    def luck(self) -> Luck:
        """Return the request's luck."""
        return self.request.luck

    @property
    def company(self) -> bool:
        """Return whether the question is about the company's books, not somebody's documents."""
        return self.request.collection == "finance"

    async def tell(self, agent: str, text: str) -> None:
        """Let the caller know of a step."""
        if self.listener is not None:
            await self.listener(Progress("step", agent, text))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the validation of a draft gave; numbers are 0 to 1, None when undefined."""

    verdict: str = "not_checked"
    groundedness: float | None = None
    hallucination_risk: float | None = None
    figures_differ: bool = False


@dataclass(slots=True)
class Work:
    """What the agents have found for a case so far."""

    passages: list[Evidence] = field(default_factory=list)
    records: list[Evidence] = field(default_factory=list)
    tool_results: list[ToolResult] = field(default_factory=list)
    draft: Draft | None = None
    verdict: Verdict = field(default_factory=Verdict)
    path: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    tool_limit_reached: bool = False
    step_limit_reached: bool = False
    fallback: str | None = None
