"""Says for each kind of span which attributes matter to a reader, and in what words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from observability.telemetry import semconv as s

Values = Mapping[str, object]
Rule = tuple[str, tuple[str, ...], Callable[[Values], str]]
"""A label, the attributes that are shown under it, and how they are put into words."""


def worded(value: object) -> str:
    """Return a value as short text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(worded(item) for item in value) or "none"
    return str(value)


def listed(value: object) -> Sequence[object]:
    """Return a recorded list, () for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _plain(key: str, label: str) -> Rule:
    return label, (key,), lambda values: worded(values[key])


def _joined(label: str, first: str, between: str, second: str, after: str = "") -> Rule:
    def say(values: Values) -> str:
        more = f"{between}{worded(values[second])}{after}" if second in values else ""
        return worded(values[first]) + more

    return label, (first, second), say


def _alternatives(key: str) -> Rule:
    def say(values: Values) -> str:
        try:
            found = json.loads(str(values[key]))
        except ValueError:
            return worded(values[key])
        if not isinstance(found, Mapping):
            return worded(values[key])
        return ", ".join(f"{name} {worded(value)}" for name, value in found.items()) or "none"

    return "rather than", (key,), say


def _flag(key: str, label: str, text: str, otherwise: str = "no") -> Rule:
    return label, (key,), lambda values: text if values[key] else otherwise


def _predicate(values: Values) -> str:
    """Name what a filter lets through: the keys in its predicate, whatever its form."""
    text = str(values[s.FILTER_PREDICATE])
    try:
        named = list(dict.fromkeys(_leaves(json.loads(text))))
    except ValueError:
        return text
    return ", ".join(named) if named else "no filter"


def _leaves(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value not in ("", None):
        yield worded(value)


def _cost(values: Values) -> str:
    value = values[s.COST_USD]
    return f"${value:.5f}" if isinstance(value, int | float) else worded(value)


def _first_chunk(values: Values) -> str:
    value = values[s.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]
    return f"{value * 1000:.0f} ms" if isinstance(value, int | float) else worded(value)


def _ranks(values: Values) -> str:
    old = [value for value in listed(values[s.RERANK_RANK_CHANGES]) if isinstance(value, int)]
    moved = sum(before != now for now, before in enumerate(old, start=min(old, default=0)))
    return f"{moved} of {len(old)}"


EVALUATION: Final = (s.GEN_AI_EVALUATION_SCORE_LABEL, s.GEN_AI_EVALUATION_SCORE_VALUE)
_TOKENS = _joined(
    "tokens", s.GEN_AI_USAGE_INPUT_TOKENS, " in, ", s.GEN_AI_USAGE_OUTPUT_TOKENS, " out"
)
_COST: Rule = ("cost", (s.COST_USD,), _cost)
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
HTTP: Final[tuple[Rule, ...]] = (
    _plain(s.HTTP_RESPONSE_STATUS_CODE, "HTTP"),
    _plain(s.URL_PATH, "path"),
    _plain(s.URL_QUERY, "query"),
)
RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
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
        _flag(s.STEP_LIMIT_REACHED, "step limit", "reached", otherwise=""),
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
    s.SPAN_QUERY: (
        _plain(s.DB_RESPONSE_RETURNED_ROWS, "rows"),
        _plain(s.QUERY_TOP_SCORE, "top score"),
    ),
    s.SPAN_SELECT: (_plain(s.DB_RESPONSE_RETURNED_ROWS, "rows"),),
    s.SPAN_LEXICAL: (
        _plain(s.LEXICAL_RETURNED, "rows"),
        _plain(s.LEXICAL_TOP_SCORE, "top score"),
    ),
    s.SPAN_FILTER: (
        ("only about", (s.FILTER_PREDICATE,), _predicate),
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
        _flag(s.CONTEXT_TRUNCATED, "truncated", "yes", otherwise=""),
        _plain(s.CONTEXT_OLDEST_AGE_DAYS, "oldest, days"),
        _plain(s.CONTEXT_NEWEST_AGE_DAYS, "newest, days"),
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
