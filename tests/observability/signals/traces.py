"""Builds spans of one trace in a line, each after the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

from observability.recording import EventRecord, SpanRecord
from observability.signals.signal import Value, load_signals
from observability.signals.trace import Trace
from observability.telemetry import semconv as s

TRACE_ID = "ab" * 16
SECOND = 1_000_000_000
START = 1_782_000_000 * SECOND
Attributes = Mapping[str, object]


def span(
    name: str,
    attributes: Attributes | None = None,
    *,
    at: float = 0.0,
    lasts: float = 1.0,
    events: Sequence[EventRecord] = (),
    kind: str = "INTERNAL",
    status: str = "UNSET",
    parent: str | None = "00" * 8,
    trace_id: str = TRACE_ID,
) -> SpanRecord:
    """Return a span that begins ``at`` seconds; its operation follows from its name."""
    begin = START + int(at * SECOND)
    word = name.partition(" ")[0]
    operation = {s.GEN_AI_OPERATION_NAME: word} if word in _OPERATIONS else {}
    return SpanRecord(
        trace_id=trace_id,
        span_id=f"{crc32(f'{name} {at}'.encode()):016x}",
        parent_id=parent,
        service="stillgreen-gateway",
        name=name,
        kind=kind,
        start_ns=begin,
        end_ns=begin + int(lasts * SECOND),
        status=status,
        attributes={**operation, **(attributes or {})},  # type: ignore[dict-item]
        events=events,
    )


def check(name: str, score: object) -> EventRecord:
    """Return the result of a check on the answer."""
    attributes = {s.GEN_AI_EVALUATION_NAME: name, s.GEN_AI_EVALUATION_SCORE_VALUE: score}
    return EventRecord(s.EVENT_EVALUATION_RESULT, START, attributes)  # type: ignore[arg-type]


def event(name: str) -> EventRecord:
    return EventRecord(name, START, {})


def chat(agent: str, at: float = 0.0, **more: object) -> SpanRecord:
    """Return a call of a model; ``read`` and ``wrote`` are its tokens, ``cost`` its cost."""
    names = {
        "read": s.GEN_AI_USAGE_INPUT_TOKENS,
        "wrote": s.GEN_AI_USAGE_OUTPUT_TOKENS,
        "cost": s.COST_USD,
        "model": s.GEN_AI_RESPONSE_MODEL,
        "finished": s.GEN_AI_RESPONSE_FINISH_REASONS,
    }
    attributes = {names[key]: value for key, value in more.items()}
    return span("chat m", {s.GEN_AI_AGENT_NAME: agent, **attributes}, at=at)


def turn(agent: str, at: float = 0.0, **more: object) -> SpanRecord:
    """Return a turn of an agent with what it was handed, and its steps."""
    names = {
        "entities": s.HANDOFF_ENTITIES,
        "passages": s.HANDOFF_PASSAGES,
        "records": s.HANDOFF_RECORDS,
        "evidence": s.HANDOFF_EVIDENCE,
        "steps": s.AGENT_STEPS,
    }
    attributes = {names[key]: value for key, value in more.items()}
    return span(f"invoke_agent {agent}", {s.GEN_AI_AGENT_NAME: agent, **attributes}, at=at)


def retrieval(**attributes: object) -> SpanRecord:
    """Return a retrieval with what it found, in the order of its results."""
    names = {
        "similarities": s.RETRIEVAL_SIMILARITIES,
        "scores": s.RETRIEVAL_SCORES,
        "top1": s.RETRIEVAL_TOP1_SIMILARITY,
        "documents": s.RETRIEVAL_DOCUMENT_IDS,
        "vendors": s.RETRIEVAL_VENDOR_IDS,
        "types": s.RETRIEVAL_DOCUMENT_TYPES,
        "tokens": s.RETRIEVAL_CHUNK_TOKENS,
    }
    return span("retrieval finance", {names[key]: given for key, given in attributes.items()})


def intent(*entities: str) -> SpanRecord:
    """Return the step that found these entities."""
    return span(s.SPAN_INTENT, {s.ENTITY_IDS: entities, s.ENTITY_COUNT: len(entities)})


def tool(at: float = 0.0, **attributes: object) -> SpanRecord:
    """Return a call of a tool with its arguments and what it gave."""
    names = {
        "arguments": s.GEN_AI_TOOL_CALL_ARGUMENTS,
        "names": s.TOOL_ARGUMENT_NAMES,
        "found": s.TOOL_FOUND,
        "rows": s.TOOL_RESULT_ROWS,
        "size": s.TOOL_RESULT_SIZE,
        "name": s.GEN_AI_TOOL_NAME,
    }
    return span(
        "execute_tool get_invoice", {names[key]: given for key, given in attributes.items()}, at=at
    )


def workflow(attributes: Attributes | None = None, *events: str) -> SpanRecord:
    """Return the span of a whole question with events of these names."""
    told = [event(name) for name in events]
    return span("invoke_workflow finance_qa", attributes, parent=None, lasts=9, events=told)


def value(name: str, *spans: SpanRecord) -> Value:
    """Return a signal of a trace with these spans."""
    return load_signals()[name].of(Trace(spans))


_OPERATIONS = frozenset(
    {
        s.OP_INVOKE_WORKFLOW,
        s.OP_INVOKE_AGENT,
        s.OP_PLAN,
        s.OP_CHAT,
        s.OP_EXECUTE_TOOL,
        s.OP_RETRIEVAL,
        s.OP_EMBEDDINGS,
    }
)
