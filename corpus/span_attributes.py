"""What a search says about itself on its spans."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from corpus.ports import Hit, Passage
from observability.telemetry import semconv
from observability.telemetry.telemetry import Value

_DIGITS = 6


def query_attributes(hits: Sequence[Hit]) -> dict[str, Value | None]:
    """Return the attributes of the vector query: how near what it found is."""
    scores = [hit.score for hit in hits]
    return {
        semconv.QUERY_TOP_SCORE: max(scores) if scores else None,
        semconv.QUERY_MEAN_SCORE: float(np.mean(scores)) if scores else None,
    }


def result_attributes(
    passages: Sequence[Passage], tokens: Sequence[int]
) -> dict[str, Value | None]:
    """Return the attributes of the retrieval span: what came out, with its scores."""
    documents = [passage.chunk.doc_id for passage in passages]
    texts = {passage.chunk.text for passage in passages}
    similarities = [round(passage.similarity, _DIGITS) for passage in passages]
    scores = [round(passage.score, _DIGITS) for passage in passages]
    found = [
        {"id": passage.chunk.id, "score": score}
        for passage, score in zip(passages, scores, strict=True)
    ]
    return {
        semconv.GEN_AI_RETRIEVAL_DOCUMENTS: json.dumps(found),
        semconv.RETRIEVAL_RETURNED: len(passages),
        semconv.RETRIEVAL_TOP1_SIMILARITY: similarities[0] if passages else None,
        semconv.RETRIEVAL_MEAN_SIMILARITY: float(np.mean(similarities)) if passages else None,
        semconv.RETRIEVAL_SIMILARITIES: similarities,
        semconv.RETRIEVAL_SCORES: scores,
        semconv.RETRIEVAL_CHUNK_IDS: [passage.chunk.id for passage in passages],
        semconv.RETRIEVAL_DOCUMENT_IDS: documents,
        semconv.RETRIEVAL_DOCUMENT_TYPES: [_metadata(passage, "doc_type") for passage in passages],
        semconv.RETRIEVAL_VENDOR_IDS: [_metadata(passage, "vendor_id") for passage in passages],
        semconv.RETRIEVAL_CHUNK_TOKENS: list(tokens),
        semconv.RETRIEVAL_DISTINCT_DOCUMENTS: len(set(documents)),
        semconv.RETRIEVAL_DUPLICATE_SHARE: (1.0 - len(texts) / len(passages) if passages else None),
    }


def rerank_attributes(
    before: Sequence[Passage], after: Sequence[Passage]
) -> dict[str, Value | None]:
    """Return the attributes of the reranking span.

    ``rank_changes[i]`` is the old rank (from 0) of what now has rank i. The
    correlation is Spearman's, between old order and new scores; None below
    two passages.
    """
    old_rank = {passage.chunk.id: rank for rank, passage in enumerate(before)}
    ranks = [old_rank.get(passage.chunk.id, -1) for passage in after]
    margin = after[0].score - after[1].score if len(after) > 1 else None
    return {
        semconv.RERANK_SCORES_BEFORE: [round(passage.score, _DIGITS) for passage in before],
        semconv.RERANK_SCORES_AFTER: [round(passage.score, _DIGITS) for passage in after],
        semconv.RERANK_RANK_CHANGES: ranks,
        semconv.RERANK_MARGIN: round(margin, _DIGITS) if margin is not None else None,
        semconv.RERANK_CORRELATION: spearman(ranks),
    }


def spearman(ranks: Sequence[int]) -> float | None:
    """Return Spearman's rank correlation of a permutation of 0 … n-1 with its places."""
    n = len(ranks)
    if n < 2:
        return None
    squares = sum((place - rank) ** 2 for place, rank in enumerate(ranks))
    return round(1.0 - 6.0 * squares / (n * (n * n - 1)), _DIGITS)


def _metadata(passage: Passage, key: str) -> str:
    return str(passage.chunk.metadata.get(key, ""))
