"""Builds the search engines of the retrieval service, one for each set of active faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.assembly import Assembly, assemble
from corpus.chunking import SectionChunker
from corpus.collections import CollectionStore
from corpus.index import ChromaServer
from corpus.index_cache import IndexCache
from corpus.luck import Luck
from corpus.ports import Chunker, Document, Embedder
from corpus.retrieval import RetrievalEngine, SearchSettings
from faults.apply import degrade_part
from faults.current import Assemblies, CurrentPlan
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan
from observability.clock import Clock
from observability.telemetry import Telemetry
from services.foundation import Foundation

if TYPE_CHECKING:
    from fastapi import FastAPI

SEAMS = (Seam.CHUNKER, Seam.EMBEDDER, Seam.FILTER, Seam.RERANKER)
"""The seams of the parts that a search is made of."""

COMPANY = "finance"


class RetrievalService:
    """The collections that can be searched, each with an engine for every set of faults.

    A collection that was ingested again is noticed at the next search.
    """

    def __init__(
        self,
        foundation: Foundation,
        telemetry: Telemetry,
        clock: Clock,
        current: CurrentPlan,
    ) -> None:
        self._foundation = foundation
        self._telemetry = telemetry
        self._clock = clock
        self._current = current
        settings = foundation.settings
        server = ChromaServer.at(settings.chroma_url) if settings.chroma_url else None
        self._cache = IndexCache(settings.home / "index", server=server)
        self._own = CollectionStore(settings.home / "collections")
        self._open: dict[str, tuple[str, Assemblies[RetrievalEngine]]] = {}

    def collections(self) -> Mapping[str, int]:
        """Return the names of all collections with their numbers of documents."""
        company = self._foundation.world.counts["documents"]
        return {COMPANY: company, **{info.name: info.documents for info in self._own.list()}}

    def engine(self, collection: str, luck: Luck) -> RetrievalEngine:
        """Return the engine for one request, or raise ``UnknownCollectionError``."""
        return self._assemblies(collection).for_request(luck, self._clock.now_ns())

    def prepare(self, plan: FaultPlan, collection: str = COMPANY) -> None:
        """Build or open the indexes that a plan calls for."""
        self._assemblies(collection).prepare(plan)

    def app(self, version: str) -> FastAPI:
        """Return the service's application."""
        from services.retrieval.app import create_app  # noqa: PLC0415 - heavy import

        return create_app(self, self._telemetry, version)

    def _assemblies(self, collection: str) -> Assemblies[RetrievalEngine]:
        version = "" if collection == COMPANY else self._own.info(collection).version
        known = self._open.get(collection)
        if known is not None and known[0] == version:
            return known[1]
        documents = self._documents(collection)
        indexes: dict[tuple[str, str], Assembly] = {}

        def build(active: tuple[ActiveFault, ...]) -> RetrievalEngine:
            return self._engine(documents, indexes, active)

        assemblies = Assemblies(build, SEAMS, self._current)
        self._open[collection] = (version, assemblies)
        return assemblies

    def _documents(self, collection: str) -> Sequence[Document]:
        if collection == COMPANY:
            return self._foundation.world.documents()
        return self._own.documents(collection)

    def _engine(
        self,
        documents: Sequence[Document],
        indexes: dict[tuple[str, str], Assembly],
        active: tuple[ActiveFault, ...],
    ) -> RetrievalEngine:
        embedder = degrade_part(Seam.EMBEDDER, self._foundation.embedder, active)
        healthy_chunker = SectionChunker(self._foundation.embedder.count_tokens)
        chunker = degrade_part(Seam.CHUNKER, healthy_chunker, active)
        # The healthy index is opened in any case and first: a model in this process then
        # reads a text with the same embeddings whichever faults are active.
        for cuts, encodes in ((healthy_chunker, self._foundation.embedder), (chunker, embedder)):
            key = (cuts.fingerprint, encodes.fingerprint)
            if key not in indexes:
                indexes[key] = self._assemble(documents, cuts, encodes)
        found = indexes[key].parts
        parts = replace(
            found,
            chunker=chunker,
            embedder=embedder,
            filter=degrade_part(Seam.FILTER, found.filter, active),
            reranker=degrade_part(Seam.RERANKER, found.reranker, active),
        )
        settings = SearchSettings(model=self._foundation.embedder.name)
        return RetrievalEngine(parts, self._telemetry, self._clock, settings)

    def _assemble(
        self, documents: Sequence[Document], chunker: Chunker, embedder: Embedder
    ) -> Assembly:
        foundation = self._foundation
        same_encoder = embedder.fingerprint == foundation.embedder.fingerprint
        return assemble(
            documents,
            chunker,
            embedder,
            self._cache,
            # The model reads the same texts; it need not encode them again.
            tokens=foundation.token_store if same_encoder else None,
            cross_encoder=foundation.settings.cross_encoder,
            progress=foundation.progress,
        )
