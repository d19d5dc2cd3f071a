"""The parts that a workflow is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agents.answer import AskRequest
from agents.escalation import EscalationPolicy, StandardEscalation
from agents.handoff import Handoff, WholeHandoff
from agents.ports import ContextBuilder, Memory, Model, Prompts, Routes, Search, Tool


@dataclass(frozen=True, slots=True)
class WorkflowParts:
    """Everything that a workflow works with and that can be exchanged for another."""

    prompts: Prompts
    routes: Routes
    context: ContextBuilder
    memory: Memory
    tools: Sequence[Tool]
    model: Model
    search: Search
    escalation: EscalationPolicy = field(default_factory=StandardEscalation)
    handoff: Handoff = field(default_factory=WholeHandoff)


PartsProvider = Callable[[AskRequest], WorkflowParts]
"""Chooses the parts for one question."""
