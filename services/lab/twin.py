"""Asks one question twice with the same luck: healthy, and under a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from faults.plan import HEALTHY, FaultPlan
from observability.recording.records import SpanRecord
from services.client import Question, ask
from services.lab.measure import MeasuredSystem, ask_before


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, as the gateway's JSON, and the spans of its trace."""

    answer: dict[str, Any]
    spans: Sequence[SpanRecord]


@dataclass(frozen=True, slots=True)
class Twins:
    """A question's answer under a plan and that of the healthy application."""

    healthy: Answered
    degraded: Answered


async def ask_under(
    system: MeasuredSystem, question: Question, plan: FaultPlan, before: str = ""
) -> Answered:
    """Ask a question under a plan; raises ``GatewayError`` as ``services.client.ask`` does.

    ``before`` is asked first in a conversation of its own that the question goes on with.
    The system's plan is what it was before when this returns.
    """
    system.prepare(plan)
    system.workflow.forget()
    at_first, system.plan.plan = system.plan.plan, plan
    try:
        if before:
            question = await ask_before(system, question, before, str(system.clock.now_ns()))
        answer = await ask(system.client, question)
    finally:
        system.plan.plan = at_first
    return Answered(answer, system.spans(str(answer["trace_id"])))


async def ask_twins(
    system: MeasuredSystem, question: Question, plan: FaultPlan, before: str = ""
) -> Twins:
    """Ask a question healthy and then under a plan, with one seed.

    The session is left out: the second twin would remember the first one. With
    ``before`` each of them goes on with a conversation of its own.
    Raises ``ValueError`` for a question without a seed.
    """
    if question.seed is None:
        raise ValueError("twins need a seed, or they do not have the same luck")
    alone = replace(question, session_id=None)
    healthy = await ask_under(system, alone, HEALTHY, before)
    return Twins(healthy, await ask_under(system, alone, plan, before))
