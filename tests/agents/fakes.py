"""A model, a search and a ledger that say what a test tells them to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agents.answer import Answer, AskRequest, Listener
from agents.context import BudgetedContext
from agents.entities import EntityFinder, Gazetteer
from agents.errors import RetrievalError
from agents.memory import SessionMemory
from agents.parts import WorkflowParts
from agents.ports import ChatReply, ChatRequest, Evidence, JsonValue, ToolCall
from agents.prompts import FilePrompts, FileRoutes
from agents.reviews import SqliteReviewQueue
from agents.tools import load_tools
from agents.workflow import Workflow
from corpus.luck import Luck
from corpus.ports import Entity, Query
from observability.recording import SpanRecord
from observability.telemetry import Telemetry

VENDORS = (
    Entity("vendor", "V-1001", "Nordkai Logistik GmbH"),
    Entity("vendor", "V-1002", "Kestrel Optical Ltd"),
    Entity("vendor", "V-1003", "Kestrel Cargo AG"),
    Entity("vendor", "V-1004", "Office Supplies Inc"),
)
GAZETTEER = Gazetteer(
    vendors=VENDORS,
    invoices=[f"INV-2026-{n:04d}" for n in range(1, 200)],
    purchase_orders=[f"PO-2026-{n:04d}" for n in range(1, 100)],
)


class FakeClock:
    """Stands still until somebody waits."""

    def __init__(self) -> None:
        self.ns = 1_782_820_800 * 10**9
        self.waits: list[float] = []

    def now_ns(self) -> int:
        return self.ns

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ns += round(seconds * 1e9)


Reply = str | Sequence[ToolCall] | Exception
"""What the model says, which tools it calls, or how it fails."""


class FakeModel:
    """Answers each agent with its scripted replies in order, the last one again and again."""

    name = "fake-1"
    provider = "stillgreen"

    def __init__(self, script: Mapping[str, Sequence[Reply]]) -> None:
        self._script = script
        self.asked: dict[str, list[ChatRequest]] = defaultdict(list)

    async def chat(self, request: ChatRequest) -> ChatReply:
        self.asked[request.agent].append(request)
        replies = self._script[request.agent]
        reply = replies[min(len(self.asked[request.agent]), len(replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        text = reply if isinstance(reply, str) else ""
        if request.on_delta is not None:
            for start in range(0, len(text), 5):
                await request.on_delta(text[start : start + 5])
        calls = () if isinstance(reply, str) else tuple(reply)
        return ChatReply(
            content=text,
            tool_calls=calls,
            finish_reason="tool_calls" if calls else "stop",
            model="fake-1-2026-06",
            input_tokens=100,
            output_tokens=10,
            cost_usd=0.001,
            confidence=0.9,
        )


class FakeSearch:
    """Finds the same passages whatever is asked."""

    def __init__(self, passages: Sequence[Evidence] = (), failures: int = 0) -> None:
        self.passages = passages
        self.failures = failures
        self.queries: list[Query] = []

    async def search(self, query: Query) -> Sequence[Evidence]:
        self.queries.append(query)
        if len(self.queries) <= self.failures:
            raise RetrievalError("the index is gone")
        return self.passages


class FakeErp:
    """Holds JSON by path; an exception is raised."""

    def __init__(self, records: Mapping[str, JsonValue | Exception] | None = None) -> None:
        self.records = dict(records or {})
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    async def get(self, path: str, query: Mapping[str, str], luck: Luck) -> JsonValue:
        self.asked.append((path, query))
        found = self.records.get(path)
        if isinstance(found, Exception):
            raise found
        return found


def choice(key: str, name: str, confidence: float = 0.9) -> str:
    """Return a classification as the model replies it."""
    return json.dumps({key: name, "confidence": confidence, "alternatives": []})


def claims(verdict: str = "supported", *supported: bool) -> str:
    """Return a claim check as the model replies it."""
    made = [{"claim": "c", "supported": flag, "evidence": "D1"} for flag in supported or (True,)]
    return json.dumps({"claims": made, "verdict": verdict})


def call(name: str, **arguments: JsonValue) -> list[ToolCall]:
    """Return one tool call."""
    return [ToolCall(f"call-{name}", name, arguments)]


PASSAGE = Evidence(
    id="c1",
    source="FA-1001",
    title="Framework agreement with Nordkai Logistik",
    text="Invoices are payable within 30 days of receipt.",
    score=0.8,
    metadata={"similarity": 0.7, "doc_type": "agreement", "date": "2026-01-15"},
)
INVOICE: JsonValue = {
    "id": "INV-2026-0133",
    "vendor_id": "V-1001",
    "currency": "EUR",
    "gross": "1190.00",
    "status": "on_hold",
}


@dataclass
class Bench:
    """A workflow on fakes, with everything that it leaves behind."""

    script: dict[str, Sequence[Reply]] = field(default_factory=dict)
    search: FakeSearch = field(default_factory=lambda: FakeSearch([PASSAGE]))
    erp: FakeErp = field(default_factory=lambda: FakeErp({"/invoices/INV-2026-0133": INVOICE}))
    change: Callable[[WorkflowParts], WorkflowParts] = lambda parts: parts

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.telemetry, self.spans = Telemetry.in_memory("gateway", self.clock)
        self.reviews = SqliteReviewQueue(":memory:")
        self.model = FakeModel(
            {
                "intent": [choice("intent", "invoice")],
                "supervisor": [choice("route", "documents")],
                "finance": [call("get_invoice", invoice_id="INV-2026-0133"), "done"],
                "response": ["Invoices are payable within 30 days [D1]."],
                "validation": [claims()],
                **self.script,
            }
        )
        parts = self.change(
            WorkflowParts(
                prompts=FilePrompts(),
                routes=FileRoutes(),
                context=BudgetedContext(lambda text: len(text.split())),
                memory=SessionMemory(),
                tools=load_tools(self.erp),
                model=self.model,
                search=self.search,
            )
        )
        self.parts = parts
        self.workflow = Workflow(
            lambda request: self.parts,
            EntityFinder(GAZETTEER),
            self.reviews,
            self.telemetry,
            self.clock,
        )

    async def ask(
        self,
        question: str,
        listener: Listener | None = None,
        *,
        session_id: str | None = None,
        user_id: str | None = None,
        collection: str = "finance",
    ) -> Answer:
        """Ask with a fixed luck."""
        request = AskRequest(question, "req-1", Luck(7), session_id, user_id, collection)
        return await self.workflow.ask(request, listener)

    def span(self, name: str) -> SpanRecord:
        """Return the only span of a name."""
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def children(self, name: str) -> list[str]:
        """Return the names of the spans below the only one of a name, in order of their start."""
        parent = self.span(name)
        below = [span for span in self.spans if span.parent_id == parent.span_id]
        return [span.name for span in sorted(below, key=self._order)]

    def _order(self, span: SpanRecord) -> int:
        # The clock stands still, so the order of the ends has to do: siblings do not overlap.
        return self.spans.index(span)
