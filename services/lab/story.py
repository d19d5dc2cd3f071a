"""Follows one question through two traces, in words read from their spans."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from observability.recording.records import SpanRecord
from observability.telemetry import semconv
from services.lab.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage did in each of two traces; an empty text means that it did not happen."""

    stage: str
    healthy: str
    degraded: str
    parts_here: bool = False

    @property
    def same(self) -> bool:
        """Tell whether both traces say the same of this stage."""
        return self.healthy == self.degraded


@dataclass(frozen=True, slots=True)
class Story:
    """One question in two arms, stage by stage."""

    question: str
    expected: str
    arm: str
    healthy: Outcome
    degraded: Outcome
    steps: tuple[Step, ...]


class Trace:
    """The spans of one request by name, in order of time."""

    def __init__(self, spans: Sequence[SpanRecord]) -> None:
        self.spans = sorted(spans, key=lambda span: (span.start_ns, span.span_id))

    def one(self, prefix: str) -> SpanRecord | None:
        """Return the first span whose name begins so."""
        return next(iter(self.every(prefix)), None)

    def every(self, prefix: str) -> list[SpanRecord]:
        """Return the spans whose name begins so."""
        return [span for span in self.spans if span.name.startswith(prefix)]

    def value(self, prefix: str, key: str) -> object:
        """Return an attribute of the first such span, None without either."""
        span = self.one(prefix)
        return None if span is None else span.attributes.get(key)


def tell(
    arm: str,
    healthy: Outcome,
    degraded: Outcome,
    healthy_spans: Sequence[SpanRecord],
    degraded_spans: Sequence[SpanRecord],
) -> Story:
    """Return the story of one question; the first stage that differs is marked."""
    steps = [
        *compare_traces(healthy_spans, degraded_spans),
        Step("the answer", answer_text(healthy), answer_text(degraded)),
        Step("on every dashboard", monitoring_text(healthy), monitoring_text(degraded)),
    ]
    return Story(healthy.question, healthy.expected, arm, healthy, degraded, tuple(steps))


def compare_traces(
    healthy_spans: Sequence[SpanRecord], degraded_spans: Sequence[SpanRecord]
) -> list[Step]:
    """Return what each stage did in two traces, with a mark at the first that differs."""
    one, other = Trace(healthy_spans), Trace(degraded_spans)
    steps: list[Step] = []
    parted = False
    for stage, say in _STAGES:
        step = Step(stage, say(one), say(other))
        if not step.healthy and not step.degraded:
            continue
        if not step.same and not parted:
            parted = True
            step = replace(step, parts_here=True)
        steps.append(step)
    return steps


def most_telling(healthy: Sequence[Outcome], degraded: Sequence[Outcome]) -> int | None:
    """Return the place of the question to tell of: one that goes from right to wrong.

    A confident wrong answer tells more than an abstention, and one that
    nobody is asked to review more than one that somebody is.
    """
    turned = [
        place
        for place, (before, after) in enumerate(zip(healthy, degraded, strict=True))
        if before.correct
        and not after.correct
        and after.status == 200
        # Where other things are asked, two questions in one place are no twins.
        and before.item_id == after.item_id
    ]
    return min(turned, key=lambda n: (degraded[n].abstained, degraded[n].review, n), default=None)


def answer_text(outcome: Outcome) -> str:
    """Return an answer with its verdict of truth."""
    verdict = "right" if outcome.correct else "wrong"
    return f"“{' '.join(outcome.answer.split())}” ({verdict})"


def monitoring_text(outcome: Outcome) -> str:
    """Return what infrastructure monitoring keeps of a request."""
    errors = f"{outcome.error_spans} spans with an error" if outcome.error_spans else "no error"
    return f"status {outcome.status}, {errors}, {outcome.latency_ms:,.0f} ms"


def _intent(trace: Trace) -> str:
    label = trace.value(semconv.SPAN_INTENT, semconv.INTENT_LABEL)
    if label is None:
        return ""
    entities = _texts(trace.value(semconv.SPAN_INTENT, semconv.ENTITY_IDS))
    about = f", about {', '.join(entities)}" if entities else ", about nobody in particular"
    return f"the question is taken for {label}{about}"


def _route(trace: Trace) -> str:
    span = trace.one(semconv.SPAN_PLAN)
    if span is None:
        return ""
    agents = " → ".join(_texts(span.attributes.get(semconv.ROUTE_AGENTS)))
    sure = _decimal(span.attributes.get(semconv.ROUTE_CONFIDENCE))
    return (
        f"the supervisor chooses {span.attributes.get(semconv.ROUTE_NAME)} ({agents}), {sure} sure"
    )


