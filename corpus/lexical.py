"""BM25 search over chunks, with identifiers and amounts kept as one word."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np

from corpus.lexical_words import words
from corpus.metadata import MetadataTable
from corpus.ports import Chunk, Hit, Metadata


class Bm25Index:
    """BM25 (Lucene's variant) over the chunks' texts, built in memory."""

    def __init__(
        self, chunks: Sequence[Chunk], table: MetadataTable, *, k1: float = 1.2, b: float = 0.75
    ) -> None:
        self._chunks = chunks
        self._table = table
        self._words: dict[str, int] = {}
        rows = [
            [self._words.setdefault(word, len(self._words)) for word in words(chunk.text)]
            for chunk in chunks
        ]
        self._bm25 = bm25s.BM25(method="lucene", k1=k1, b=b)
        if self._words:
            self._bm25.index((rows, self._words), show_progress=False)

    def search(self, text: str, limit: int, where: Metadata | None) -> list[Hit]:
        asked = [self._words[word] for word in words(text) if word in self._words]
        if not asked:
            return []
        scores = np.asarray(self._bm25.get_scores_from_ids(asked), dtype=np.float64)
        scores = np.where(self._table.select(where), scores, 0.0)
        # A stable sort: chunks of one score come in reading order.
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Hit(self._chunks[row], float(scores[row])) for row in best if scores[row] > 0.0]
