"""Fifty passages are fetched where five were.

Mechanism: "to be on the safe side" somebody raises the number of passages. The
search hands on every candidate that it has, the context is filled to its budget
with what is merely similar, and all of it is read and paid for. A careful model
still finds the right line, so the harm is in the bill. Severity is the probability
that a request asks for so many.
Taxonomy: RAGEC E8 (low precision: noise kept), OWASP LLM10 (unbounded consumption).
A trace shows: the top k asked for, passages returned, context tokens at the
budget, passages that were left out, input tokens and cost, the spread of the scores.
Cannot show it: answers, which stay right; top-1 similarity, which is the same; the
reranker; groundedness; status codes; latency, which rises by little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.ports import Evidence, Search
from corpus.ports import Query
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Layer, Seam, Severity

ASKED = 50


@dataclass(frozen=True, slots=True)
class AsksForFiftyPassages(StandsIn):
    """Raises the number of passages of its share of the requests."""

    healthy: Search
    severity: Severity

    async def search(self, query: Query) -> Sequence[Evidence]:
        if chosen_request("top_k_large", query.luck, self.severity):
            query = replace(query, top_k=max(query.top_k, ASKED))
        return await self.healthy.search(query)


FAULT = PartFault(
    id="top_k_large",
    seam=Seam.SEARCH,
    layer=Layer.RETRIEVAL,
    summary="fifty passages are fetched in place of five",
    taxonomy=("RAGEC E8", "OWASP LLM10"),
    shows_in=("top k", "passages returned", "context tokens", "passages kept", "cost"),
    blind=("answers", "top-1 similarity", "rerank margin", "groundedness", "status codes"),
    claim=Claim("cost", "higher"),
    wrap=AsksForFiftyPassages,
    find="Compare the top k of the retrieval span with last week's; context tokens stand at "
    "the budget while cited passages stay at the top of the list.",
    fix="Set the number of passages back to five.",
)