def _filter(trace: Trace) -> str:
    span = trace.one(semconv.SPAN_FILTER)
    if span is None:
        return ""
    rows_in = span.attributes.get(semconv.FILTER_ROWS_IN)
    rows_out = span.attributes.get(semconv.FILTER_ROWS_OUT)
    if not span.attributes.get(semconv.FILTER_APPLIED):
        return f"no filter: all {rows_in} chunks are searched"
    predicate = span.attributes.get(semconv.FILTER_PREDICATE)
    return f"filtered by {predicate}, {rows_out} of {rows_in} chunks are searched"


def _found(trace: Trace) -> str:
    span = trace.one(f"{semconv.SPAN_RETRIEVAL} ")
    if span is None:
        return ""
    documents = _texts(span.attributes.get(semconv.RETRIEVAL_DOCUMENT_IDS))
    if not documents:
        documents = _ids(span.attributes.get(semconv.GEN_AI_RETRIEVAL_DOCUMENTS))
    sizes = _texts(span.attributes.get(semconv.RETRIEVAL_CHUNK_TOKENS))
    similarity = _decimal(span.attributes.get(semconv.RETRIEVAL_TOP1_SIMILARITY))
    size = f", passages of {', '.join(sizes)} tokens" if sizes else ""
    found = ", ".join(documents) or "nothing"
    return f"found, in this order: {found} (similarity of the first {similarity}{size})"


def _rerank(trace: Trace) -> str:
    span = trace.one(semconv.SPAN_RERANK)
    if span is None:
        return ""
    scores = span.attributes.get(semconv.RERANK_SCORES_AFTER)
    if not isinstance(scores, Sequence) or isinstance(scores, str) or len(scores) < 2:
        return ""
    direction = "fall" if float(scores[0]) >= float(scores[-1]) else "rise"
    return (
        f"the reranked scores {direction} from {_decimal(scores[0])} to {_decimal(scores[-1])} "
        f"over {len(scores)} candidates"
    )


def _context(trace: Trace) -> str:
    span = trace.one(semconv.SPAN_CONTEXT)
    if span is None:
        return ""
    get = span.attributes.get
    cut = ", cut at the budget" if get(semconv.CONTEXT_TRUNCATED) else ""
    return (
        f"the model is shown {get(semconv.CONTEXT_KEPT)} of {get(semconv.CONTEXT_OFFERED)} pieces "
        f"of evidence, {get(semconv.CONTEXT_TOKENS)} tokens{cut}"
    )


def _tools(trace: Trace) -> str:
    calls = []
    for span in trace.every(f"{semconv.SPAN_EXECUTE_TOOL} "):
        name = span.name.removeprefix(f"{semconv.SPAN_EXECUTE_TOOL} ")
        arguments = span.attributes.get(semconv.GEN_AI_TOOL_CALL_ARGUMENTS, "")
        found = "" if span.attributes.get(semconv.TOOL_FOUND, True) else " (nothing found)"
        calls.append(f"{name}{arguments}{found}")
    return f"tools called: {'; '.join(calls)}" if calls else ""


def _cited(trace: Trace) -> str:
    span = next((s for s in trace.spans if semconv.CITATION_GIVEN in s.attributes), None)
    if span is None:
        return ""
    sources = _texts(span.attributes.get(semconv.CITATION_SOURCES))
    return f"cited: {', '.join(sources)}" if sources else "nothing is cited"


def _validation(trace: Trace) -> str:
    span = next((s for s in trace.spans if semconv.VALIDATION_VERDICT in s.attributes), None)
    if span is None:
        return ""
    grounded = span.attributes.get(semconv.VALIDATION_GROUNDEDNESS)
    number = "" if grounded is None else f", groundedness {_decimal(grounded)}"
    return f"validation says {span.attributes[semconv.VALIDATION_VERDICT]}{number}"


def _escalation(trace: Trace) -> str:
    span = trace.one(semconv.SPAN_ESCALATION)
    if span is None:
        return ""
    if not span.attributes.get(semconv.REVIEW_REQUIRED):
        return "nobody is asked to look at it"
    return f"sent to a person: {span.attributes.get(semconv.REVIEW_REASON)}"


_STAGES: tuple[tuple[str, Callable[[Trace], str]], ...] = (
    ("understanding", _intent),
    ("routing", _route),
    ("search space", _filter),
    ("reranking", _rerank),
    ("retrieval", _found),
    ("tools", _tools),
    ("context", _context),
    ("citations", _cited),
    ("validation", _validation),
    ("escalation", _escalation),
)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, Sequence) else []


def _ids(value: object) -> list[str]:
    return [str(each.get("id")) for each in json.loads(value)] if isinstance(value, str) else []


def _decimal(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, int | float) else "unknown"
