"""Only the first candidate of the search is reranked and handed on.

Mechanism: to save time on reranking, its window was set to one candidate, or a
deployment reads the number from the wrong environment. The reranker has nothing
left to choose from: what the first search did not put on top, a rule's exception
or the right clause of the right agreement, is never seen by the model. Cutting to
one passage after reranking spoils fewer answers, since the reranker mostly has the
right passage first. Severity is the probability that a request has so narrow a window.
Taxonomy: Barnett FP2 (missed the top ranks), FP7 (incomplete answer); RAGEC E4
(missed retrieval).
A trace shows: one passage returned where more were asked for and many candidates
were at hand, one score after reranking, no margin, a small context, fewer input
tokens, more abstentions.
Cannot show it: top-1 similarity, which rises by a little; groundedness, since what
is said is in the one passage; latency; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.ports import Passage, Query, Reranker
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

WINDOW = 1


@dataclass(frozen=True, slots=True)
class RanksTheFirstOnly(StandsIn):
    """Narrows the candidates of its share of the requests before they are reranked."""

    healthy: Reranker
    severity: Severity

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        if chosen_request("top_k_small", query.luck, self.severity):
            passages = passages[:WINDOW]
        return self.healthy.rerank(query, passages)


FAULT = PartFault(
    id="top_k_small",
    seam=Seam.RERANKER,
    layer=Layer.RETRIEVAL,
    summary="only the first candidate of the search is reranked and handed on",
    taxonomy=("FP2", "FP7", "RAGEC E4"),
    shows_in=("passages returned", "scores after reranking", "context tokens", "abstentions"),
    blind=("top-1 similarity", "groundedness", "latency", "status codes"),
    excludes=("rerank_inverted", "rerank_skipped", "top_k_large"),
    wrap=RanksTheFirstOnly,
    find="On the retrieval span one passage is returned although five were asked for and two "
    "dozen candidates were at hand; the rerank span has a single score.",
    fix="Set the reranker's window back to all candidates of the search.",
)
