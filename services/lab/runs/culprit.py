"""Names the seam of the span at which a request and its healthy twin part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from faults.fault import Seam
from observability.telemetry import semconv
from observability.trace_view import layers
from observability.trace_view.alignment import Divergence

# The innermost step that says what was at work decides.
_BY_STEP: Final[Mapping[str, Seam]] = {
    semconv.SPAN_RETRIEVAL: Seam.SEARCH,
    semconv.SPAN_EMBEDDINGS: Seam.QUERY_EMBEDDER,
    semconv.SPAN_QUERY: Seam.CHUNKER,
    semconv.SPAN_LEXICAL: Seam.CHUNKER,
    semconv.SPAN_FILTER: Seam.FILTER,
    semconv.SPAN_RERANK: Seam.RERANKER,
    semconv.SPAN_CONTEXT: Seam.CONTEXT,
    semconv.SPAN_EXECUTE_TOOL: Seam.TOOLS,
    semconv.SPAN_SELECT: Seam.TOOLS,
    semconv.SPAN_MEMORY: Seam.MEMORY,
    semconv.SPAN_PLAN: Seam.ROUTES,
    semconv.SPAN_ESCALATION: Seam.ESCALATION,
}
_BY_LAYER: Final[Mapping[str, Seam]] = {
    layers.DATA: Seam.CHUNKER,
    layers.CONTEXT: Seam.PROMPTS,
    layers.MODEL: Seam.MODEL,
    layers.ROUTING: Seam.ROUTES,
    layers.TOOLS: Seam.TOOLS,
    layers.MEMORY: Seam.MEMORY,
}
_HANDED_OVER: Final = frozenset(
    {
        semconv.HANDOFF_ENTITIES,
        semconv.HANDOFF_PASSAGES,
        semconv.HANDOFF_RECORDS,
        semconv.HANDOFF_EVIDENCE,
    }
)


@dataclass(frozen=True, slots=True)
class Culprit:
    """The first span, in causal order, that behaves otherwise than the twin's.

    ``seam`` is None where no part of ours can be named. What a model replied
    does not tell whether its client or its server made it so; the client is named.
    """

    span_id: str | None
    name: str
    agent: str
    layer: str
    seam: str | None
    attribute: str


def culprit_of(divergence: Divergence | None) -> Culprit | None:
    """Return the culprit of a divergence between a twin (left) and a request (right)."""
    if divergence is None:
        return None
    return Culprit(
        divergence.right_span_id,
        divergence.span_name,
        divergence.agent,
        divergence.layer,
        _seam(divergence),
        divergence.attribute,
    )


def _seam(divergence: Divergence) -> str | None:
    if divergence.layer == layers.DATA:
        name = divergence.span_name.partition(" ")[0]
        return (Seam.QUERY_EMBEDDER if name == semconv.SPAN_EMBEDDINGS else Seam.CHUNKER).value
    if divergence.attribute in _HANDED_OVER:
        return Seam.HANDOFF.value
    for step in reversed(divergence.path):
        found = _BY_STEP.get(step.name.partition(" ")[0])
        if found is not None:
            return found.value
        if step.name.partition(" ")[0] == semconv.SPAN_CHAT:
            break
    seam = _BY_LAYER.get(divergence.layer)
    return None if seam is None else seam.value
