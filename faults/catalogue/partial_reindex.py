"""Part of the index holds vectors of another encoder.

Mechanism: a job was to move the vector store to a leaner build of the encoder,
cut down to its first layer. It encodes passage by passage in place, and it
stopped. Old and new vectors have the same dimension and lie in different
spaces, and questions are still encoded the old way. The new vectors are near
to nothing, so that what they stand for is hardly found by meaning any more and
crowded out of the candidates by what is. The token embeddings that reranking
uses are not part of the store and stay. Severity scales how far the job came,
up to half of the passages, where the mixture is worst.
Taxonomy: OWASP LLM08 (vector and embedding weaknesses), RAGEC E4 (missed
retrieval), FP2 (missed the top ranks).
A trace shows: two groups of similarities in one result, a lower mean of the
vector query, the same documents missing from every result, abstentions.
Cannot show it: index size and rows, which stay; latency; status codes; top-1
similarity of questions whose passages were not reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.embedding import EncodedText
from corpus.known_texts import encodings
from corpus.ports import TokenEmbeddings, Vector
from faults.base import PartFault, StandsIn, chosen_document
from faults.errors import WrongPart
from faults.fault import Layer, Seam, Severity

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FURTHEST = 0.5
"""The share of the passages that the job reached at severity 1."""


class MovesPartOfTheVectors(StandsIn):
    """Gives its share of the texts, chosen by a hash of the text, the other encoder's vector."""

    def __init__(self, healthy: Any, severity: Severity) -> None:
        if not hasattr(healthy, "varied"):
            raise WrongPart("partial_reindex needs an encoder whose layers can be cut down")
        self.healthy = healthy
        self._reached = Severity(FURTHEST * severity.value)
        self._other = healthy.varied("layers=1", keep_the_first_layer)

    @property
    def fingerprint(self) -> str:
        return (
            f"{self.healthy.fingerprint}, {self._reached.value:g} of it {self._other.fingerprint}"
        )

    def embed(self, texts: Sequence[str]) -> Vector:
        vectors = np.array(self.healthy.embed(texts), dtype=np.float32)
        moved = self._moved(texts)
        if moved:
            vectors[moved] = self._other.embed([texts[place] for place in moved])
        return vectors

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        found: list[TokenEmbeddings] = self.healthy.tokens(texts)
        return found

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, EncodedText]]:
        """Yield (position in ``texts``, encoding) of every text."""
        moved = self._moved(texts)
        vectors = self._other.embed([texts[place] for place in moved])
        new = dict(zip(moved, vectors, strict=True))
        for place, encoded in encodings(self.healthy, texts):
            yield place, EncodedText(new.get(place, encoded.vector), encoded.tokens)

    def _moved(self, texts: Sequence[str]) -> list[int]:
        return [
            place
            for place, text in enumerate(texts)
            if chosen_document("partial_reindex", text, self._reached)
        ]


def keep_the_first_layer(model: SentenceTransformer) -> None:
    """Cut a sentence-transformers model down to the first layer of its transformer."""
    transformer: Any = model[0].auto_model
    transformer.encoder.layer = transformer.encoder.layer[:1]


FAULT = PartFault(
    id="partial_reindex",
    seam=Seam.INDEX_EMBEDDER,
    layer=Layer.DATA,
    summary="part of the index holds vectors of another encoder",
    taxonomy=("OWASP LLM08", "RAGEC E4", "FP2"),
    shows_in=("mean score of the vector query", "spread of similarities", "abstentions"),
    blind=("index size", "rows returned", "latency", "status codes"),
    find="Similarities within one result fall into two groups with nothing between, and the "
    "passages of the lower one are low for every question. Their vectors were written by "
    "another version of the encoder.",
    fix="Encode the rest of the index, or all of it again; build into a new collection and swap "
    "it in when it is whole, with the encoder's version in the collection's name.",
    wrap=MovesPartOfTheVectors,
)
