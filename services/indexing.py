"""Builds indexes ahead of the first question, with the settings that the services use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.settings import Settings

if TYPE_CHECKING:
    from corpus.ports import Document


@dataclass(frozen=True, slots=True)
class Indexed:
    """An index that is on disk now; ``built`` is False if it was there before."""

    fingerprint: str
    documents: int
    chunks: int
    built: bool


def index_documents(
    settings: Settings,
    documents: Sequence[Document],
    progress: Callable[[int, int], None] | None = None,
) -> Indexed:
    """Build the index of the documents, or find it; raises a ``CorpusError``."""
    from corpus.chunking import SectionChunker  # noqa: PLC0415 - heavy import
    from corpus.embedding import SentenceTransformerEmbedder  # noqa: PLC0415
    from corpus.encoder_weights import SHIPPED_MODEL  # noqa: PLC0415
    from corpus.index import ChromaServer  # noqa: PLC0415
    from corpus.index_cache import IndexCache  # noqa: PLC0415

    embedder = SentenceTransformerEmbedder(
        settings.encoder or SHIPPED_MODEL, threads=settings.threads
    )
    chunker = SectionChunker(embedder.count_tokens)
    server = ChromaServer.at(settings.chroma_url) if settings.chroma_url else None
    cache = IndexCache(settings.home / "index", server=server)
    fingerprint = cache.fingerprint(documents, chunker, embedder)
    known = cache.has(fingerprint)
    index = cache.open_or_build(documents, chunker, embedder, progress)
    return Indexed(fingerprint, len(documents), len(index.chunks), built=not known)
