"""Answered requests without an application."""

from __future__ import annotations

from dataclasses import replace

from faults.plan import ActiveFault
from observability.recording.records import SpanRecord
from observability.telemetry import semconv
from services.lab.outcome import outcome_of
from services.lab.runs.facts import Fact
from services.lab.runs.passes import Answered
from services.lab.runs.traffic import Asked
from tests.services.lab.fakes import item

START = 1_782_806_400 * 10**9


def answered(
    number: int = 0,
    answer: str = "0",
    faults: tuple[str, ...] = (),
    spans: tuple[SpanRecord, ...] = (),
    status: int = 200,
) -> Answered:
    """Return a request whose right answer is its number."""
    asked = Asked(number, START + number * 10**9, number, item(number))
    trace_id = f"{number + 1:032x}"
    body = {"answer": answer, "trace_id": trace_id, "abstained": False} if status == 200 else {}
    outcome = outcome_of(asked.item, asked.seed, status, 100.0, body, spans)
    return Answered(asked, trace_id, tuple(map(ActiveFault, faults)), outcome, spans)


def spans(filtered: bool = True, rows: int = 5) -> tuple[SpanRecord, ...]:
    """Return a trace with a search and a filter."""
    root = SpanRecord(
        "1" * 32, "1" * 16, None, "gateway", "POST /v1/ask", "SERVER", 0, 100, "UNSET"
    )
    search = replace(
        root, span_id="2" * 16, parent_id="1" * 16, name="retrieval finance", kind="INTERNAL"
    )
    sieve = replace(
        search,
        span_id="3" * 16,
        parent_id="2" * 16,
        name=semconv.SPAN_FILTER,
        attributes={semconv.FILTER_APPLIED: filtered, semconv.FILTER_ROWS_OUT: rows},
    )
    return (sieve, search, root)


def fact(minute: float = 0.0, **changes: object) -> Fact:
    """Return a healthy request's fact, at a minute from the start."""
    healthy = Fact(
        arm="a",
        at_ns=START + round(minute * 60e9),
        latency_ms=1000.0,
        failed=False,
        correct=True,
        abstained=False,
        review=False,
        tokens=100.0,
        cost_usd=0.001,
        groundedness=1.0,
        top1_similarity=0.8,
        receipts={},
        faulty=False,
        twin_correct=None,
        culprit_layer=None,
    )
    return replace(healthy, **changes)  # type: ignore[arg-type]
