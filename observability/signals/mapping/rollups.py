"""Puts together from spans what our application writes itself, where it is missing.

Only sums and counts of what spans say: nothing here is a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from observability.recording.records import SpanRecord
from observability.signals.trace import Trace, as_numbers, as_texts, total
from observability.telemetry import semconv as s


def with_rollups(spans: Sequence[SpanRecord]) -> tuple[SpanRecord, ...]:
    """Return the spans of one trace, with sums and counts where they were missing."""
    if not spans:
        return ()
    derived = [_with(span, _of_span(span)) for span in spans]
    trace = Trace(derived)
    top = trace.workflow
    if not any(s.GEN_AI_OPERATION_NAME in span.attributes for span in derived):
        return tuple(derived)  # no step of generative AI: there is nothing to add up
    whole = _with(top, _of_request(trace))
    return tuple(whole if span is top else span for span in derived)


def _with(span: SpanRecord, values: Mapping[str, Any]) -> SpanRecord:
    missing = {
        key: value
        for key, value in values.items()
        if value is not None and key not in span.attributes
    }
    return replace(span, attributes={**span.attributes, **missing}) if missing else span


def _of_span(span: SpanRecord) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    attributes = span.attributes
    if s.RETRIEVAL_SIMILARITIES in attributes or s.RETRIEVAL_DOCUMENT_IDS in attributes:
        similarities = as_numbers(attributes.get(s.RETRIEVAL_SIMILARITIES))
        ids = as_texts(attributes.get(s.RETRIEVAL_DOCUMENT_IDS))
        found[s.RETRIEVAL_RETURNED] = len(ids) or len(similarities)
        if similarities:
            found[s.RETRIEVAL_TOP1_SIMILARITY] = similarities[0]
            found[s.RETRIEVAL_MEAN_SIMILARITY] = sum(similarities) / len(similarities)
        if ids:
            found[s.RETRIEVAL_DISTINCT_DOCUMENTS] = len(set(ids))
    after = as_numbers(attributes.get(s.RERANK_SCORES_AFTER))
    if len(after) > 1:
        found[s.RERANK_MARGIN] = after[0] - after[1]
    ranks = as_numbers(attributes.get(s.RERANK_RANK_CHANGES))
    if len(ranks) > 1:
        found[s.RERANK_CORRELATION] = _spearman(ranks)
    before = as_numbers(attributes.get(s.RERANK_SCORES_BEFORE))
    if before:
        found[s.RERANK_INPUT_COUNT] = len(before)
    return found


def _spearman(ranks: Sequence[float]) -> float | None:
    """Return Spearman's correlation of old ranks with new places, None where two were one."""
    now = range(len(ranks))
    # Of those that were cut away nothing is known, so what is left is ranked anew.
    old = [sum(other < rank for other in ranks) for rank in ranks]
    if len(set(old)) < len(old):
        return None
    squares = sum((was - place) ** 2 for was, place in zip(old, now, strict=True))
    return 1.0 - 6.0 * squares / (len(ranks) * (len(ranks) ** 2 - 1))


def _of_request(trace: Trace) -> Mapping[str, Any]:
    chats = trace.operation(s.OP_CHAT)
    agents = [
        name
        for span in trace.operation(s.OP_INVOKE_AGENT)
        if isinstance(name := span.attributes.get(s.GEN_AI_AGENT_NAME), str)
    ]
    found: dict[str, Any] = {
        s.GEN_AI_USAGE_INPUT_TOKENS: _whole(total(chats, s.GEN_AI_USAGE_INPUT_TOKENS)),
        s.GEN_AI_USAGE_OUTPUT_TOKENS: _whole(total(chats, s.GEN_AI_USAGE_OUTPUT_TOKENS)),
        s.COST_USD: total(chats, s.COST_USD),
        s.MODEL_CALLS: len(chats),
        s.TOOL_COUNT: len(trace.operation(s.OP_EXECUTE_TOOL)),
        s.AGENT_COUNT: len(set(agents)),
        s.EXCEPTION_COUNT: sum(
            event.name == s.EVENT_EXCEPTION for span in trace.spans for event in span.events
        ),
        s.GEN_AI_CONVERSATION_ID: _first(trace, s.GEN_AI_CONVERSATION_ID, str),
        s.USER_ID: _first(trace, s.USER_ID, str),
    }
    if agents:
        found[s.AGENT_PATH] = tuple(agents)
    return found


def _first(trace: Trace, key: str, kind: type) -> Any:
    found = (span.attributes.get(key) for span in trace.spans)
    return next((value for value in found if isinstance(value, kind)), None)


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value
