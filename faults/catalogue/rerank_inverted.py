"""The reranked passages are sorted the wrong way round.

Mechanism: a distance is taken for a similarity, or the sort's direction is
turned, so that the worst of the candidates come first and the best ones fall
off the end of the top k. Severity is the probability that a request is sorted so.
Taxonomy: RAGEC E7 (low recall after reranking), E8 (noise kept), FP2.
A trace shows: scores that rise down the list, a rank correlation before and
after that turns negative, a negative margin, lower top-1 similarity.
Cannot show it: the number of rows; latency; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.ports import Passage, Query, Reranker
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class SortsTheWrongWay(StandsIn):
    """Turns the healthy order round for its share of the requests; scores stay as they are."""

    healthy: Reranker
    severity: Severity

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        ordered = self.healthy.rerank(query, passages)
        if chosen_request("rerank_inverted", query.luck, self.severity):
            ordered.reverse()
        return ordered


FAULT = PartFault(
    id="rerank_inverted",
    seam=Seam.RERANKER,
    layer=Layer.RETRIEVAL,
    summary="reranked passages are sorted the wrong way round",
    taxonomy=("RAGEC E7", "RAGEC E8", "FP2"),
    shows_in=("rank correlation", "margin", "score order", "top-1 similarity"),
    blind=("rows returned", "latency", "status codes"),
    wrap=SortsTheWrongWay,
    find="On the rerank span the scores rise down the list and the rank correlation is negative; "
    "the best candidates are not among the passages returned.",
    fix="Sort by falling score, and alarm on a margin below zero.",
)
