"""Metrics that follow from spans, so that the two can never say different things.

Durations are in the clock's time. What a span does not say is not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanKind, set_span_in_context
from opentelemetry.util.types import Attributes

from observability.telemetry import semconv as s
from observability.telemetry.instruments import Instruments

_Values = Mapping[str, Any]


class SpanMetrics(SpanProcessor):
    """Records a service's metrics as its spans end, each with the span as its exemplar."""

    def __init__(self, instruments: Instruments) -> None:
        self._to = instruments
        self._by_operation: Mapping[object, Callable[[ReadableSpan, _Values, Context], None]] = {
            s.OP_CHAT: self._chat,
            s.OP_EMBEDDINGS: self._model_operation,
            s.OP_INVOKE_WORKFLOW: self._workflow,
            s.OP_INVOKE_AGENT: self._agent,
            s.OP_EXECUTE_TOOL: self._tool,
            s.OP_RETRIEVAL: self._retrieval,
        }

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if span.kind is SpanKind.SERVER:
            self._to.http_server_active.add(1, _active(_plain(span.attributes)))

    def on_end(self, span: ReadableSpan) -> None:
        values = _plain(span.attributes)
        context = span.get_span_context()
        if context is None:
            return
        handler = self._by_operation.get(values.get(s.GEN_AI_OPERATION_NAME))
        if handler is not None:
            handler(span, values, set_span_in_context(NonRecordingSpan(context), Context()))
        elif span.name == s.SPAN_CONTEXT:
            _record(self._to.context_tokens, values.get(s.CONTEXT_TOKENS), {}, None)
        elif span.name == s.SPAN_ESCALATION and s.REVIEW_ID in values:  # it waits for a person
            self._to.manual_reviews.add(1, _take(values, (s.REVIEW_REASON,)))
        elif span.kind is SpanKind.SERVER:
            self._to.http_server_active.add(-1, _active(values))
            where = set_span_in_context(NonRecordingSpan(context), Context())
            self._to.http_server_duration.record(_seconds(span), _take(values, _HTTP_SERVER), where)
        elif span.kind is SpanKind.CLIENT and s.HTTP_REQUEST_METHOD in values:
            self._to.http_client_duration.record(_seconds(span), _take(values, _HTTP_CLIENT))

    def shutdown(self) -> None:
        return

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return True

    def _model_operation(self, span: ReadableSpan, values: _Values, where: Context) -> None:
        labels = _take(values, _MODEL)
        self._to.operation_duration.record(_seconds(span), labels, where)
        for key, kind in _TOKENS:
            _record(
                self._to.token_usage, values.get(key), {**labels, s.GEN_AI_TOKEN_TYPE: kind}, where
            )

    def _chat(self, span: ReadableSpan, values: _Values, where: Context) -> None:
        self._model_operation(span, values, where)
        first = values.get(s.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)
        _record(self._to.time_to_first_chunk, first, _take(values, _MODEL), where)
        _add(self._to.cost_by_agent, values.get(s.COST_USD), _take(values, _COST), where)

    def _agent(self, span: ReadableSpan, values: _Values, where: Context) -> None:
        labels = _take(values, (s.GEN_AI_AGENT_NAME, s.ERROR_TYPE))
        self._to.invoke_agent_duration.record(_seconds(span), labels, where)

    def _tool(self, span: ReadableSpan, values: _Values, where: Context) -> None:
        labels = _take(values, (s.GEN_AI_TOOL_NAME, s.TOOL_FOUND, s.ERROR_TYPE))
        self._to.execute_tool_duration.record(_seconds(span), labels, where)

    def _retrieval(self, span: ReadableSpan, values: _Values, where: Context) -> None:
        labels = _take(values, (s.GEN_AI_DATA_SOURCE_ID,))
        similarity = values.get(s.RETRIEVAL_TOP1_SIMILARITY)
        if isinstance(similarity, int | float):
            # A histogram takes no negative number, and the worst must not be what it leaves out.
            self._to.top1_similarity.record(max(0.0, similarity), labels, where)

    def _workflow(self, span: ReadableSpan, values: _Values, where: Context) -> None:
        to = self._to
        route = _take(values, (s.ROUTE_NAME,))
        to.workflow_duration.record(
            _seconds(span), _take(values, (s.GEN_AI_WORKFLOW_NAME, s.ERROR_TYPE)), where
        )
        to.requests.add(1, route, where)
        for histogram, key in (
            (to.groundedness, s.VALIDATION_GROUNDEDNESS),
            (to.citation_match, s.CITATION_MATCH),
            (to.extraction_confidence, s.EXTRACTION_CONFIDENCE),
            (to.request_cost, s.COST_USD),
            (to.request_agents, s.AGENT_COUNT),
            (to.request_tools, s.TOOL_COUNT),
        ):
            _record(histogram, values.get(key), route, where)
        _add(to.cost_by_user, values.get(s.COST_USD), _take(values, (s.USER_ID,)), where)
        # Counted by the workflow: an event per span would count one exception once per level.
        _add(to.exceptions, values.get(s.EXCEPTION_COUNT), route, where)
        if values.get(s.ANSWER_ABSTAINED):
            to.abstentions.add(1, route, where)
        if values.get(s.FALLBACK_USED):
            to.fallbacks.add(1, _take(values, (s.FALLBACK_REASON,)), where)
        if values.get(s.REVIEW_REQUIRED):
            to.escalations.add(1, _take(values, (s.REVIEW_REASON,)), where)


_MODEL = (
    s.GEN_AI_OPERATION_NAME,
    s.GEN_AI_PROVIDER_NAME,
    s.GEN_AI_REQUEST_MODEL,
    s.GEN_AI_RESPONSE_MODEL,
    s.ERROR_TYPE,
)
_COST = (s.GEN_AI_AGENT_NAME, s.GEN_AI_RESPONSE_MODEL)
_TOKENS = ((s.GEN_AI_USAGE_INPUT_TOKENS, "input"), (s.GEN_AI_USAGE_OUTPUT_TOKENS, "output"))
_HTTP_SERVER = (
    s.HTTP_REQUEST_METHOD,
    s.HTTP_ROUTE,
    s.HTTP_RESPONSE_STATUS_CODE,
    s.URL_SCHEME,
    s.ERROR_TYPE,
)
_HTTP_CLIENT = (
    s.HTTP_REQUEST_METHOD,
    s.HTTP_RESPONSE_STATUS_CODE,
    s.SERVER_ADDRESS,
    s.ERROR_TYPE,
)


def _plain(attributes: Attributes) -> _Values:
    # A look-up that fails costs the SDK's own mapping an exception, and most here do.
    if isinstance(attributes, BoundedAttributes):
        return attributes.copy()
    return attributes or {}


def _active(values: _Values) -> dict[str, Any]:
    return _take(values, (s.HTTP_REQUEST_METHOD, s.URL_SCHEME))


def _take(values: _Values, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: values[key] for key in keys if key in values}


def _seconds(span: ReadableSpan) -> float:
    return ((span.end_time or 0) - (span.start_time or 0)) / 1e9


def _record(
    histogram: Histogram, value: object, labels: dict[str, Any], where: Context | None
) -> None:
    if isinstance(value, int | float):
        histogram.record(value, labels, where)


def _add(counter: Counter, value: object, labels: dict[str, Any], where: Context) -> None:
    if isinstance(value, int | float):
        counter.add(value, labels, where)
