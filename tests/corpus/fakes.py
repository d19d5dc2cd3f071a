"""A small encoder that needs no weights: words hashed to directions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from corpus.ports import TokenEmbeddings, Vector

DIMENSION = 32


class HashingEmbedder:
    """Gives every word a direction of its own; a text is the sum of its words."""

    fingerprint = "hashing-1"
    dimension = DIMENSION
    max_tokens = 254

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text))

    def embed(self, texts: Sequence[str]) -> Vector:
        return np.array([self._one(text) for text in texts], dtype=np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        self.encoded.extend(texts)
        found = []
        for text in texts:
            spans = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
            vectors = [_direction(text[start:end].lower()) for start, end in spans]
            found.append(
                TokenEmbeddings(
                    np.array(vectors, dtype=np.float16).reshape(-1, DIMENSION),
                    np.array(spans, dtype=np.int32).reshape(-1, 2),
                )
            )
        return found

    def _one(self, text: str) -> Vector:
        words = re.findall(r"\w+", text.lower()) or [""]
        total = np.sum([_direction(word) for word in words], axis=0)
        vector: Vector = (total / np.linalg.norm(total)).astype(np.float32)
        return vector


def _direction(word: str) -> Vector:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
    vector = np.random.default_rng(seed).normal(size=DIMENSION)
    unit: Vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit
