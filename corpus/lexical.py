"""BM25 search over chunks, with identifiers and amounts kept as one word."""

from __future__ import annotations

import re
from collections.abc import Sequence

import bm25s
import numpy as np

from corpus.filtering import MetadataTable
from corpus.ports import Chunk, Hit, Metadata

# An amount, then a word that may hold hyphens, dots and slashes inside (INV-2026-0133, 30.06.2026).
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[-./][^\W_]+)*")
_PART = re.compile(r"[-./]")

_STOP_WORDS = frozenset(
    """
    a an and any are as at be been but by can could did do does for from had has have how i if in
    into is it its me my of on or our please say says so tell than that the their them then there
    these they this to us was we were what when where which who whom why will with would you your
    """.split()  # noqa: SIM905 - sixty words read better as text
)


def words(text: str) -> list[str]:
    """Return the case-folded words of a text, stop words left out.

    A compound with a digit in it is an identifier and stays whole; another
    compound gives its parts as well (``three-way``, ``three``, ``way``).
    """
    found: list[str] = []
    for word, _, _ in words_at(text):
        found.append(word)
        parts = _PART.split(word)
        if len(parts) > 1 and not any(character.isdigit() for character in word):
            found.extend(part for part in parts if part not in _STOP_WORDS)
    return found


def words_at(text: str) -> list[tuple[str, int, int]]:
    """Return the case-folded whole words of a text with their offsets, stop words left out."""
    return [
        (word, match.start(), match.end())
        for match in _WORD.finditer(text)
        if (word := match.group().casefold()) not in _STOP_WORDS
    ]


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
