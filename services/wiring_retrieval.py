"""Builds the search engines of the retrieval service, one for each set of active faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.assembly import Assembly, assemble
from corpus.chunking import SectionChunker
from corpus.collections import CollectionStore
from corpus.index import ChromaServer, HnswSettings
from corpus.index_cache import IndexCache
from corpus.known_texts import KnowingEmbedder
from corpus.luck import Luck
from corpus.ports import Chunker, Document, Embedder
from corpus.retrieval import RetrievalEngine, SearchSettings, StageLatencies
from corpus.token_store import TokenStore
from faults.apply import degrade_part
from faults.current import Assemblies, CurrentPlan
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan
from observability.clock import Clock
from observability.telemetry import Telemetry
from services.foundation import Foundation

if TYPE_CHECKING:
    from fastapi import FastAPI

SEAMS = (
    Seam.DOCUMENTS,
    Seam.CHUNKER,
    Seam.INDEX_EMBEDDER,
    Seam.QUERY_EMBEDDER,
    Seam.INDEX_SETTINGS,
    Seam.INDEX,
    Seam.FILTER,
    Seam.RERANKER,
)
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
        self._open: dict[str, _Opened] = {}

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

    def release(self) -> None:
        """Let go of every index but the healthy ones, which were opened first."""
        for opened in self._open.values():
            opened.assemblies.release()
            for key in list(opened.indexes)[1:]:
                index = opened.indexes.pop(key).index
                self._foundation.token_store.drop_table(index.tokens)
                index.vectors.close()

    def app(self, version: str) -> FastAPI:
        """Return the service's application."""
        from services.retrieval.app import create_app  # noqa: PLC0415 - heavy import

        return create_app(self, self._telemetry, version)

    def _assemblies(self, collection: str) -> Assemblies[RetrievalEngine]:
        version = "" if collection == COMPANY else self._own.info(collection).version
        known = self._open.get(collection)
        if known is not None and known.version == version:
            return known.assemblies
        documents = self._documents(collection)
        indexes: dict[str, Assembly] = {}

        def build(active: tuple[ActiveFault, ...]) -> RetrievalEngine:
            return self._engine(documents, indexes, active)

        assemblies = Assemblies(build, SEAMS, self._current)
        self._open[collection] = _Opened(version, assemblies, indexes)
        return assemblies

    def _documents(self, collection: str) -> Sequence[Document]:
        if collection == COMPANY:
            return self._foundation.world.documents()
        return self._own.documents(collection)

    def _engine(
        self,
        documents: Sequence[Document],
        indexes: dict[str, Assembly],
        active: tuple[ActiveFault, ...],
    ) -> RetrievalEngine:
        encoder = self._foundation.embedder
        cuts = SectionChunker(encoder.count_tokens)
        healthy = _Indexed(documents, cuts, encoder, HnswSettings())
        # The healthy index is opened in any case and first: a model in this process then
        # reads a text with the same embeddings whichever faults are active.
        first = self._index(healthy, indexes)
        knowing = KnowingEmbedder(encoder, first.index.known)
        chosen = _Indexed(
            degrade_part(Seam.DOCUMENTS, documents, active),
            degrade_part(Seam.CHUNKER, cuts, active),
            degrade_part(Seam.INDEX_EMBEDDER, knowing, active),
            degrade_part(Seam.INDEX_SETTINGS, healthy.settings, active),
        )
        assembly = self._index(chosen, indexes, first)
        asking = degrade_part(Seam.QUERY_EMBEDDER, encoder, active)
        found = assembly.parts if asking is encoder else assembly.asked_with(asking)
        parts = replace(
            found,
            index=degrade_part(Seam.INDEX, found.index, active),
            filter=degrade_part(Seam.FILTER, found.filter, active),
            reranker=degrade_part(Seam.RERANKER, found.reranker, active),
        )
        times = self._foundation.settings
        return RetrievalEngine(
            parts,
            self._telemetry,
            self._clock,
            SearchSettings(model=encoder.name),
            StageLatencies(
                embedding=times.embedding_seconds,
                query=times.query_seconds,
                rerank=times.rerank_seconds,
            ),
        )

    def _index(
        self, wanted: _Indexed, indexes: dict[str, Assembly], first: Assembly | None = None
    ) -> Assembly:
        """Open or build an index once; two sets of faults that index alike share it.

        ``first`` is the healthy one, None for itself.
        """
        cache = self._cache.with_settings(wanted.settings)
        key = cache.fingerprint(wanted.documents, wanted.chunker, wanted.embedder)
        if key not in indexes:
            foundation = self._foundation
            # The model reads the same texts and need not encode them again, but it never
            # reads with what another encoder has put into an index.
            shared = wanted.embedder.fingerprint == foundation.embedder.fingerprint
            tokens = foundation.token_store if shared else TokenStore(foundation.embedder)
            indexes[key] = assemble(
                wanted.documents,
                wanted.chunker,
                wanted.embedder,
                cache,
                tokens=tokens,
                cross_encoder=foundation.settings.cross_encoder,
                progress=foundation.progress,
                beside=None if first is None else first.index.known,
            )
            if first is not None and not shared:
                tokens.add_table(first.index.tokens)
        return indexes[key]


@dataclass(frozen=True, slots=True)
class _Opened:
    """One collection as it is searched: which state of it, and the indexes by fingerprint."""

    version: str
    assemblies: Assemblies[RetrievalEngine]
    indexes: dict[str, Assembly]


@dataclass(frozen=True, slots=True)
class _Indexed:
    """What decides an index: its documents, how they are cut and encoded, and its graph."""

    documents: Sequence[Document]
    chunker: Chunker
    embedder: Embedder
    settings: HnswSettings
