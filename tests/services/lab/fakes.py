"""A system that answers by looking its answers up, and wrongly under a fault."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from corpus.luck import Luck
from faults.current import CurrentPlan
from faults.plan import FaultPlan
from observability.recording.records import SpanRecord
from observability.telemetry import semconv
from services.lab.outcome import Item


class TickingClock:
    """Goes on by 10 ms whenever it is looked at."""

    def __init__(self) -> None:
        self._ticks = itertools.count(1)
        self.slept: list[float] = []

    def now_ns(self) -> int:
        return next(self._ticks) * 10_000_000

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def item(number: int) -> Item:
    return Item(
        id=f"q-{number}",
        text=f"What is {number}?",
        family="even" if number % 2 == 0 else "odd",
        expected=str(number),
        is_right=lambda answer, abstained: answer == str(number) and not abstained,
    )


def span(trace_id: str, number: int, name: str, attributes: Mapping[str, Any]) -> SpanRecord:
    return SpanRecord(
        trace_id=trace_id,
        span_id=f"{number:016x}",
        parent_id=None,
        service="fake",
        name=name,
        kind="INTERNAL",
        start_ns=number,
        end_ns=number + 1,
        status="UNSET",
        attributes=attributes,
    )


class Forgetful:
    def __init__(self) -> None:
        self.forgotten = 0

    def forget(self) -> None:
        self.forgotten += 1


@dataclass
class FakeSystem:
    """Answers right when healthy; under any fault even numbers are answered with 0.

    Even questions are searched with a filter, odd ones are not searched at all.
    ``sessions`` are those of the questions; ``workflow`` counts how often all of
    them were to be forgotten.
    """

    plan: CurrentPlan = field(default_factory=CurrentPlan)
    clock: TickingClock = field(default_factory=TickingClock)
    prepared: list[FaultPlan] = field(default_factory=list)
    seeds: list[tuple[str, int]] = field(default_factory=list)
    failing: frozenset[int] = frozenset()
    sessions: list[str | None] = field(default_factory=list)
    workflow: Forgetful = field(default_factory=Forgetful)

    def __post_init__(self) -> None:
        self._spans: dict[str, Sequence[SpanRecord]] = {}
        self._numbers = itertools.count(1)
        transport = httpx.MockTransport(self._handle)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://gateway")

    def prepare(self, plan: FaultPlan) -> None:
        self.prepared.append(plan)

    def spans(self, trace_id: str) -> Sequence[SpanRecord]:
        return self._spans.get(trace_id, ())

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        import json  # noqa: PLC0415

        body = json.loads(request.content)
        question = body["question"]
        self.sessions.append(body.get("session_id"))
        seed = int(request.headers["X-StillGreen-Seed"])
        self.seeds.append((question, seed))
        number = int(question.removeprefix("What is ").removesuffix("?"))
        if number in self.failing:
            return httpx.Response(503, json={"status": 503, "title": "no"})
        degraded = bool(self.plan.active(Luck(seed), 0)) and number % 2 == 0
        trace_id = f"{next(self._numbers):032x}"
        self._spans[trace_id] = _spans(trace_id, number, degraded)
        return httpx.Response(200, json=_answer(trace_id, number, degraded))


def _spans(trace_id: str, number: int, degraded: bool) -> Sequence[SpanRecord]:
    spans = [
        span(trace_id, 1, semconv.SPAN_INTENT, {semconv.INTENT_LABEL: "number"}),
        span(
            trace_id,
            2,
            "plan supervisor",
            {
                semconv.ROUTE_NAME: "documents",
                semconv.ROUTE_CONFIDENCE: 0.9,
                semconv.ROUTE_AGENTS: ("retriever", "response"),
            },
        ),
    ]
    if number % 2 == 0:
        spans += [
            span(
                trace_id,
                3,
                semconv.SPAN_FILTER,
                {
                    semconv.FILTER_APPLIED: not degraded,
                    semconv.FILTER_PREDICATE: "{}" if degraded else '{"n": 1}',
                    semconv.FILTER_ROWS_IN: 50,
                    semconv.FILTER_ROWS_OUT: 50 if degraded else 5,
                },
            ),
            span(
                trace_id,
                4,
                "retrieval finance",
                {
                    semconv.RETRIEVAL_TOP1_SIMILARITY: 0.8,
                    semconv.RETRIEVAL_DOCUMENT_IDS: ("OTHER",) if degraded else ("DOC",),
                },
            ),
        ]
    return spans


def _answer(trace_id: str, number: int, degraded: bool) -> dict[str, Any]:
    return {
        "request_id": "r",
        "trace_id": trace_id,
        "answer": "0" if degraded else str(number),
        "abstained": False,
        "confidence": 0.9,
        "route": "documents",
        "agents": ["retriever"],
        "citations": [{"doc_id": "DOC", "title": "", "quote": ""}],
        "validation": {"verdict": "supported", "groundedness": 1.0, "hallucination_risk": 0.0},
        "review": {"required": False, "reason": None},
        "usage": {"input_tokens": 90, "output_tokens": 10, "cost_usd": 0.001},
        "model": "sim",
    }
