"""The vector index does not answer.

Mechanism: the process that holds the index was restarted or has run out of
memory, and a query that reaches it fails. The retrieval service reports the
failure, and so does everything above it. Severity is the share of requests
whose query fails.
Taxonomy: none of quality; it is loud.
A trace shows: an error on the query span and on every span above it, a
response that is no 200.
Cannot show it: nothing hides it.
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
    shows_in=("error rate", "status codes", "span status"),
    blind=(),
    find="The error rate alarms; the first span with an error in each trace is the vector query.",
    fix="Bring the index up again, and keep a second copy to fall back on.",
    kind=Kind.LOUD,
    claim=Claim("error_rate", "higher"),
    wrap=DoesNotAnswer,
)
