"""What an encoder has made of the texts of an index, for another index of much the same texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from corpus.embedding import EncodedText, SinglePassEmbedder
from corpus.ports import Chunk, Embedder, TokenEmbeddings, Vector
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

    def holds(self, text: str, tokens: TokenEmbeddings) -> bool:
        """Tell whether these very token embeddings are here under this text."""
        held = self._tokens.get(text)
        return held is not None and np.array_equal(held.vectors, tokens.vectors)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {chunk.text: row for row, chunk in enumerate(self._chunks)}


class KnowingEmbedder:
    """Encodes no text again that is known; the known ones keep their vectors to the last bit.

    ``known`` must come from this encoder. What is asked beyond the protocol is the encoder's.
    """

    def __init__(self, encoder: Embedder, known: KnownTexts) -> None:
        self._encoder = encoder
        self._known = known

    def __getattr__(self, name: str) -> Any:
        if name == "_encoder":
            # Not set yet, as while a copy is made: asking on would never end.
            raise AttributeError(name)
        return getattr(self._encoder, name)

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        return self._encoder.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._encoder.count_tokens(text)

    def embed(self, texts: Sequence[str]) -> Vector:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for place, encoded in self.stream(texts):
            vectors[place] = encoded.vector
        return vectors

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        found = {place: encoded.tokens for place, encoded in self.stream(texts)}
        return [found[place] for place in range(len(texts))]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, EncodedText]]:
        """Yield (position in ``texts``, encoding) of every text, the known ones first."""
        new = []
        for place, text in enumerate(texts):
            found = self._known.get(text)
            if found is None:
                new.append(place)
            else:
                yield place, found
        for at, encoded in encodings(self._encoder, [texts[place] for place in new]):
            yield new[at], encoded


_BATCH = 256


def encodings(embedder: Embedder, texts: Sequence[str]) -> Iterator[tuple[int, EncodedText]]:
    """Yield (position in ``texts``, encoding) of every text, in one pass where that can be."""
    if isinstance(embedder, SinglePassEmbedder):
        yield from embedder.stream(texts)
        return
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        pairs = zip(embedder.embed(batch), embedder.tokens(batch), strict=True)
        for offset, (vector, tokens) in enumerate(pairs):
            yield start + offset, EncodedText(vector, tokens)
