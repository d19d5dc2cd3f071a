"""Hands passages on in an order that has nothing to do with their rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.parts import WorkflowParts
from agents.ports import Evidence, Search
from corpus.ledger.draw import shuffled
from corpus.ports import Query


@dataclass(frozen=True, slots=True)
class ShuffledSearch:
    """Finds what another search finds and shuffles it by the request's luck."""

    search_of: Search

    async def search(self, query: Query) -> Sequence[Evidence]:
        """Return the passages in a drawn order, or raise ``RetrievalError``."""
        return shuffled(query.luck, await self.search_of.search(query), "shuffled")


def with_shuffled_passages(parts: WorkflowParts) -> WorkflowParts:
    """Return the parts of a workflow that sees its passages in a drawn order."""
    return replace(parts, search=ShuffledSearch(parts.search))
