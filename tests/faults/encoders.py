"""Encoders and indexes as small as they can be, for faults of embedding and index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from corpus.luck import Luck
from corpus.ports import Chunk, Hit, Metadata, Vector
from tests.corpus.fakes import HashingEmbedder


class VariableEmbedder(HashingEmbedder):
    """Can be changed as a model can; the variant turns every vector round.

    ``model`` is what a change is shown: two layers, nothing else.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._name = name
        self.layers = SimpleNamespace(layer=["first", "second"])

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        return f"hashing-1 {self._name}".strip()

    @property
    def model(self) -> Any:
        return [SimpleNamespace(auto_model=SimpleNamespace(encoder=self.layers))]

    def varied(self, name: str, change: Callable[[Any], None]) -> VariableEmbedder:
        other = VariableEmbedder(name)
        change(other.model)
        return other

    def embed(self, texts: Sequence[str]) -> Vector:
        self.encoded.extend(texts)
        vectors = super().embed(texts) if texts else np.empty((0, self.dimension), np.float32)
        return -vectors if self._name else vectors


class ThreeHits:
    """Finds the same three chunks for everything, the nearest first."""

    name = "three hits"

    def count(self) -> int:
        return 3

    def search(
        self, vector: Vector, limit: int, where: Metadata | None, luck: Luck | None = None
    ) -> list[Hit]:
        scores = (0.9, 0.6, 0.2)
        return [Hit(Chunk(f"c{n}", "d", "", "", "", n, 0, 0), s) for n, s in enumerate(scores)]
