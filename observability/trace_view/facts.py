"""Picks from each span what matters to somebody who follows an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from observability.recording import SpanRecord
from observability.telemetry import semconv as s


@dataclass(frozen=True, slots=True)
class Fact:
    """One short statement about a step; ``keys`` are the attributes that it shows."""

    label: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageFact:
    """One retrieved passage: its rank from 1, where it is from, and its scores."""

    rank: int
    chunk_id: str
    document_id: str
    score: float | None
    similarity: float | None


_Values = Mapping[str, object]
_Rule = tuple[str, tuple[str, ...], Callable[[_Values], str]]


def facts(span: SpanRecord) -> list[Fact]:
    """Return what a span has to say, most important first; only what it has."""
    found = []
    for label, keys, say in _RULES.get(_head(span), _HTTP):
        if keys[0] in span.attributes:
            found.append(Fact(label, say(span.attributes), keys))
    for event in span.events:
        values = event.attributes
        name = values.get(s.GEN_AI_EVALUATION_NAME)
        if event.name == s.EVENT_EVALUATION_RESULT and name is not None:
            said = [_text(values[key]) for key in _EVALUATION if key in values]
            keys = tuple(f"{event.name}[{name}].{key}" for key in _EVALUATION)
            found.append(Fact(str(name), " ".join(said), keys))
        elif event.name in (s.EVENT_FALLBACK, s.EVENT_RETRY):
            said = [_text(value) for value in values.values()]
            found.append(Fact(event.name.removeprefix("stillgreen."), " ".join(said), ()))
    if span.status == "ERROR":
        found.insert(0, Fact("error", _text(span.attributes.get(s.ERROR_TYPE, "")), ("status",)))
    return found


def passages(span: SpanRecord) -> list[PassageFact]:
    """Return the passages that a retrieval span gave back, best first."""
    if _head(span) != s.SPAN_RETRIEVAL:
        return []
    chunks = _list(span.attributes.get(s.RETRIEVAL_CHUNK_IDS))
    documents = _list(span.attributes.get(s.RETRIEVAL_DOCUMENT_IDS))
    scores = _list(span.attributes.get(s.RETRIEVAL_SCORES))
    similarities = _list(span.attributes.get(s.RETRIEVAL_SIMILARITIES))
    return [
        PassageFact(
            rank=place + 1,
            chunk_id=str(chunks[place]) if place < len(chunks) else "",
            document_id=str(document),
            score=_number(scores, place),
            similarity=_number(similarities, place),
        )
        for place, document in enumerate(documents)
    ]


def said(span: SpanRecord) -> str:
    """Return the text that a span produced, where content was captured; otherwise nothing."""
    value = span.attributes.get(s.OUTPUT_VALUE) or span.attributes.get(s.GEN_AI_OUTPUT_MESSAGES)
    return "" if value is None else readable(str(value))


def readable(text: str) -> str:
    """Return the words of a recorded message list, or the text itself if it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    words = list(_words(value))
    return "\n".join(words) if words else text


