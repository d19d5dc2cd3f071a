"""A model's client that notes what it was asked, and requests for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.errors import ModelError
from agents.ports import ChatReply, ChatRequest, Message, ToolDefinition
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

TOOL = ToolDefinition("get_invoice", "Look an invoice up.", {"type": "object"})


@dataclass
class NotingModel:
    """Replies with the name of the model that was asked; those named in ``failing`` fail."""

    failing: frozenset[str] = frozenset()
    asked: list[ChatRequest] = field(default_factory=list)
    name: str = "sim-careful"
    provider: str = "stillgreen"

    async def chat(self, request: ChatRequest) -> ChatReply:
        self.asked.append(request)
        model = request.model or self.name
        if model in self.failing:
            raise ModelError(f"{model} does not do that")
        return ChatReply(model, (), "stop", model, 10, 5, 0.001)


def degraded(fault_id: str, model: NotingModel, severity: float = 1.0) -> NotingModel:
    """Return the client under a fault."""
    return degrade_part(Seam.MODEL, model, [ActiveFault(fault_id, severity)])


def request(seed: int = 1, **changes: object) -> ChatRequest:
    """Return a call that is made for the question with this luck."""
    return ChatRequest(
        "response",
        (Message("user", "What is it?"),),
        seed=seed * 7919 + 5,
        request_seed=seed,
        **changes,  # type: ignore[arg-type]
    )
