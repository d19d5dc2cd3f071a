"""The metadata filter is lost, so the search runs over everybody's documents.

Mechanism: a refactoring of the search call no longer hands on the predicate.
Documents of one kind are nearly identical from vendor to vendor, and without
the filter the nearest ones are somebody else's. Severity is the probability
that a request loses its filter.
Taxonomy: RAGEC E6 (semantic drift), FP2 (missed the top ranks), OWASP LLM08.
A trace shows: an empty predicate where entities were found, as many rows out as
in, several vendors among the passages, sources that are not of the one asked for.
Cannot show it: top-1 similarity, which hardly moves; groundedness, since the
answer is faithful to the wrong vendor's document; latency, which falls a little.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.ports import Metadata, MetadataFilter, Query
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class ForgetsThePredicate(StandsIn):
    """Returns no predicate for its share of the requests."""

    healthy: MetadataFilter
    severity: Severity

    def predicate(self, query: Query) -> Metadata | None:
        if chosen_request("filter_dropped", query.luck, self.severity):
            return None
        return self.healthy.predicate(query)


FAULT = PartFault(
    id="filter_dropped",
    seam=Seam.FILTER,
    layer=Layer.RETRIEVAL,
    summary="the metadata filter is lost and the search runs over every vendor's documents",
    taxonomy=("RAGEC E6", "FP2", "OWASP LLM08"),
    shows_in=("filter predicate", "rows in and out", "vendors in the top k", "citations"),
    blind=("top-1 similarity", "groundedness", "latency", "status codes"),
    wrap=ForgetsThePredicate,
    find="The filter span has no predicate although the intent span of the same request counts "
    "entities, as many rows go out as in, and the passages are of several vendors.",
    fix="Hand the predicate on to the search again; refuse a search with entities and no filter.",
)