def _words(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key in ("content", "text"):
            if isinstance(value.get(key), str):
                yield value[key]
                return
        for key in ("parts", "content"):
            if isinstance(value.get(key), list):
                yield from _words(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _head(span: SpanRecord) -> str:
    first, _, rest = span.name.partition(" ")
    if first == s.SPAN_INVOKE_AGENT and rest in ("validation", "response"):
        return f"{first} {rest}"
    return first


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(_text(item) for item in value) or "none"
    return str(value)


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _number(values: Sequence[object], place: int) -> float | None:
    value = values[place] if place < len(values) else None
    return float(value) if isinstance(value, int | float) else None


def _plain(key: str, label: str) -> _Rule:
    return label, (key,), lambda values: _text(values[key])


def _joined(label: str, first: str, between: str, second: str, after: str = "") -> _Rule:
    def say(values: _Values) -> str:
        more = f"{between}{_text(values[second])}{after}" if second in values else ""
        return _text(values[first]) + more

    return label, (first, second), say


def _alternatives(key: str) -> _Rule:
    def say(values: _Values) -> str:
        try:
            found = json.loads(str(values[key]))
        except ValueError:
            return _text(values[key])
        if not isinstance(found, Mapping):
            return _text(values[key])
        return ", ".join(f"{name} {_text(value)}" for name, value in found.items()) or "none"

    return "rather than", (key,), say


def _flag(key: str, label: str, text: str) -> _Rule:
    return label, (key,), lambda values: text if values[key] else "no"


def _cost(values: _Values) -> str:
    value = values[s.COST_USD]
    return f"${value:.5f}" if isinstance(value, int | float) else _text(value)


def _first_chunk(values: _Values) -> str:
    value = values[s.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]
    return f"{value * 1000:.0f} ms" if isinstance(value, int | float) else _text(value)


def _ranks(values: _Values) -> str:
    old = [value for value in _list(values[s.RERANK_RANK_CHANGES]) if isinstance(value, int)]
    moved = sum(before != now for now, before in enumerate(old, start=min(old, default=0)))
    return f"{moved} of {len(old)}"


_EVALUATION: Final = (s.GEN_AI_EVALUATION_SCORE_LABEL, s.GEN_AI_EVALUATION_SCORE_VALUE)
_TOKENS = _joined(
    "tokens", s.GEN_AI_USAGE_INPUT_TOKENS, " in, ", s.GEN_AI_USAGE_OUTPUT_TOKENS, " out"
)
_COST: _Rule = ("cost", (s.COST_USD,), _cost)
_VERDICT: Final = (
    _plain(s.VALIDATION_VERDICT, "verdict"),
    _plain(s.VALIDATION_GROUNDEDNESS, "groundedness"),
    _plain(s.VALIDATION_HALLUCINATION_RISK, "hallucination risk"),
    _joined("claims supported", s.VALIDATION_CLAIMS_SUPPORTED, " of ", s.VALIDATION_CLAIMS),
    _plain(s.VALIDATION_LEDGER_MATCH, "ledger match"),
)
_REVIEW: Final = (
    _flag(s.REVIEW_REQUIRED, "human review", "required"),
    _plain(s.REVIEW_REASON, "because"),
)
_HTTP: Final[tuple[_Rule, ...]] = (
    _plain(s.HTTP_RESPONSE_STATUS_CODE, "HTTP"),
    _plain(s.URL_PATH, "path"),
    _plain(s.URL_QUERY, "query"),
)
_RULES: Final[Mapping[str, tuple[_Rule, ...]]] = {
    s.SPAN_INVOKE_WORKFLOW: (
        _flag(s.ANSWER_ABSTAINED, "abstained", "yes"),
        *_VERDICT[:3],
        *_REVIEW,
        _TOKENS,
        _COST,
        _plain(s.AGENT_PATH, "agents"),
    ),
    s.SPAN_INTENT: (
        _joined("intent", s.INTENT_LABEL, " at ", s.INTENT_CONFIDENCE),
        _plain(s.ENTITY_IDS, "about"),
        _alternatives(s.INTENT_ALTERNATIVES),
    ),
    s.SPAN_PLAN: (
        _joined("route", s.ROUTE_NAME, " at ", s.ROUTE_CONFIDENCE),
        _alternatives(s.ROUTE_ALTERNATIVES),
        _plain(s.ROUTE_AGENTS, "agents"),
    ),
    s.SPAN_INVOKE_AGENT: (
        _flag(s.STEP_LIMIT_REACHED, "step limit", "reached"),
        _plain(s.EXTRACTION_CONFIDENCE, "extraction confidence"),
        _TOKENS,
        _COST,
    ),
    f"{s.SPAN_INVOKE_AGENT} validation": (*_VERDICT, _TOKENS, _COST),
    f"{s.SPAN_INVOKE_AGENT} response": (
        _joined("citations valid", s.CITATION_VALID, " of ", s.CITATION_GIVEN),
        _plain(s.CITATION_SOURCES, "cited"),
        _flag(s.ANSWER_ABSTAINED, "abstained", "yes"),
        _TOKENS,
        _COST,
    ),
    s.SPAN_RETRIEVAL: (
        _plain(s.RETRIEVAL_TOP1_SIMILARITY, "top-1 similarity"),
        _joined("passages", s.RETRIEVAL_RETURNED, " of ", s.RETRIEVAL_CANDIDATES, " candidates"),
        _plain(s.RETRIEVAL_DOCUMENT_TYPES, "types"),
        _plain(s.RETRIEVAL_CHUNK_TOKENS, "tokens each"),
    ),
    s.SPAN_EMBEDDINGS: (
        _plain(s.GEN_AI_USAGE_INPUT_TOKENS, "tokens"),
        _plain(s.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, "dimensions"),
    ),
    s.SPAN_QUERY: (_plain(s.DB_RESPONSE_RETURNED_ROWS, "rows"),),
    s.SPAN_SELECT: (_plain(s.DB_RESPONSE_RETURNED_ROWS, "rows"),),
    s.SPAN_LEXICAL: (
        _plain(s.LEXICAL_RETURNED, "rows"),
        _plain(s.LEXICAL_TOP_SCORE, "top score"),
    ),
    s.SPAN_FILTER: (
        _plain(s.FILTER_PREDICATE, "only where"),
        _joined("rows", s.FILTER_ROWS_IN, " → ", s.FILTER_ROWS_OUT),
    ),
    s.SPAN_RERANK: (
        ("moved", (s.RERANK_RANK_CHANGES,), _ranks),
        _plain(s.RERANK_CORRELATION, "rank correlation"),
        _plain(s.RERANK_MARGIN, "margin"),
    ),
    s.SPAN_CONTEXT: (
        _joined("passages kept", s.CONTEXT_KEPT, " of ", s.CONTEXT_OFFERED),
        _joined("tokens", s.CONTEXT_TOKENS, " of ", s.CONTEXT_BUDGET),
        _flag(s.CONTEXT_TRUNCATED, "truncated", "yes"),
        _plain(s.CONTEXT_OLDEST_AGE_DAYS, "oldest, days"),
        _plain(s.CONTEXT_SOURCES, "from"),
    ),
    s.SPAN_CHAT: (
        _TOKENS,
        _plain(s.GEN_AI_RESPONSE_FINISH_REASONS, "finished"),
        ("first token", (s.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,), _first_chunk),
        _COST,
        _plain(s.GEN_AI_RESPONSE_MODEL, "model"),
    ),
    s.SPAN_EXECUTE_TOOL: (
        _plain(s.GEN_AI_TOOL_CALL_ARGUMENTS, "with"),
        _flag(s.TOOL_FOUND, "found", "yes"),
        _plain(s.TOOL_RESULT_ROWS, "rows"),
    ),
    s.SPAN_MEMORY: (
        _plain(s.MEMORY_TURNS, "turns"),
        _plain(s.MEMORY_ENTITIES, "entities taken over"),
    ),
    s.SPAN_SAFETY: (_plain(s.SAFETY_ACTION, "action"), _plain(s.SAFETY_FAILED, "failed")),
    s.SPAN_ESCALATION: (*_REVIEW, _plain(s.DECISION_CONFIDENCE, "decision confidence")),
}
