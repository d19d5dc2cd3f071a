"""What the corpus package asks of its parts, and the values that they exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.luck import Luck

Vector = npt.NDArray[np.float32]
"""A float32 array: (dimension,) for one text, (n, dimension) for n texts."""

Metadata = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a collection: Markdown text and what is known about it.

    Metadata keys of the company's own documents: ``doc_type`` (invoice,
    agreement, purchase_order, goods_receipt, match_report, approval, email,
    payment_run, policy, …), ``date`` (ISO), and where the document is about
    one of them ``vendor_id``, ``vendor``, ``invoice_id``, ``po_id``.
    """

    id: str
    title: str
    text: str
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document as it is embedded and shown to a model.

    ``text`` is what is embedded and what a reader sees (heading context
    included); ``start`` and ``end`` are the character offsets of the piece in
    the document's own text.
    """

    id: str
    doc_id: str
    title: str
    section: str
    text: str
    ordinal: int
    start: int
    end: int
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk with the scores of each stage; ``score`` is the last one."""

    chunk: Chunk
    score: float
    similarity: float
    lexical: float = 0.0
    fused: float = 0.0


@dataclass(frozen=True, slots=True)
class Entity:
    """Something with a name of its own that a question mentions.

    ``kind`` is ``vendor``, ``invoice`` or ``purchase_order``; ``id`` is its
    key in the ledger; ``name`` is how it is called.
    """

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Query:
    """One search: what is asked, about whom, where, how many, and with what luck."""

    text: str
    entities: Sequence[Entity] = ()
    collection: str = "finance"
    top_k: int = 5
    luck: Luck = field(default_factory=lambda: Luck(0))


@dataclass(frozen=True, slots=True)
class TokenEmbeddings:
    """Contextual embeddings of one text's word pieces, unit length, with offsets.

    ``vectors`` has shape (tokens, dimension); ``offsets[i]`` are the character
    offsets of token i in the text. Special tokens are left out.
    """

    vectors: npt.NDArray[np.float16]
    offsets: npt.NDArray[np.int32]


class Chunker(Protocol):
    """Cuts documents into chunks."""

    @property
    def fingerprint(self) -> str:
        """Name everything that decides its output, for the index cache's key."""
        ...

    def chunk(self, document: Document) -> list[Chunk]:
        """Return the document's chunks in reading order."""
        ...


class Embedder(Protocol):
    """Turns texts into unit vectors, and into token embeddings for late interaction."""

    @property
    def fingerprint(self) -> str:
        """Name model, weights and settings, for the index cache's key."""
        ...

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Return how many word pieces of a text are read; the rest is ignored."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of word pieces of a text, without special tokens."""
        ...

    def embed(self, texts: Sequence[str]) -> Vector:
        """Return one unit vector per text, shape (len(texts), dimension)."""
        ...

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        """Return the token embeddings of each text (of its first ``max_tokens``)."""
        ...


class TokenSource(Protocol):
    """Where token embeddings come from: an encoder, or a store in front of one."""

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        """Return the token embeddings of each text."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found by one search, with that search's own score."""

    chunk: Chunk
    score: float


class VectorIndex(Protocol):
    """Finds the chunks nearest to a vector."""

    def count(self) -> int:
        """Return the number of chunks held."""
        ...

    def search(
        self, vector: Vector, limit: int, where: Metadata | None, luck: Luck | None = None
    ) -> list[Hit]:
        """Return up to ``limit`` hits, best cosine similarity first.

        ``where`` is a Chroma predicate on chunk metadata, or None for all;
        ``luck`` is the request's, for an index that needs any. Raises
        ``SearchError`` if the index does not answer.
        """
        ...


class LexicalIndex(Protocol):
    """Finds the chunks that share rare words with a text."""

    def search(self, text: str, limit: int, where: Metadata | None) -> list[Hit]:
        """Return up to ``limit`` hits, best first, under the same predicate."""
        ...


class MetadataFilter(Protocol):
    """Turns what a query is about into a predicate on chunk metadata."""

    def predicate(self, query: Query) -> Metadata | None:
        """Return a Chroma ``where`` predicate, or None to search everything."""
        ...


class Reranker(Protocol):
    """Puts candidate passages into a better order."""

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        """Return all passages with new scores, best first."""
        ...
