"""Says in names of signals what the catalogue says in words not to show a fault."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_SIGNALS: Final = {
    "accuracy": (),
    "answers": ("answer_length",),
    "confidence": ("answer_confidence",),
    "context tokens": ("context_tokens",),
    "cost": ("cost",),
    "fallback flag": ("fallbacks",),
    "groundedness": ("groundedness",),
    "index size": ("index_size",),
    "latency": ("latency",),
    "latency of a whole request": ("latency",),
    "ledger match": ("ledger_match",),
    "passages returned": ("retrieval_returned",),
    "rerank margin": ("rerank_margin",),
    "retries": ("retries",),
    "retrieval scores": ("top1_similarity", "mean_similarity"),
    "route confidence": ("route_confidence",),
    "rows out of the filter": ("filter_rows_out",),
    "rows returned": ("retrieval_returned",),
    "similarity": ("top1_similarity",),
    "status codes": ("status_code", "error_spans"),
    "the gateway's status codes": ("status_code",),
    "tokens": ("input_tokens",),
    "tool calls": ("tool_calls",),
    "top-1 similarity": ("top1_similarity",),
}


def blind_signals(said: Iterable[str]) -> tuple[str, ...]:
    """Return the signals that are meant by some words, a word itself where none is known."""
    found = [name for words in said for name in _SIGNALS.get(words, (words,))]
    return tuple(dict.fromkeys(found))
