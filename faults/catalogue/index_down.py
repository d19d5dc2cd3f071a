"""The vector index does not answer.

Mechanism: the process that holds the index was restarted or has run out of
memory, and a query that reaches it fails. The retrieval service answers with a
problem, the search is tried again and given up, and the question is answered
without documents, which is mostly not at all. Severity is the share of
requests whose query fails.
Taxonomy: none of quality; it is loud.
A trace shows: an error on the query span and on every span above it in the
retrieval service, one for each attempt, status 500 between the services, an
abstention.
Cannot show it: the gateway's own status, which is 200 for an abstention too.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.errors import SearchError
from corpus.luck import Luck
from corpus.ports import Hit, Metadata, Vector, VectorIndex
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Kind, Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class DoesNotAnswer(StandsIn):
    """Fails for its share of the requests, as a store does that cannot be reached."""

    healthy: VectorIndex
    severity: Severity

    def count(self) -> int:
        return self.healthy.count()

    def search(
        self, vector: Vector, limit: int, where: Metadata | None, luck: Luck | None = None
    ) -> list[Hit]:
        if chosen_request("index_down", luck or Luck(0), self.severity):
            raise SearchError("the vector search failed: the connection was refused")
        return self.healthy.search(vector, limit, where, luck)


FAULT = PartFault(
    id="index_down",
    seam=Seam.INDEX,
    layer=Layer.DATA,
    summary="the vector index does not answer",
    taxonomy=(),
    shows_in=("error rate", "span status", "status codes between services", "abstentions"),
    blind=("the gateway's status codes",),
    find="The error rate alarms; the first span with an error in each trace is the vector query.",
    fix="Bring the index up again, and keep a second copy to fall back on.",
    kind=Kind.LOUD,
    claim=Claim("error_rate", "higher"),
    wrap=DoesNotAnswer,
)
