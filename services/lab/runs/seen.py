"""A request as expectations look at it: its facts, what it says itself, its spans and its truth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from observability.recording.records import SpanRecord, TruthRecord
from observability.recording.request_rows import RequestRow
from observability.recording.run_folder import RunFolder
from observability.telemetry import semconv
from services.lab.runs.facts import Fact, fact_of

_RETRIEVER = f"{semconv.SPAN_INVOKE_AGENT} retriever"
_QUERY = f"{semconv.SPAN_QUERY} "
_CHAT = f"{semconv.SPAN_CHAT} "
_WRITERS = ("response", "validation")
_TOOL = f"{semconv.SPAN_EXECUTE_TOOL} "


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of a recording. ``row`` is None for one without a trace."""

    fact: Fact
    truth: TruthRecord
    row: RequestRow | None
    spans: Sequence[SpanRecord]


Things = frozenset[str]


def read_seen(folder: RunFolder) -> Iterator[Seen]:
    """Yield each request of a recording, block by block; raises ``TruthMissingError``."""
    for block in sorted(folder.done_blocks()):
        rows = {row.trace_id: row for row in folder.requests(block)}
        traces: dict[str, list[SpanRecord]] = defaultdict(list)
        for span in folder.spans(block):
            traces[span.trace_id].append(span)
        for truth in folder.truth(block):
            row = rows.get(truth.trace_id)
            yield Seen(fact_of(truth, row), truth, row, traces.pop(truth.trace_id, ()))


def number_of(measure: str, of: Things, seen: Seen) -> float:
    """Return a request's value of one of the measures of single requests, ``nan`` without one.

    ``of`` is what is looked for, in measures that look for something.
    """
    if measure in _LOOKED_FOR:
        there = _LOOKED_FOR[measure](seen)
        return math.nan if there is None else float(any(each in there for each in of))
    return _NUMBERS[measure](seen)


def says(answer: str, words: Things) -> bool:
    """Tell whether an answer holds one of some words, in any case."""
    return any(word.lower() in answer.lower() for word in words)


def _cited(seen: Seen) -> Things:
    """Return the types of the documents that an answer cites, as far as its context tells."""
    types: dict[str, str] = {}
    for span in seen.spans:
        sources = _texts(span, semconv.CONTEXT_SOURCES)
        types.update(zip(sources, _texts(span, semconv.CONTEXT_DOCUMENT_TYPES), strict=False))
    cited = {source for span in seen.spans for source in _texts(span, semconv.CITATION_SOURCES)}
    return frozenset(types[source] for source in cited if source in types)


def _all_texts(key: str) -> Callable[[Seen], Things]:
    return lambda seen: frozenset(text for span in seen.spans for text in _texts(span, key))


def _culprit(found: Callable[[TruthRecord], str | None]) -> Callable[[Seen], Things | None]:
    """Return what a culprit is of; None for a request that does as its twin does."""

    def culprit(seen: Seen) -> Things | None:
        if seen.truth.culprit_span is None:
            return None
        return frozenset(filter(None, [found(seen.truth)]))

    return culprit


_LOOKED_FOR: Mapping[str, Callable[[Seen], Things | None]] = {
    "cites_types": _cited,
    "retrieves_types": _all_texts(semconv.RETRIEVAL_DOCUMENT_TYPES),
    "retrieves_documents": _all_texts(semconv.RETRIEVAL_DOCUMENT_IDS),
    "calls_tools": lambda seen: frozenset(seen.row.tools if seen.row else ()),
    "passes_agents": lambda seen: frozenset(seen.row.agents if seen.row else ()),
    "culprit_layers": _culprit(lambda truth: truth.culprit_layer),
    "culprit_agents": _culprit(lambda truth: truth.culprit_agent),
}


def _seconds(begins: str) -> Callable[[Seen], float]:
    """Return how long the spans with such names took, one after the other."""
    return lambda seen: _sum(span for span in seen.spans if span.name.startswith(begins))


def _in_retriever(seen: Seen) -> float:
    """Return what the retriever took beyond vector search and reranking."""
    inner = _seconds(_QUERY)(seen) + _seconds(semconv.SPAN_RERANK)(seen)
    return _seconds(_RETRIEVER)(seen) - inner


def _answering(key: str) -> Callable[[Seen], float]:
    """Return the sum of an attribute over the model calls that write and check an answer."""

    def total(seen: Seen) -> float:
        calls = [
            span
            for span in seen.spans
            if span.name.startswith(_CHAT)
            and span.attributes.get(semconv.GEN_AI_AGENT_NAME) in _WRITERS
        ]
        values = [span.attributes.get(key) for span in calls]
        return float(sum(v for v in values if isinstance(v, int | float))) if calls else math.nan

    return total


def _sum(spans: Iterator[SpanRecord]) -> float:
    return sum(span.duration_ms for span in spans) / 1000


def _tokens_answering(seen: Seen) -> float:
    read = _answering(semconv.GEN_AI_USAGE_INPUT_TOKENS)(seen)
    return read + _answering(semconv.GEN_AI_USAGE_OUTPUT_TOKENS)(seen)


_NUMBERS: Mapping[str, Callable[[Seen], float]] = {
    "tokens_answering": _tokens_answering,
    "cost_usd_answering": _answering(semconv.COST_USD),
    "wrong_given_rate": lambda seen: float(not seen.truth.correct and not seen.truth.abstained),
    "context_types": lambda seen: (
        float(len(_all_texts(semconv.CONTEXT_DOCUMENT_TYPES)(seen))) or math.nan
    ),
    "agents": lambda seen: float(len(seen.row.agents)) if seen.row else math.nan,
    "tools": lambda seen: float(len(seen.row.tools)) if seen.row else math.nan,
    "seconds": lambda seen: seen.fact.latency_ms / 1000,
    "seconds_in_retriever": _in_retriever,
    "seconds_in_query": _seconds(_QUERY),
    "seconds_in_rerank": _seconds(semconv.SPAN_RERANK),
    "seconds_in_model": _seconds(_CHAT),
    "seconds_in_tools": _seconds(_TOOL),
}


def _texts(span: SpanRecord, key: str) -> tuple[str, ...]:
    value = span.attributes.get(key, ())
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
