"""One search, end to end: embed, filter, query, fuse, rerank, with a span for each step."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from opentelemetry.trace import SpanKind

from corpus.errors import DefinitionError
from corpus.fusion import fuse
from corpus.ports import (
    Chunk,
    Chunker,
    Embedder,
    Hit,
    LexicalIndex,
    Metadata,
    MetadataFilter,
    Passage,
    Query,
    Reranker,
    Vector,
    VectorIndex,
)
from corpus.span_attributes import query_attributes, rerank_attributes, result_attributes
from observability.clock import Clock
from observability.telemetry import Telemetry, semconv
from observability.telemetry.telemetry import Value


@dataclass(frozen=True, slots=True)
class RetrievalParts:
    """The parts of a search. ``chunker`` is the one whose chunks the indexes hold."""

    chunker: Chunker
    embedder: Embedder
    index: VectorIndex
    lexical: LexicalIndex
    filter: MetadataFilter
    reranker: Reranker


@dataclass(frozen=True, slots=True)
class StageLatencies:
    """What each stage takes on a served system, as the median in seconds.

    ``spread`` is the scale of the Gumbel noise on the logarithm: at 0.15 one
    request in twenty takes 1.5 times the median or more.
    """

    embedding: float = 0.015
    query: float = 0.010
    rerank: float = 0.030
    spread: float = 0.15

    def of(self, stage: str, median: float, query: Query) -> float:
        """Return the seconds that a stage takes for this query's luck."""
        noise = query.luck.gumbel("latency", stage) - _MEDIAN_GUMBEL
        return median * math.exp(self.spread * noise)


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How wide a search looks before it ranks.

    ``dense`` and ``lexical`` are the hits asked of each index, ``candidates``
    the fused passages that are reranked; ``lexical_weight`` is the share of
    the lexical score in the fused one. ``model`` is what telemetry calls the
    encoder.
    """

    dense: int = 40
    lexical: int = 40
    candidates: int = 24
    lexical_weight: float = 0.15
    model: str = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class RetrievalEngine:
    """Searches one collection with one set of parts."""

    parts: RetrievalParts
    telemetry: Telemetry
    clock: Clock
    settings: SearchSettings = SearchSettings()
    latencies: StageLatencies = StageLatencies()
    _token_counts: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    async def search(self, query: Query) -> list[Passage]:
        """Return up to ``query.top_k`` passages, best first.

        Raises ``DefinitionError`` for a query without text and ``SearchError``
        when the index fails.
        """
        if not query.text.strip():
            raise DefinitionError("the query is empty: send some text")
        if query.top_k < 1:
            raise DefinitionError(f"top_k is {query.top_k}: ask for at least one passage")
        opening: dict[str, Value | None] = {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_RETRIEVAL,
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_RETRIEVER,
            semconv.GEN_AI_DATA_SOURCE_ID: query.collection,
            semconv.GEN_AI_RETRIEVAL_TOP_K: query.top_k,
            semconv.QUERY_LENGTH: len(query.text),
            semconv.INDEX_SIZE: self.parts.index.count(),
            semconv.ENTITY_COUNT: len(query.entities),
            semconv.ENTITY_IDS: [entity.id for entity in query.entities],
        }
        with self.telemetry.span(f"{semconv.SPAN_RETRIEVAL} {query.collection}", opening) as span:
            span.content(semconv.GEN_AI_RETRIEVAL_QUERY_TEXT, query.text)
            span.content(semconv.INPUT_VALUE, query.text)
            vector = await self._embed(query)
            where = self._filter(query)
            dense = await self._query(query, vector, where)
            lexical = self.parts.lexical.search(query.text, self.settings.lexical, where)
            span.set(semconv.LEXICAL_RETURNED, len(lexical))
            span.set(semconv.LEXICAL_TOP_SCORE, lexical[0].score if lexical else None)
            candidates = self._fuse(vector, dense, lexical)
            span.set(semconv.RETRIEVAL_CANDIDATES, len(candidates))
            passages = (await self._rerank(query, candidates))[: query.top_k]
            span.update(result_attributes(passages, [self._tokens(p.chunk) for p in passages]))
            span.content(
                semconv.RETRIEVAL_CHUNK_TEXTS,
                lambda: json.dumps([p.chunk.text for p in passages], ensure_ascii=False),
            )
        return passages

    async def _embed(self, query: Query) -> Vector:
        attributes: dict[str, Value | None] = {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_EMBEDDINGS,
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_EMBEDDING,
            semconv.GEN_AI_PROVIDER_NAME: "sentence_transformers",
            semconv.GEN_AI_REQUEST_MODEL: self.settings.model,
            semconv.GEN_AI_EMBEDDINGS_DIMENSION_COUNT: self.parts.embedder.dimension,
        }
        with self.telemetry.span(
            f"{semconv.SPAN_EMBEDDINGS} {self.settings.model}", attributes
        ) as span:
            await self._wait("embedding", self.latencies.embedding, query)
            tokens = self.parts.embedder.count_tokens(query.text)
            span.set(semconv.GEN_AI_USAGE_INPUT_TOKENS, tokens)
            vector: Vector = self.parts.embedder.embed([query.text])[0]
        return vector

    def _filter(self, query: Query) -> Metadata | None:
        with self.telemetry.span(
            semconv.SPAN_FILTER, {semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN}
        ) as span:
            where = self.parts.filter.predicate(query)
            rows = self.parts.index.count()
            matching = _counted(self.parts.index, where)
            span.set(semconv.FILTER_PREDICATE, json.dumps(where or {}, sort_keys=True))
            span.set(semconv.FILTER_APPLIED, where is not None)
            span.set(semconv.FILTER_ROWS_IN, rows)
            span.set(semconv.FILTER_ROWS_OUT, rows if where is None else matching)
        return where

    async def _query(self, query: Query, vector: Vector, where: Metadata | None) -> list[Hit]:
        attributes = {
            semconv.DB_SYSTEM_NAME: "chroma",
            semconv.DB_COLLECTION_NAME: query.collection,
            semconv.DB_OPERATION_NAME: "query",
            semconv.DB_QUERY_SUMMARY: f"query {query.collection}",
        }
        name = f"{semconv.SPAN_QUERY} {query.collection}"
        with self.telemetry.span(name, attributes, kind=SpanKind.CLIENT) as span:
            await self._wait("query", self.latencies.query, query)
            hits = self.parts.index.search(vector, self.settings.dense, where, query.luck)
            span.set(semconv.DB_RESPONSE_RETURNED_ROWS, len(hits))
            span.update(query_attributes(hits))
        return hits

    def _fuse(self, vector: Vector, dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[Passage]:
        met = {hit.chunk.id for hit in dense}
        only_lexical = [hit.chunk for hit in lexical if hit.chunk.id not in met]
        known = _compared(self.parts.index, vector, only_lexical)
        similarities = {hit.chunk.id: hit.score for hit in dense}
        if known is not None:
            similarities.update(
                (chunk.id, score) for chunk, score in zip(only_lexical, known, strict=True)
            )
        fused = fuse(dense, lexical, similarities, self.settings.lexical_weight)
        return fused[: self.settings.candidates]

    async def _rerank(self, query: Query, candidates: Sequence[Passage]) -> list[Passage]:
        attributes: dict[str, Value | None] = {
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_RERANKER,
            semconv.RERANK_MODEL: getattr(self.parts.reranker, "name", None) or "late-interaction",
            semconv.RERANK_INPUT_COUNT: len(candidates),
        }
        with self.telemetry.span(semconv.SPAN_RERANK, attributes) as span:
            await self._wait("rerank", self.latencies.rerank, query)
            passages = self.parts.reranker.rerank(query, candidates)
            span.update(rerank_attributes(candidates, passages))
        return passages

    async def _wait(self, stage: str, median: float, query: Query) -> None:
        await self.clock.sleep(self.latencies.of(stage, median, query))

    def _tokens(self, chunk: Chunk) -> int:
        count = self._token_counts.get(chunk.id)
        if count is None:
            count = self._token_counts[chunk.id] = self.parts.embedder.count_tokens(chunk.text)
        return count


def _counted(index: VectorIndex, where: Metadata | None) -> int | None:
    """Return how many chunks satisfy a predicate, None from an index that cannot tell."""
    matching: Callable[[Metadata | None], int] | None = getattr(index, "matching", None)
    return None if matching is None else matching(where)


def _compared(index: VectorIndex, vector: Vector, chunks: Sequence[Chunk]) -> list[float] | None:
    """Return the similarity of chunks, None from an index that knows only what it found."""
    similarities: Callable[[Vector, Sequence[Chunk]], list[float] | None] | None
    similarities = getattr(index, "similarities", None)
    return None if similarities is None else similarities(vector, chunks)


_MEDIAN_GUMBEL = -math.log(math.log(2.0))
