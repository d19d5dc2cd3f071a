"""The signals whose own quality a bench measures, and whether a higher one is the worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from observability.bench.evaluators import EVALUATORS

JUDGED_SIGNALS: Final[Mapping[str, bool]] = {
    **EVALUATORS,
    # What the catalogue says not to show a fault, so that it can be confirmed or refuted.
    "answer_length": True,
    "context_tokens": True,
    "cost": True,
    "error_spans": True,
    "fallbacks": True,
    "filter_rows_out": True,
    "index_size": False,
    "input_tokens": True,
    "latency": True,
    "ledger_match": False,
    "mean_similarity": False,
    "rerank_margin": False,
    "retries": True,
    "retrieval_returned": False,
    "route_confidence": False,
    "status_code": True,
    "tool_calls": True,
    "top1_similarity": False,
}
"""Decided by what a signal describes, never by what it turned out to be."""
