"""The metadata filter points at the wrong shelf: employees' policies for suppliers' questions.

Mechanism: the search was restricted to the owner of the documents, and the
mapping of topics to owners is one column off: finance questions are sent to what
Human Resources and Payroll own, which is the travel policy, the expense policy and
the employee handbook. They speak of payments, terms and approvals too, only of
other ones. Severity is the probability that a request is given that predicate.
Taxonomy: RAGEC E5 (low relevance), Barnett FP1 (missing content) in effect.
A trace shows: a predicate on another key, few rows out, one type of document in
the top k, lower top-1 similarity, other citations, more abstentions.
Cannot show it: the number of passages; groundedness; latency; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from corpus.ports import Metadata, MetadataFilter, Query
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

WRONG_SHELF = cast(Metadata, {"owner": {"$in": ["Head of Human Resources", "Head of Payroll"]}})


@dataclass(frozen=True, slots=True)
class PointsAtTheWrongShelf(StandsIn):
    """Returns the wrong owner's predicate for its share of the requests."""

    healthy: MetadataFilter
    severity: Severity

    def predicate(self, query: Query) -> Metadata | None:
        if chosen_request("filter_wrong", query.luck, self.severity):
            return WRONG_SHELF
        return self.healthy.predicate(query)


FAULT = PartFault(
    id="filter_wrong",
    seam=Seam.FILTER,
    layer=Layer.RETRIEVAL,
    summary="the filter lets through employees' policies in place of what was asked about",
    taxonomy=("RAGEC E5", "FP1"),
    shows_in=("filter predicate", "rows out", "document types", "top-1 similarity", "citations"),
    blind=("passages returned", "groundedness", "latency", "status codes"),
    excludes=("filter_dropped",),
    wrap=PointsAtTheWrongShelf,
    find="Group the filter span by predicate: one that names an owner is new, it lets few rows "
    "through, and all passages behind it are policies whatever was asked.",
    fix="Correct the mapping of topics to owners, or filter by the entities alone again.",
)
