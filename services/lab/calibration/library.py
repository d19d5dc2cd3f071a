"""The company's passages as an experiment needs them: gold ones, near misses, filler, searches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from agents.entities import EntityFinder
from corpus.assembly import assemble
from corpus.chunking import SectionChunker
from corpus.index_cache import IndexCache, Progress
from corpus.ledger import World
from corpus.luck import Luck
from corpus.ports import Chunk, Embedder, Query
from corpus.questions import Question
from corpus.retrieval import RetrievalEngine, SearchSettings
from corpus.token_store import TokenStore
from observability.telemetry import Telemetry
from services.foundation import Foundation
from services.virtual_time import VirtualClock, run_virtual
from services.wiring_gateway import gazetteer

DEEP = SearchSettings(dense=90, lexical=90, candidates=60)
"""A search deep enough for forty passages."""
_POOL = 420
"""Passages that filler is taken from: few enough to be remembered, enough for 32,000 tokens."""


@dataclass(frozen=True)
class Library:
    """Passages by document, with the application's own search over them."""

    world: World
    chunks: Sequence[Chunk]
    engine: RetrievalEngine
    finder: EntityFinder
    embedder: Embedder
    tokens: TokenStore
    by_doc: dict[str, list[Chunk]] = field(default_factory=dict)
    by_kind: dict[str, list[Chunk]] = field(default_factory=dict)
    pool: list[Chunk] = field(default_factory=list)
    _found: dict[tuple[str, bool], list[Chunk]] = field(default_factory=dict)
    _nearest: dict[tuple[str, int], list[Chunk]] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        world: World,
        chunks: Sequence[Chunk],
        engine: RetrievalEngine,
        finder: EntityFinder,
        embedder: Embedder,
        tokens: TokenStore,
    ) -> Library:
        """Return the library of a world's chunks."""
        by_doc: dict[str, list[Chunk]] = defaultdict(list)
        by_kind: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in sorted(chunks, key=lambda c: (c.doc_id, c.ordinal)):
            by_doc[chunk.doc_id].append(chunk)
            by_kind[kind_of(chunk)].append(chunk)
        luck = Luck(world.settings.seed).child("filler")
        pool = sorted(chunks, key=lambda c: luck.uniform(c.id))[:_POOL]
        return cls(
            world, chunks, engine, finder, embedder, tokens, dict(by_doc), dict(by_kind), pool
        )

    def gold(self, question: Question) -> Chunk | None:
        """Return the passage that holds all of a question's evidence, None if there is none."""
        documents = {evidence.doc_id for evidence in question.evidence}
        if len(documents) != 1:
            return None
        spans = [_plain(evidence.span) for evidence in question.evidence]
        for chunk in self.by_doc.get(documents.pop(), ()):
            if all(span in _plain(chunk.text) for span in spans):
                return chunk
        return None

    def search(self, question: Question, filtered: bool) -> list[Chunk]:
        """Return passages for a question, best first; ``filtered`` keeps to whom it is about."""
        key = (question.text, filtered)
        if key not in self._found:
            entities = self.finder.find(question.text) if filtered else []
            query = Query(question.text, entities, top_k=DEEP.candidates)
            found = run_virtual(self.engine.search(query))
            self._found[key] = [passage.chunk for passage in found]
        return self._found[key]

    def nearest(self, question: Question, count: int) -> list[Chunk]:
        """Return the passages nearest to a question by their vectors alone, best first."""
        key = (question.text, count)
        if key not in self._nearest:
            parts = self.engine.parts
            hits = parts.index.search(parts.embedder.embed([question.text])[0], count, None)
            self._nearest[key] = [hit.chunk for hit in hits]
        return self._nearest[key]

    def near_misses(self, question: Question, gold: Chunk, count: int) -> list[Chunk]:
        """Return passages that resemble what is asked for and are not it, hardest first.

        They are what a search over everything returns without the gold
        document, then others of the gold document's kind.
        """
        found = [c for c in self.search(question, filtered=False) if c.doc_id != gold.doc_id]
        luck = Luck(0).child("near", question.id)
        known = {chunk.id for chunk in found}
        if len(found) < count:
            alike = [
                c
                for c in self.by_kind[kind_of(gold)]
                if c.doc_id != gold.doc_id and c.id not in known
            ]
            found = found + sorted(alike, key=lambda c: luck.uniform(c.id))[: count - len(found)]
        return found[:count]

    def filler(self, question: Question, gold: Chunk) -> Iterator[Chunk]:
        """Yield passages of other kinds of documents on other things, in an order of its own."""
        luck = Luck(0).child("filler", question.id)
        about = _about(gold)
        for chunk in sorted(self.pool, key=lambda c: luck.uniform(c.id)):
            if kind_of(chunk) != kind_of(gold) and not (about & _about(chunk)):
                yield chunk

    def size(self, chunk: Chunk) -> int:
        """Return a passage's length in tokens."""
        if chunk.id not in self._sizes:
            self._sizes[chunk.id] = self.embedder.count_tokens(chunk.text)
        return self._sizes[chunk.id]


def kind_of(chunk: Chunk) -> str:
    """Return the kind of document that a passage is from."""
    return str(chunk.metadata.get("doc_type", ""))


def _about(chunk: Chunk) -> set[str]:
    keys = ("vendor_id", "invoice_id", "po_id")
    return {str(chunk.metadata[key]) for key in keys if chunk.metadata.get(key)}


def _plain(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def open_library(foundation: Foundation, progress: Progress | None = None) -> Iterator[Library]:
    """Open the company's documents and their index, which is built if it is not there."""
    settings = foundation.settings
    clock = VirtualClock(0)
    telemetry, _ = Telemetry.in_memory("calibration", clock)
    chunker = SectionChunker(foundation.embedder.count_tokens)
    assembly = assemble(
        foundation.world.documents(),
        chunker,
        foundation.embedder,
        IndexCache(settings.home / "index"),
        tokens=foundation.token_store,
        progress=progress,
    )
    yield Library.of(
        foundation.world.world(),
        assembly.index.chunks,
        RetrievalEngine(assembly.parts, telemetry, clock, DEEP),
        EntityFinder(gazetteer(foundation.ledger)),
        foundation.embedder,
        foundation.token_store,
    )
