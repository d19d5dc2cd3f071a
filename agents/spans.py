"""Opens the spans of agents, with what all of them carry."""

from __future__ import annotations

from observability.telemetry import SpanHandle, Telemetry, semconv

_DESCRIPTIONS = {
    "supervisor": "Plans the way to an answer and sends the agents on it.",
    "retriever": "Searches the documents.",
    "finance": "Looks records up in the ledger.",
    "response": "Writes the answer.",
    "validation": "Checks the answer against its evidence.",
}


def agent_span(telemetry: Telemetry, agent: str, kind: str = semconv.OI_AGENT) -> SpanHandle:
    """Return the span of an agent's turn."""
    return telemetry.span(
        f"{semconv.SPAN_INVOKE_AGENT} {agent}",
        {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_INVOKE_AGENT,
            semconv.GEN_AI_AGENT_NAME: agent,
            semconv.GEN_AI_AGENT_DESCRIPTION: _DESCRIPTIONS.get(agent),
            semconv.OPENINFERENCE_SPAN_KIND: kind,
        },
    )
