"""Puts dense and lexical hits into one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.ports import Chunk, Hit, Passage


def fuse(
    dense: Sequence[Hit],
    lexical: Sequence[Hit],
    similarities: Mapping[str, float],
    lexical_weight: float,
) -> list[Passage]:
    """Return each chunk once, by a weighted sum of both scores, best first.

    The fused score lies between 0 and 1: (1 - w) times the cosine similarity
    (never below 0) plus w times the BM25 score over the best BM25 score of
    this search. ``similarities`` gives cosines by chunk id.
    """
    top = lexical[0].score if lexical else 1.0
    share = {hit.chunk.id: hit.score / top for hit in lexical}
    bm25 = {hit.chunk.id: hit.score for hit in lexical}
    chunks: dict[str, Chunk] = {hit.chunk.id: hit.chunk for hit in (*dense, *lexical)}
    passages = []
    for chunk_id, chunk in chunks.items():
        similarity = similarities.get(chunk_id, 0.0)
        fused = (1.0 - lexical_weight) * max(similarity, 0.0)
        fused += lexical_weight * share.get(chunk_id, 0.0)
        passages.append(
            Passage(chunk, fused, similarity, lexical=bm25.get(chunk_id, 0.0), fused=fused)
        )
    # A stable sort: of equal scores the dense search's order decides.
    return sorted(passages, key=lambda passage: -passage.fused)
