"""Opens the spans of agents, with what all of them carry."""

from __future__ import annotations

from agents.handoff import Handover
from observability.telemetry import SpanHandle, Telemetry, semconv
from observability.telemetry.telemetry import Value

_DESCRIPTIONS = {
    "supervisor": "Plans the way to an answer and sends the agents on it.",
    "retriever": "Searches the documents.",
    "finance": "Looks records up in the ledger.",
    "response": "Writes the answer.",
    "validation": "Checks the answer against its evidence.",
}


def agent_span(
    telemetry: Telemetry,
    agent: str,
    given: Handover | None = None,
    kind: str = semconv.OI_AGENT,
) -> SpanHandle:
    """Return the span of an agent's turn, with what the agent was given to work with."""
    return telemetry.span(
        f"{semconv.SPAN_INVOKE_AGENT} {agent}",
        {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_INVOKE_AGENT,
            semconv.GEN_AI_AGENT_NAME: agent,
            semconv.GEN_AI_AGENT_DESCRIPTION: _DESCRIPTIONS.get(agent),
            semconv.OPENINFERENCE_SPAN_KIND: kind,
            **({} if given is None else _received(given)),
        },
    )


def _received(given: Handover) -> dict[str, Value | None]:
    return {
        semconv.HANDOFF_ENTITIES: len(given.entities),
        semconv.HANDOFF_PASSAGES: len(given.passages),
        semconv.HANDOFF_RECORDS: len(given.records),
        semconv.HANDOFF_EVIDENCE: (
            None if given.draft is None else [piece.source for piece in given.draft.shown]
        ),
    }
