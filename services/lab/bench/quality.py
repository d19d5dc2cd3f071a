"""The signals whose own quality a bench measures, and whether a higher one is the worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

JUDGED_SIGNALS: Final[Mapping[str, bool]] = {
    # the checks on an answer
    "answer_relevance": False,
    "citation_coverage": False,
    "citation_validity": False,
    "context_relevance": False,
    "duplicate_share": True,
    "groundedness": False,
    "numeric_consistency": False,
    "source_freshness": False,
    "support_share": False,
    # what is made of them
    "composite_risk": True,
    "hallucination_risk": True,
    "uncertainty": True,
    "weak_retrieval": True,
    "weak_support": True,
    # what is often taken for a sign of quality, or for health
    "answer_confidence": False,
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
