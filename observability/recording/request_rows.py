"""One row for each request, put together from the spans of its trace and nothing else.

The keys are those of the telemetry contract, named here once more because that
package stands above this one; a test compares them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from observability.recording.records import SpanRecord

ABSTAINED = "stillgreen.answer.abstained"
AGENT_PATH = "stillgreen.agent.path"
ANSWER_CONFIDENCE = "stillgreen.answer.confidence"
ANSWER_LENGTH = "stillgreen.answer.length"
CITATION_MATCH = "stillgreen.citation.match"
CITATIONS = "stillgreen.citation.given"
CONTEXT_KEPT = "stillgreen.context.kept"
CONTEXT_TOKENS = "stillgreen.context.tokens"
CONTEXT_TRUNCATED = "stillgreen.context.truncated"
CONVERSATION = "gen_ai.conversation.id"
COST = "stillgreen.cost.usd"
EXCEPTIONS = "stillgreen.exception.count"
FALLBACK = "stillgreen.fallback.used"
FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"
GROUNDEDNESS = "stillgreen.validation.groundedness"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
INTENT = "stillgreen.intent.label"
MEAN_SIMILARITY = "stillgreen.retrieval.mean_similarity"
MODEL_CALLS = "stillgreen.model.calls"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
REQUEST_ID = "stillgreen.request.id"
RESPONSE_MODEL = "gen_ai.response.model"
REVIEW = "stillgreen.review.required"
REVIEW_REASON = "stillgreen.review.reason"
RISK = "stillgreen.validation.hallucination_risk"
ROUTE = "stillgreen.route.name"
ROUTE_CONFIDENCE = "stillgreen.route.confidence"
STATUS_CODE = "http.response.status_code"
TOOL_NAME = "gen_ai.tool.name"
TOP1_SIMILARITY = "stillgreen.retrieval.top1_similarity"
USER = "user.id"
VERDICT = "stillgreen.validation.verdict"

_WORKFLOW = "invoke_workflow "


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What the spans of one trace say about the request; None is what they do not say.

    Durations are milliseconds, ``time_to_first_chunk_s`` seconds; ``models``
    and ``tools`` are the names that occur, sorted and in order of use.
    """

    trace_id: str
    request_id: str | None
    session_id: str | None
    user_id: str | None
    start_ns: int
    duration_ms: float
    status_code: int | None
    spans: int
    error_spans: int
    route: str | None
    route_confidence: float | None
    intent: str | None
    agents: tuple[str, ...]
    tools: tuple[str, ...]
    models: tuple[str, ...]
    model_calls: int | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    time_to_first_chunk_s: float | None
    abstained: bool | None
    answer_length: int | None
    answer_confidence: float | None
    citations: int | None
    citation_match: float | None
    verdict: str | None
    groundedness: float | None
    hallucination_risk: float | None
    top1_similarity: float | None
    mean_similarity: float | None
    context_kept: int | None
    context_tokens: int | None
    context_truncated: bool | None
    review_required: bool | None
    review_reason: str | None
    fallback_used: bool | None
    exceptions: int | None


def request_rows(spans: Iterable[SpanRecord]) -> Iterator[RequestRow]:
    """Yield a row for each trace; the spans of a trace follow one another, in order of start."""
    for _, trace in groupby(spans, key=lambda span: span.trace_id):
        yield _row(tuple(trace))


def _row(spans: Sequence[SpanRecord]) -> RequestRow:
    root = _root(spans)
    workflow = next((span for span in spans if span.name.startswith(_WORKFLOW)), root)
    whole = (workflow, root)
    start = min(span.start_ns for span in spans)
    return RequestRow(
        trace_id=root.trace_id,
        request_id=_text(whole, REQUEST_ID),
        session_id=_text(whole, CONVERSATION),
        user_id=_text(whole, USER),
        start_ns=start,
        duration_ms=(max(span.end_ns for span in spans) - start) / 1e6,
        status_code=_whole(whole, STATUS_CODE),
        spans=len(spans),
        error_spans=sum(span.status == "ERROR" for span in spans),
        route=_text((*whole, *spans), ROUTE),
        route_confidence=_number(spans, ROUTE_CONFIDENCE),
        intent=_text(spans, INTENT),
        agents=_texts(workflow.attributes.get(AGENT_PATH)),
        tools=tuple(str(s.attributes[TOOL_NAME]) for s in spans if TOOL_NAME in s.attributes),
        models=tuple(
            sorted(
                {str(s.attributes[RESPONSE_MODEL]) for s in spans if RESPONSE_MODEL in s.attributes}
            )
        ),
        model_calls=_whole(whole, MODEL_CALLS),
        input_tokens=_whole(whole, INPUT_TOKENS),
        output_tokens=_whole(whole, OUTPUT_TOKENS),
        cost_usd=_number(whole, COST),
        time_to_first_chunk_s=_number(spans, FIRST_CHUNK),
        abstained=_flag(whole, ABSTAINED),
        answer_length=_whole(whole, ANSWER_LENGTH),
        answer_confidence=_number(whole, ANSWER_CONFIDENCE),
        citations=_whole(spans, CITATIONS),
        citation_match=_number(spans, CITATION_MATCH),
        verdict=_text(whole, VERDICT),
        groundedness=_number(whole, GROUNDEDNESS),
        hallucination_risk=_number(whole, RISK),
        top1_similarity=_number(spans, TOP1_SIMILARITY),
        mean_similarity=_number(spans, MEAN_SIMILARITY),
        context_kept=_whole(spans, CONTEXT_KEPT),
        context_tokens=_whole(spans, CONTEXT_TOKENS),
        context_truncated=_flag(spans, CONTEXT_TRUNCATED),
        review_required=_flag(whole, REVIEW),
        review_reason=_text(whole, REVIEW_REASON),
        fallback_used=_flag(whole, FALLBACK),
        exceptions=_whole(whole, EXCEPTIONS),
    )


def _root(spans: Sequence[SpanRecord]) -> SpanRecord:
    ids = {span.span_id for span in spans}
    # Of half a trace, the first span whose parent is elsewhere stands for the root.
    return next(
        (span for span in spans if span.parent_id is None),
        next((span for span in spans if span.parent_id not in ids), spans[0]),
    )


def _first(spans: Iterable[SpanRecord], key: str) -> Any:
    return next((span.attributes[key] for span in spans if key in span.attributes), None)


# What comes from elsewhere may have any type under a known key; then it says nothing.


def _text(spans: Iterable[SpanRecord], key: str) -> str | None:
    value = _first(spans, key)
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()


def _flag(spans: Iterable[SpanRecord], key: str) -> bool | None:
    value = _first(spans, key)
    return value if isinstance(value, bool) else None


def _number(spans: Iterable[SpanRecord], key: str) -> float | None:
    value = _first(spans, key)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)


def _whole(spans: Iterable[SpanRecord], key: str) -> int | None:
    value = _first(spans, key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
