"""What became of one question: its answer, whether it was right, and numbers from its spans."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from faults.fault import Seam
from observability.recording.records import AttributeValue, SpanRecord
from observability.telemetry import semconv

_AGENTS = frozenset(
    f"{semconv.SPAN_INVOKE_AGENT} {agent}"
    for agent in ("retriever", "finance", "response", "validation")
)


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the means to judge its answer.

    ``is_right`` gets the answer's text and whether it is an abstention;
    ``answerable`` is false when the true answer is that there is none.
    ``before`` is asked first in the same session where the question leans on it.
    """

    id: str
    text: str
    family: str
    expected: str
    is_right: Callable[[str, bool], bool]
    answerable: bool = True
    wording: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question in one arm. Times are milliseconds; ``nan`` is what did not happen.

    ``confidence`` is what the answer goes out with, 0 to 1; ``first_token_ms`` is
    how long the model took to the first token of the answer. ``exposed`` names
    the seams whose parts this request made use of. ``approved`` is 1 where the
    validator found an answer supported, 0 where it did not, ``nan`` where it was
    not asked; ``agents`` counts their turns, the supervisor's left out.
    """

    item_id: str
    family: str
    wording: str
    answerable: bool
    question: str
    expected: str
    seed: int
    trace_id: str
    status: int
    error_spans: int
    latency_ms: float
    answer: str
    abstained: bool
    correct: bool
    route: str
    citations: int
    groundedness: float
    top1_similarity: float
    context_tokens: float
    input_tokens: int
    output_tokens: int
    cost_usd: float
    review: bool
    tools: int
    exposed: tuple[Seam, ...]
    confidence: float = math.nan
    first_token_ms: float = math.nan
    approved: float = math.nan
    agents: int = 0

    @property
    def tokens(self) -> int:
        """Return all tokens of the question's model calls."""
        return self.input_tokens + self.output_tokens


def outcome_of(
    item: Item,
    seed: int,
    status: int,
    latency_ms: float,
    answer: Mapping[str, Any],
    spans: Sequence[SpanRecord],
) -> Outcome:
    """Put together an outcome from the gateway's answer and the spans of its trace.

    ``answer`` is the JSON of ``POST /v1/ask``, {} for a request that failed.
    """
    text, abstained = str(answer.get("answer", "")), bool(answer.get("abstained", False))
    usage, validation = answer.get("usage") or {}, answer.get("validation") or {}
    return Outcome(
        item_id=item.id,
        family=item.family,
        wording=item.wording,
        answerable=item.answerable,
        question=item.text,
        expected=item.expected,
        seed=seed,
        trace_id=str(answer.get("trace_id", "")),
        status=status,
        error_spans=sum(span.status == "ERROR" for span in spans),
        latency_ms=latency_ms,
        answer=text,
        abstained=abstained,
        correct=bool(answer) and item.is_right(text, abstained),
        route=str(answer.get("route", "")),
        citations=len(answer.get("citations", ())),
        groundedness=_number(validation.get("groundedness")),
        top1_similarity=_number(first(spans, semconv.RETRIEVAL_TOP1_SIMILARITY)),
        context_tokens=_number(first(spans, semconv.CONTEXT_TOKENS)),
        input_tokens=int(usage.get("input_tokens", 0)),
        output_tokens=int(usage.get("output_tokens", 0)),
        cost_usd=float(usage.get("cost_usd", 0.0)),
        review=bool((answer.get("review") or {}).get("required", False)),
        tools=sum(span.name.startswith("execute_tool") for span in spans),
        exposed=exposed_seams(spans),
        confidence=_number(answer.get("confidence")),
        first_token_ms=1000 * _number(first(spans, semconv.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)),
        approved=_approved(spans),
        agents=sum(span.name in _AGENTS for span in spans),
    )


def exposed_seams(spans: Sequence[SpanRecord]) -> tuple[Seam, ...]:
    """Return the seams whose parts a trace shows at work.

    A filter is at work when it had a predicate to apply, a prompt when an
    answer was written by a model, and the prepared index whenever there was a
    search in it.
    """
    names = {span.name for span in spans}
    searched = any(name.startswith("retrieval ") for name in names)
    asked = any(name.startswith(f"{semconv.SPAN_CHAT} ") for name in names)
    found = {
        Seam.DOCUMENTS: searched,
        Seam.CHUNKER: searched,
        Seam.INDEX_EMBEDDER: searched,
        Seam.QUERY_EMBEDDER: searched,
        Seam.INDEX_SETTINGS: searched,
        Seam.INDEX: searched,
        Seam.SEARCH: searched,
        Seam.RERANKER: any(name == "stillgreen.rerank" for name in names),
        Seam.FILTER: any(_all(spans, semconv.FILTER_APPLIED)),
        Seam.CONTEXT: "stillgreen.context" in names,
        Seam.PROMPTS: "invoke_agent response" in names,
        Seam.MODEL: asked,
        Seam.MODELS: asked,
        Seam.ROUTES: "plan supervisor" in names,
        Seam.HANDOFF: any(name.startswith("invoke_agent ") for name in names),
        Seam.ESCALATION: semconv.SPAN_ESCALATION in names,
        Seam.ASKER: True,
        Seam.TOOLS: any(name.startswith("execute_tool") for name in names),
        Seam.TRAFFIC: True,
        Seam.MEMORY: any(_all(spans, semconv.MEMORY_USED)),
    }
    return tuple(seam for seam, is_used in found.items() if is_used)


def uses(outcome: Outcome, seam: Seam) -> bool:
    """Tell whether a question uses a fault's part; with ``EVERY`` and ``NONE`` all do."""
    return seam in (Seam.EVERY, Seam.NONE) or seam in outcome.exposed


def first(spans: Sequence[SpanRecord], key: str) -> AttributeValue | None:
    """Return an attribute's value on the earliest span that has it."""
    ordered = sorted(spans, key=lambda span: (span.start_ns, span.span_id))
    return next(_all(ordered, key), None)


def _all(spans: Sequence[SpanRecord], key: str) -> Iterator[AttributeValue]:
    return (span.attributes[key] for span in spans if key in span.attributes)


def _approved(spans: Sequence[SpanRecord]) -> float:
    checks = [span for span in spans if span.name == f"{semconv.SPAN_INVOKE_AGENT} validation"]
    verdict = first(checks, semconv.VALIDATION_VERDICT)
    return math.nan if verdict is None else float(verdict == "supported")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
