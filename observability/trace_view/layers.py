"""Names the layer in which a difference between two runs lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from observability.telemetry import semconv
from observability.trace_view.tree import Step

DATA: Final = "data"
RETRIEVAL: Final = "retrieval"
CONTEXT: Final = "context and prompt"
MODEL: Final = "model"
ROUTING: Final = "routing and agents"
TOOLS: Final = "tools"
MEMORY: Final = "memory"

# How many rows there are, and how long a text is, follow from the index that was searched.
_DATA_KEYS: Final = frozenset({semconv.FILTER_ROWS_IN, semconv.FILTER_ROWS_OUT, semconv.INDEX_SIZE})
_PROMPT_KEYS: Final = frozenset(
    {
        semconv.GEN_AI_INPUT_MESSAGES,
        semconv.GEN_AI_SYSTEM_INSTRUCTIONS,
        semconv.GEN_AI_USAGE_INPUT_TOKENS,
        semconv.INPUT_VALUE,
        semconv.GEN_AI_PROMPT_NAME,
    }
)
# What a model call gave back. Messages are among these: where they are recorded, so is what the
# model was shown, and that comes first.
_REPLY_KEYS: Final = frozenset(
    {
        semconv.GEN_AI_RESPONSE_MODEL,
        semconv.GEN_AI_RESPONSE_FINISH_REASONS,
        semconv.GEN_AI_OUTPUT_MESSAGES,
    }
)
_BY_NAME: Final = {
    semconv.SPAN_EMBEDDINGS: DATA,
    semconv.SPAN_QUERY: DATA,
    semconv.SPAN_LEXICAL: DATA,
    semconv.SPAN_RETRIEVAL: RETRIEVAL,
    semconv.SPAN_FILTER: RETRIEVAL,
    semconv.SPAN_RERANK: RETRIEVAL,
    semconv.SPAN_CONTEXT: CONTEXT,
    semconv.SPAN_EXECUTE_TOOL: TOOLS,
    semconv.SPAN_SELECT: TOOLS,
    semconv.SPAN_MEMORY: MEMORY,
    semconv.SPAN_PLAN: ROUTING,
    semconv.SPAN_INTENT: ROUTING,
    semconv.SPAN_INVOKE_AGENT: ROUTING,
    semconv.SPAN_INVOKE_WORKFLOW: ROUTING,
    semconv.SPAN_SAFETY: ROUTING,
    semconv.SPAN_ESCALATION: ROUTING,
}
# A model call below one of these is part of a decision about the way.
_DECIDING: Final = frozenset({semconv.SPAN_PLAN, semconv.SPAN_INTENT})


def layer_of(path: Sequence[Step], attribute: str) -> str:
    """Return the layer of a difference from where it lies and what differs.

    A model call counts as context and prompt if what it was shown differs, as
    tools if the tools that it was offered differ, and as model if only its
    reply does, or how it was called; what was shown to one below a routing step
    is routing. A span of HTTP counts as the step that it belongs to.
    """
    if attribute in _DATA_KEYS:
        return DATA
    heads = [step.name.partition(" ")[0] for step in path]
    for place in range(len(heads) - 1, -1, -1):
        head = heads[place]
        if head == semconv.SPAN_CHAT:
            return _of_model_call(heads[:place], heads[place + 1 :], attribute)
        if head in _BY_NAME:
            return _BY_NAME[head]
    return ROUTING


def _of_model_call(above: Sequence[str], below: Sequence[str], attribute: str) -> str:
    # What lies below a model call are its calls over HTTP.
    if attribute in _REPLY_KEYS or below:
        return MODEL
    if _DECIDING.intersection(above):
        return ROUTING
    if attribute == semconv.GEN_AI_TOOL_DEFINITIONS:
        return TOOLS
    return CONTEXT if attribute in _PROMPT_KEYS else MODEL
