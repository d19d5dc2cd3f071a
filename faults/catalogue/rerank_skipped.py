"""Reranking is skipped, and candidates stand in the order of the searches' raw scores.

Mechanism: a time limit or a flag turns reranking off, and what is left to sort by
is the score that each search gave. That of the word search has no bound and that
of the vector search ends at one, so every passage with the question's rarer words
comes before those that mean what it asks. With a reranker behind it nobody noticed.
The fused order on its own would have been nearly as good as the reranked one.
Severity is the probability that a request is not reranked.
Taxonomy: RAGEC E8 (low precision), E7 (low recall after reranking), Barnett FP2.
A trace shows: scores after reranking that are those from before and do not fall
down the list, a margin that may be negative, a lower rank correlation, a lower top-1
similarity, more abstentions.
Cannot show it: rows in and out; groundedness; latency, as the step is still there;
status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.ports import Passage, Query, Reranker
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class SortsByRawScore(StandsIn):
    """Orders candidates by their searches' own scores for its share of the requests."""

    healthy: Reranker
    severity: Severity

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        if not chosen_request("rerank_skipped", query.luck, self.severity):
            return self.healthy.rerank(query, passages)
        return sorted(passages, key=lambda passage: -max(passage.lexical, passage.similarity))


FAULT = PartFault(
    id="rerank_skipped",
    seam=Seam.RERANKER,
    layer=Layer.RETRIEVAL,
    summary="candidates are not reranked but stand in the order of the searches' raw scores",
    taxonomy=("RAGEC E8", "RAGEC E7", "FP2"),
    shows_in=("scores after reranking", "margin", "rank correlation", "abstentions"),
    blind=("rows returned", "groundedness", "latency", "status codes"),
    excludes=("rerank_inverted",),
    wrap=SortsByRawScore,
    find="On the rerank span every score after is one from before, and they do not fall down "
    "the list.",
    fix="Turn reranking on again, count the requests that pass without it, and fall back to "
    "the fused order.",
)
