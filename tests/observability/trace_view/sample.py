"""Builds small traces by hand: the shape of a question about one vendor's payment terms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from observability.recording import EventRecord, SpanRecord
from observability.telemetry import semconv as s

MS = 1_000_000
START = 1_782_000_000_000_000_000


@dataclass
class TraceBuilder:
    """Collects spans; times are milliseconds since the start of the trace."""

    trace_id: str
    spans: list[SpanRecord] = field(default_factory=list)

    def span(
        self,
        parent: str | None,
        name: str,
        start: float,
        end: float,
        attributes: Mapping[str, object] | None = None,
        kind: str = "INTERNAL",
        service: str = "stillgreen-gateway",
    ) -> str:
        """Add a span and return its id."""
        number = len(self.spans) + 1
        span_id = f"{self.trace_id[:8]}{number:08x}"
        self.spans.append(
            SpanRecord(
                trace_id=self.trace_id,
                span_id=span_id,
                parent_id=parent,
                service=service,
                name=name,
                kind=kind,
                start_ns=START + int(start * MS),
                end_ns=START + int(end * MS),
                status="UNSET",
                attributes=dict(attributes or {}),  # type: ignore[arg-type]
            )
        )
        return span_id

    def event(self, span_id: str, name: str, attributes: Mapping[str, object]) -> None:
        """Add an event to a span."""
        place = next(i for i, span in enumerate(self.spans) if span.span_id == span_id)
        span = self.spans[place]
        event = EventRecord(name, span.end_ns, dict(attributes))  # type: ignore[arg-type]
        self.spans[place] = replace(span, events=(*span.events, event))


def changed(
    spans: list[SpanRecord], name: str, attributes: Mapping[str, object]
) -> list[SpanRecord]:
    """Return the spans with attributes of the one called ``name`` replaced."""
    assert any(span.name == name for span in spans)
    return [
        replace(span, attributes={**span.attributes, **attributes}) if span.name == name else span
        for span in spans
    ]


def question(
    trace_id: str = "a" * 32, *, healthy: bool = True, late: float = 0.0
) -> list[SpanRecord]:
    """Return the trace of one question; not ``healthy``: no filter, so another vendor's terms.

    ``late`` milliseconds are added to the model's time.
    """
    docs = ["FA-1007", "POL-PAYMENT-TERMS", "FA-1007"] if healthy else ["FA-1031", "FA-1012"] * 2
    sims = [0.81, 0.62, 0.58] if healthy else [0.84, 0.83, 0.83, 0.82]
    answer = "45 days net [D1]" if healthy else "30 days net [D1]"
    b = TraceBuilder(trace_id)
    end = 900 + late
    root = b.span(
        None,
        "POST /v1/ask",
        0,
        end,
        {s.HTTP_RESPONSE_STATUS_CODE: 200, s.HTTP_ROUTE: "/v1/ask"},
        "SERVER",
    )
    flow = b.span(
        root,
        "invoke_workflow finance_qa",
        2,
        end - 2,
        {
            s.REQUEST_ID: f"req-{trace_id[:6]}",
            s.ANSWER_ABSTAINED: False,
            s.VALIDATION_VERDICT: "supported",
            s.COST_USD: 0.00214 if healthy else 0.00231,
            s.AGENT_PATH: ["supervisor", "retriever", "response", "validation"],
            s.OUTPUT_VALUE: answer,
        },
    )
    b.span(
        flow,
        "stillgreen.intent",
        3,
        60,
        {
            s.INTENT_LABEL: "payment_terms",
            s.INTENT_CONFIDENCE: 0.93,
            s.ENTITY_IDS: ["V-1007"],
        },
    )
    boss = b.span(flow, "invoke_agent supervisor", 60, end - 60)
    b.span(
        boss,
        "plan supervisor",
        61,
        140,
        {
            s.ROUTE_NAME: "documents",
            s.ROUTE_CONFIDENCE: 0.88,
            s.ROUTE_ALTERNATIVES: json.dumps({"ledger": 0.08, "lookup": 0.04}),
        },
    )
    finder = b.span(boss, "invoke_agent retriever", 140, 300)
    client = b.span(
        finder,
        "POST",
        141,
        299,
        {s.HTTP_RESPONSE_STATUS_CODE: 200, s.URL_FULL: "http://retrieval:8081/search"},
        "CLIENT",
    )
    server = b.span(
        client,
        "POST /search",
        142,
        298,
        {s.HTTP_RESPONSE_STATUS_CODE: 200, s.URL_PATH: "/search"},
        "SERVER",
        "stillgreen-retrieval",
    )
    top = b.span(
        server,
        "retrieval finance",
        143,
        297,
        {
            s.GEN_AI_RETRIEVAL_TOP_K: 5,
            s.RETRIEVAL_TOP1_SIMILARITY: sims[0],
            s.RETRIEVAL_RETURNED: len(docs),
            s.RETRIEVAL_CANDIDATES: 24,
            s.RETRIEVAL_DOCUMENT_IDS: docs,
            s.RETRIEVAL_CHUNK_IDS: [f"{doc}#{n}" for n, doc in enumerate(docs)],
            s.RETRIEVAL_SIMILARITIES: sims,
            s.RETRIEVAL_SCORES: [round(value + 0.05, 3) for value in sims],
        },
        service="stillgreen-retrieval",
    )
    predicate = {"vendor_id": {"$in": ["V-1007"]}} if healthy else {}
    b.span(
        top,
        "stillgreen.filter",
        144,
        146,
        {
            s.FILTER_PREDICATE: json.dumps(predicate),
            s.FILTER_ROWS_IN: 5210,
            s.FILTER_ROWS_OUT: 61 if healthy else 5210,
        },
        service="stillgreen-retrieval",
    )
    b.span(top, "embeddings all-MiniLM-L6-v2", 146, 160, {s.GEN_AI_USAGE_INPUT_TOKENS: 14})
    b.span(top, "query finance", 160, 190, {s.DB_RESPONSE_RETURNED_ROWS: 20})
    b.span(
        top,
        "stillgreen.rerank",
        190,
        296,
        {
            s.RERANK_RANK_CHANGES: [1, 3, 2],
            s.RERANK_CORRELATION: 0.5,
            s.RERANK_MARGIN: 0.12 if healthy else 0.01,
        },
    )
    b.span(
        boss,
        "stillgreen.context",
        300,
        305,
        {
            s.CONTEXT_OFFERED: len(docs),
            s.CONTEXT_KEPT: len(docs),
            s.CONTEXT_TOKENS: 611 if healthy else 702,
            s.CONTEXT_BUDGET: 1800,
            s.CONTEXT_TRUNCATED: False,
            s.CONTEXT_SOURCES: docs,
        },
    )
    writer = b.span(
        boss,
        "invoke_agent response",
        305,
        700 + late,
        {s.CITATION_GIVEN: 1, s.CITATION_VALID: 1, s.CITATION_SOURCES: docs[:1]},
    )
    b.span(
        writer,
        "chat sim-careful",
        306,
        699 + late,
        {
            s.GEN_AI_USAGE_INPUT_TOKENS: 940 if healthy else 1031,
            s.GEN_AI_USAGE_OUTPUT_TOKENS: 22,
            s.GEN_AI_RESPONSE_FINISH_REASONS: ["stop"],
            s.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: 0.21 + late / 1000,
            s.COST_USD: 0.0011,
            s.GEN_AI_RESPONSE_MODEL: "sim-careful-2026-03",
            s.GEN_AI_INPUT_MESSAGES: json.dumps(
                [{"role": "user", "parts": [{"type": "text", "content": f"Documents: {docs}"}]}]
            ),
            s.GEN_AI_OUTPUT_MESSAGES: json.dumps(
                [{"role": "assistant", "parts": [{"type": "text", "content": answer}]}]
            ),
        },
    )
    checker = b.span(
        boss,
        "invoke_agent validation",
        700 + late,
        end - 61,
        {
            s.VALIDATION_VERDICT: "supported",
            s.VALIDATION_GROUNDEDNESS: 0.97,
            s.VALIDATION_HALLUCINATION_RISK: 0.04,
        },
    )
    b.event(
        checker,
        s.EVENT_EVALUATION_RESULT,
        {
            s.GEN_AI_EVALUATION_NAME: "groundedness",
            s.GEN_AI_EVALUATION_SCORE_VALUE: 0.97,
            s.GEN_AI_EVALUATION_SCORE_LABEL: "pass",
        },
    )
    b.span(flow, "stillgreen.safety", end - 59, end - 40, {s.SAFETY_ACTION: "allow"})
    b.span(
        flow,
        "stillgreen.escalation",
        end - 40,
        end - 3,
        {s.REVIEW_REQUIRED: False, s.DECISION_CONFIDENCE: 0.91},
    )
    return b.spans
