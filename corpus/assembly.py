"""Puts the healthy parts of a search together for one collection of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.filtering import EntityFilter, EntityLinks
from corpus.index_cache import IndexCache, OpenIndex, Progress
from corpus.known_texts import KnownTexts
from corpus.lexical import Bm25Index
from corpus.ports import Chunker, Document, Embedder, Reranker
from corpus.reranking import CrossEncoderReranker, LateInteractionReranker, WordWeights
from corpus.retrieval import RetrievalParts
from corpus.token_store import TokenStore


@dataclass(frozen=True, slots=True)
class Assembly:
    """A collection that is ready to be searched: its parts and the index behind them."""

    parts: RetrievalParts
    index: OpenIndex
    tokens: TokenStore

    def asked_with(self, encoder: Embedder) -> RetrievalParts:
        """Return the parts for questions that another encoder reads.

        What encodes a question for the vector search encodes it for late
        interaction too: both come out of the same pass.
        """
        reranker = self.parts.reranker
        if isinstance(reranker, LateInteractionReranker):
            reranker = reranker.asked_with(encoder)
        return replace(self.parts, embedder=encoder, reranker=reranker)


def assemble(
    documents: Sequence[Document],
    chunker: Chunker,
    embedder: Embedder,
    cache: IndexCache,
    *,
    tokens: TokenStore | None = None,
    cross_encoder: str = "",
    progress: Progress | None = None,
    beside: KnownTexts | None = None,
) -> Assembly:
    """Open or build the index of the documents and return the parts around it.

    ``tokens`` is a store to share, which is told of the index's token embeddings;
    ``cross_encoder`` names a cross-encoder to rerank with in place of late
    interaction; ``beside`` is known to the shared store already and is not written
    once more. Raises what ``IndexCache.open_or_build`` raises.
    """
    index = cache.open_or_build(documents, chunker, embedder, progress, beside)
    tokens = tokens or TokenStore(embedder)
    tokens.add_table(index.tokens)
    reranker: Reranker
    if cross_encoder:
        reranker = CrossEncoderReranker(cross_encoder)
    else:
        reranker = LateInteractionReranker(tokens, WordWeights.of(index.chunks))
    parts = RetrievalParts(
        chunker=chunker,
        embedder=embedder,
        index=index.vectors,
        lexical=Bm25Index(index.chunks, index.table),
        filter=EntityFilter(EntityLinks.of(index.chunks)),
        reranker=reranker,
    )
    return Assembly(parts, index, tokens)
