"""The query is rewritten before the search, and whom it is about gets lost.

Mechanism: a rewriting step that makes questions general "for better recall"
puts "the invoice" or "the vendor" in place of numbers and names, and what the
question named is not handed on. The search is then for anybody's document of
that kind. Severity is the probability that a request is rewritten so; one that
names nothing stays as it is.
Taxonomy: RAGEC E6 (semantic drift), Barnett FP2 (missed the top ranks).
A trace shows: fewer entities at the search than at the intent, another query
length, no filter where entities were found, several vendors among the passages, a
lower top-1 similarity.
Cannot show it: groundedness, since the answer is faithful to somebody else's
document; the number of passages; latency; status codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agents.ports import Evidence, Search
from corpus.ports import Entity, Query
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

_SHORTEST = 4
"""Letters from which a word of a name is recognised on its own."""


@dataclass(frozen=True, slots=True)
class GeneralisesTheQuery(StandsIn):
    """Searches without names and numbers for its share of the requests."""

    healthy: Search
    severity: Severity

    async def search(self, query: Query) -> Sequence[Evidence]:
        if query.entities and chosen_request(
            "query_rewrite_drops_entity", query.luck, self.severity
        ):
            query = replace(query, text=generalised(query.text, query.entities), entities=())
        return await self.healthy.search(query)


def generalised(text: str, entities: Sequence[Entity]) -> str:
    """Put the kind of each entity in place of its name or number; the rest stays."""
    for entity in entities:
        kind = f"the {entity.kind.replace('_', ' ')}"
        for pattern in _mentions(entity):
            text = pattern.sub(kind, text)
        # "Invoice the invoice" is how a number after its kind comes out.
        text = re.sub(rf"\b(?:the )?{kind[4:]} {kind}\b", kind, text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _mentions(entity: Entity) -> Iterator[re.Pattern[str]]:
    """Yield what finds an entity in a text: its id however punctuated, and words of its name."""
    groups = re.findall(r"[A-Za-z]+|\d+", entity.id)
    loose = r"[\s/_.:#-]*".join(
        rf"0*{group.lstrip('0')}" if group.isdigit() else f"(?:{group})?" for group in groups
    )
    yield re.compile(rf"\b{loose}\b", re.IGNORECASE)
    words = [word for word in re.findall(r"[^\W\d_]+", entity.name) if word[0].isupper()]
    if entity.name != entity.id and any(len(word) >= _SHORTEST for word in words):
        long = "|".join(re.escape(word) for word in words if len(word) >= _SHORTEST)
        every = "|".join(re.escape(word) for word in words)
        yield re.compile(rf"\b(?:{long})(?:[\s.,&-]+(?:{every})\b\.?)*", re.IGNORECASE)


FAULT = PartFault(
    id="query_rewrite_drops_entity",
    seam=Seam.SEARCH,
    layer=Layer.RETRIEVAL,
    summary="the query is rewritten in general terms, without whom or what it is about",
    taxonomy=("RAGEC E6", "FP2"),
    shows_in=("entities at the search", "query length", "filter predicate", "vendors in the top k"),
    blind=("groundedness", "passages returned", "latency", "status codes"),
    excludes=("filter_dropped",),
    wrap=GeneralisesTheQuery,
    find="The intent span counts entities and the retrieval span of the same request counts "
    "none; the filter has nothing to go by and the passages are of several vendors.",
    fix="Take the rewriting step out, or have it keep numbers and names and hand the entities on.",
)
