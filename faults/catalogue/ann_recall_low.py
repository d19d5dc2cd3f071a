"""The approximate search is so shallow that it misses what is near.

Mechanism: to save memory the vector index was built again with a graph of few
neighbours and few candidates while building and searching, and the vectors
are no longer held beside it. The search is as fast as before and walks past
passages that are near. Lexical search still finds many of them, but without
the vectors nothing says how near those are, so that their fused score is low
and the found ones crowd them out. (The graph alone does no harm here: with the
vectors at hand, lexical search and reranking make up for all that it misses.)
Severity is how far the settings go from the healthy ones to 4 neighbours and
10 candidates, in equal ratios. Which passages are missed differs from build to
build, since Chroma draws the graph's levels itself.
Taxonomy: FP2 (missed the top ranks), RAGEC E4 (missed retrieval).
A trace shows: a lower top and mean score of the vector query, candidates with
a similarity of 0, a lower top-1 similarity, abstentions.
Cannot show it: latency, which stays; rows returned, which mostly stay; index
size; status codes. The recall itself takes an exact search to compare with.
"""

from __future__ import annotations

import math

from corpus.index import HnswSettings
from faults.base import PartFault
from faults.fault import Layer, Seam, Severity

WORST = HnswSettings(max_neighbors=4, construction_ef=10, search_ef=10)
"""The graph at severity 1."""


def shallow(healthy: HnswSettings, severity: Severity) -> HnswSettings:
    """Return settings between the healthy and the worst ones, without vectors to compare with."""

    def between(good: int, bad: int) -> int:
        return min(good, round(math.exp(math.log(good) + math.log(bad / good) * severity.value)))

    return HnswSettings(
        max_neighbors=between(healthy.max_neighbors, WORST.max_neighbors),
        construction_ef=between(healthy.construction_ef, WORST.construction_ef),
        search_ef=between(healthy.search_ef, WORST.search_ef),
        compares=False,
    )


FAULT = PartFault(
    id="ann_recall_low",
    seam=Seam.INDEX_SETTINGS,
    layer=Layer.DATA,
    summary="the approximate vector search is too shallow and misses what is near",
    taxonomy=("FP2", "RAGEC E4"),
    shows_in=("scores of the vector query", "similarities of 0 among candidates", "abstentions"),
    blind=("latency", "rows returned", "index size", "status codes"),
    find="Run the vector queries of some traces again as an exact search and compare: the share "
    "of its first 40 that the index returned is its recall. The best score of the vector query "
    "is often below that of a passage that only the lexical search found.",
    fix="Give the graph more neighbours and candidates, hold the vectors for comparison, and "
    "measure recall against an exact search at every change of the index.",
    wrap=shallow,
)
