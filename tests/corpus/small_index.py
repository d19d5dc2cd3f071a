"""An index of one document, built in a moment."""

from __future__ import annotations

import gc
from pathlib import Path

from corpus.chunking import SectionChunker
from corpus.index_cache import IndexCache
from corpus.ports import Document
from tests.corpus.fakes import HashingEmbedder

EMBEDDER = HashingEmbedder()
CHUNKER = SectionChunker(EMBEDDER.count_tokens)


def build(root: Path, about: str = "one") -> None:
    """Build or open the index of a document about something, and let go of it."""
    documents = [Document("D-1", "Doc", f"# Doc\n\nText about {about}.\n", {})]
    IndexCache(root).open_or_build(documents, CHUNKER, EMBEDDER)
    gc.collect()
