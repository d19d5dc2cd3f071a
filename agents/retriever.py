"""The retriever agent: searches the documents and chooses what is shown of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from agents.case import Case
from agents.handoff import Handover
from agents.ports import BuiltContext, Evidence
from agents.spans import agent_span
from corpus.ports import Query
from observability.telemetry import Telemetry, semconv


class Retriever:
    """Asks the retrieval service, then has a context built from what it found."""

    def __init__(self, telemetry: Telemetry, top_k: int) -> None:
        self._telemetry = telemetry
        self._top_k = top_k

    async def run(self, case: Case, given: Handover) -> Sequence[Evidence]:
        """Return the passages that are shown, in that order, or raise ``RetrievalError``."""
        with agent_span(self._telemetry, "retriever", given) as span:
            found = await case.parts.search.search(
                Query(
                    text=given.question,
                    entities=tuple(given.entities),
                    collection=case.request.collection,
                    top_k=self._top_k,
                    luck=case.luck,
                )
            )
            similarities = [
                float(piece.metadata["similarity"])
                for piece in found
                if "similarity" in piece.metadata
            ]
            span.update(
                {
                    semconv.RETRIEVAL_RETURNED: len(found),
                    semconv.RETRIEVAL_TOP1_SIMILARITY: similarities[0] if similarities else None,
                    semconv.AGENT_STEPS: 1,
                }
            )
        await case.tell("retriever", f"{len(found)} passages found")
        return self._build(case, given, found).kept

    def _build(self, case: Case, given: Handover, found: Sequence[Evidence]) -> BuiltContext:
        attributes = {semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN}
        with self._telemetry.span(semconv.SPAN_CONTEXT, attributes) as span:
            built = case.parts.context.build(given.question, found, case.luck)
            ages = self._ages(built.kept)
            span.update(
                {
                    semconv.CONTEXT_OFFERED: built.offered,
                    semconv.CONTEXT_KEPT: len(built.kept),
                    semconv.CONTEXT_TOKENS: built.tokens,
                    semconv.CONTEXT_BUDGET: built.budget,
                    semconv.CONTEXT_TRUNCATED: built.truncated,
                    semconv.CONTEXT_SOURCES: [piece.source for piece in built.kept],
                    semconv.CONTEXT_DOCUMENT_TYPES: [
                        str(piece.metadata.get("doc_type", "")) for piece in built.kept
                    ],
                    semconv.CONTEXT_OLDEST_AGE_DAYS: max(ages, default=None),
                    semconv.CONTEXT_NEWEST_AGE_DAYS: min(ages, default=None),
                }
            )
            span.content(
                semconv.CONTEXT_TEXT, lambda: "\n\n".join(piece.text for piece in built.kept)
            )
        return built

    def _ages(self, kept: Sequence[Evidence]) -> list[int]:
        """Return the days since each dated document, by the clock of the telemetry."""
        today = dt.datetime.fromtimestamp(self._telemetry.clock.now_ns() / 1e9, dt.UTC).date()
        ages = []
        for piece in kept:
            try:
                ages.append(
                    (today - dt.date.fromisoformat(str(piece.metadata.get("date", "")))).days
                )
            except ValueError:
                continue
        return ages
