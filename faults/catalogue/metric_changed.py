"""The index hands out distances where similarities are expected.

Mechanism: one of the search servers was moved to a client of the vector store
that returns the cosine distance, small for near, and whoever reads it takes
the number for a similarity, large for near, as the client before gave it. The
right passages are found and come last; when dense and lexical hits are put
into one list and cut to the candidates of the reranker, they fall off.
Severity is the share of requests that such a server answers.
Taxonomy: OWASP LLM08 (vector and embedding weaknesses), FP2 (missed the top
ranks), RAGEC E7 in effect.
A trace shows: another scale of the vector query's scores, whose mean rises
where the similarities were low, candidates from the far end, a worse rank
correlation before and after reranking, abstentions.
Cannot show it: top-1 similarity by its level, since a distance of 0.5 looks
like a similarity of 0.5; rows and index size; latency; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.luck import Luck
from corpus.ports import Hit, Metadata, Vector, VectorIndex
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class ReturnsDistances(StandsIn):
    """Gives each hit its cosine distance as its score for its share of the requests."""

    healthy: VectorIndex
    severity: Severity

    def count(self) -> int:
        return self.healthy.count()

    def search(
        self, vector: Vector, limit: int, where: Metadata | None, luck: Luck | None = None
    ) -> list[Hit]:
        hits = self.healthy.search(vector, limit, where, luck)
        if not chosen_request("metric_changed", luck or Luck(0), self.severity):
            return hits
        return _by_score([replace(hit, score=1.0 - hit.score) for hit in hits])


def _by_score(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: -hit.score)


FAULT = PartFault(
    id="metric_changed",
    seam=Seam.INDEX,
    layer=Layer.DATA,
    summary="the index returns distances, and they are read as similarities",
    taxonomy=("OWASP LLM08", "FP2", "RAGEC E7"),
    shows_in=("scores of the vector query", "rank correlation", "rerank margin", "abstentions"),
    blind=("top-1 similarity", "rows returned", "latency", "status codes"),
    find="Across requests the scores of the vector query and of late interaction go in opposite "
    "directions, and the rank correlation at the reranker turns negative.",
    fix="Convert the distance where the client is called, and assert in a test that a passage "
    "searched for by its own text comes first with a similarity of 1.",
    wrap=ReturnsDistances,
)
