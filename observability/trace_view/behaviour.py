"""What of a span counts as behaviour when two runs of the same question are compared."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from observability.recording import SpanRecord
from observability.telemetry import semconv

STATUS: Final = "status"

# Left out of every comparison, and why.
IGNORED: Final[Mapping[str, str]] = {
    # Identifiers: drawn anew for every run, or derived from one that is.
    semconv.REQUEST_ID: "identifier",
    semconv.REVIEW_ID: "identifier",
    semconv.GEN_AI_CONVERSATION_ID: "identifier",
    semconv.GEN_AI_RESPONSE_ID: "identifier",
    semconv.GEN_AI_TOOL_CALL_ID: "identifier",
    semconv.GEN_AI_AGENT_ID: "identifier",
    semconv.SESSION_ID: "identifier",
    semconv.USER_ID: "identifier",
    semconv.SERVICE_INSTANCE_ID: "identifier",
    semconv.GEN_AI_REQUEST_SEED: "identifier: it names the luck of a call",
    # Durations: they differ with the machine's load.
    semconv.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: "duration",
    # Where a service listens is deployment; its path and query are behaviour.
    semconv.URL_FULL: "address",
    semconv.URL_SCHEME: "address",
    semconv.SERVER_ADDRESS: "address",
    semconv.SERVER_PORT: "address",
    semconv.CLIENT_ADDRESS: "address",
    semconv.CLIENT_PORT: "address",
    semconv.NETWORK_PEER_ADDRESS: "address",
    semconv.NETWORK_PEER_PORT: "address",
    semconv.NETWORK_PROTOCOL_NAME: "address",
    semconv.NETWORK_PROTOCOL_VERSION: "address",
    semconv.USER_AGENT_ORIGINAL: "address",
    # Holds line numbers and memory addresses; type and message are compared.
    semconv.EXCEPTION_STACKTRACE: "memory addresses",
}

# Known when a span begins; everything else is what came of it.
_INPUTS: Final = (
    semconv.GEN_AI_RETRIEVAL_QUERY_TEXT,
    semconv.GEN_AI_SYSTEM_INSTRUCTIONS,
    semconv.GEN_AI_INPUT_MESSAGES,
    semconv.GEN_AI_TOOL_DEFINITIONS,
    semconv.GEN_AI_TOOL_NAME,
    semconv.GEN_AI_TOOL_CALL_ARGUMENTS,
    semconv.INPUT_VALUE,
    semconv.GEN_AI_RETRIEVAL_TOP_K,
    semconv.GEN_AI_DATA_SOURCE_ID,
    semconv.DB_COLLECTION_NAME,
    semconv.QUESTION_LENGTH,
    semconv.QUERY_LENGTH,
    semconv.ENTITY_COUNT,
    semconv.ENTITY_IDS,
    semconv.HANDOFF_ENTITIES,
    semconv.HANDOFF_PASSAGES,
    semconv.HANDOFF_RECORDS,
    semconv.HANDOFF_EVIDENCE,
    semconv.INDEX_SIZE,
    semconv.RERANK_INPUT_COUNT,
    semconv.RERANK_SCORES_BEFORE,
    semconv.CONTEXT_OFFERED,
    semconv.URL_PATH,
    semconv.URL_QUERY,
)

# Of several results that differ, the ones that say most come first.
_TELLING: Final = (
    semconv.ROUTE_NAME,
    semconv.INTENT_LABEL,
    semconv.FILTER_PREDICATE,
    semconv.RETRIEVAL_CHUNK_IDS,
    semconv.GEN_AI_RETRIEVAL_DOCUMENTS,
    semconv.RERANK_RANK_CHANGES,
    semconv.RERANK_SCORES_AFTER,
    semconv.CONTEXT_SOURCES,
    semconv.CONTEXT_KEPT,
    semconv.CONTEXT_TOKENS,
    semconv.TOOL_FOUND,
    semconv.GEN_AI_TOOL_CALL_RESULT,
    semconv.VALIDATION_VERDICT,
    semconv.GEN_AI_RESPONSE_MODEL,
    semconv.GEN_AI_RESPONSE_FINISH_REASONS,
    semconv.GEN_AI_OUTPUT_MESSAGES,
    semconv.GEN_AI_USAGE_INPUT_TOKENS,
    semconv.GEN_AI_USAGE_OUTPUT_TOKENS,
)
_RANK: Final = {key: place for place, key in enumerate((*_INPUTS, *_TELLING))}

# Scores come from floating-point sums whose order may differ.
_RELATIVE: Final = 1e-6
_ABSOLUTE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute that differs between two runs; None is an attribute that is not there.

    ``at_start`` tells whether the span began with it.
    """

    attribute: str
    left: object
    right: object

    @property
    def at_start(self) -> bool:
        """Tell whether the span began with this attribute, rather than ended with it."""
        return self.attribute in _INPUTS


def behaviour(span: SpanRecord) -> dict[str, object]:
    """Return what a span did: its attributes, its status and its events, without ``IGNORED``.

    An event's attribute is named ``EVENT[NAME].ATTRIBUTE``, where NAME is the
    evaluation's name or the event's number.
    """
    found: dict[str, object] = {
        key: value for key, value in span.attributes.items() if key not in IGNORED
    }
    found[STATUS] = span.status
    for number, event in enumerate(span.events, start=1):
        name = event.attributes.get(semconv.GEN_AI_EVALUATION_NAME, number)
        for key, value in event.attributes.items():
            if key not in IGNORED:
                found[f"{event.name}[{name}].{key}"] = value
    return found


def differences(left: SpanRecord, right: SpanRecord) -> list[Difference]:
    """Return what differs, what the spans began with first, then the most telling first."""
    a, b = behaviour(left), behaviour(right)
    keys = [key for key in a.keys() | b.keys() if not same(a.get(key), b.get(key))]
    keys.sort(key=lambda key: (_RANK.get(key, len(_RANK)), key))
    return [Difference(key, a.get(key), b.get(key)) for key in keys]


def same(left: object, right: object) -> bool:
    """Compare two values; numbers within rounding, also inside lists and JSON texts."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right or _same_json(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        both_nan = math.isnan(left) and math.isnan(right)
        return both_nan or math.isclose(left, right, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, Sequence) and isinstance(right, Sequence) and not isinstance(left, str):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return left == right


def _same_json(left: str, right: str) -> bool:
    if not (left[:1] in "[{" and right[:1] in "[{" and left and right):
        return False
    try:
        return same(json.loads(left), json.loads(right))
    except ValueError:
        return False
