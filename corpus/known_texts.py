"""What an encoder has made of the texts of an index, for another index of the same texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from corpus.embedding import EncodedText
from corpus.ports import Chunk, Vector
from corpus.token_store import TokenTable


class KnownTexts:
    """The encodings of an index, by text; they are read when they are asked for."""

    def __init__(self, chunks: Sequence[Chunk], vectors: Vector, tokens: TokenTable) -> None:
        """Take an index's chunks, its vectors of shape (chunks, dimension), and its table."""
        self._chunks = chunks
        self._vectors = vectors
        self._tokens = tokens

    def get(self, text: str) -> EncodedText | None:
        """Return the encoding of exactly this text, or None."""
        row = self._rows.get(text)
        tokens = None if row is None else self._tokens.get(text)
        return None if row is None or tokens is None else EncodedText(self._vectors[row], tokens)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {chunk.text: row for row, chunk in enumerate(self._chunks)}
