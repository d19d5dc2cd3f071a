"""The vector index in Chroma, embedded or on a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from corpus.errors import CorruptIndexError, DefinitionError, SearchError
from corpus.luck import Luck
from corpus.metadata import CHUNK_ID, MetadataTable, Record
from corpus.ports import Chunk, Hit, Metadata, Vector

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_BATCH = 1_000
_LEAST_SYNC = 2
"""Chroma takes no smaller threshold."""


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server listens, instead of Chroma embedded in the process."""

    host: str
    port: int = 8000
    ssl: bool = False

    @classmethod
    def at(cls, url: str) -> ChromaServer:
        """Read host, port and scheme off a URL, or raise ``DefinitionError``."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DefinitionError(f"{url!r} is not the URL of a Chroma server")
        ssl = parts.scheme == "https"
        return cls(parts.hostname, parts.port or (443 if ssl else 8000), ssl)


@dataclass(frozen=True, slots=True)
class HnswSettings:
    """Chroma's graph: neighbours a node, and how many candidates are kept while searching.

    ``search_ef`` is far above what is asked for, so that the approximate
    search misses next to nothing at some thousands of chunks. With ``compares``
    the vectors are held beside the graph too, so that chunks which another
    search found can be compared with a question.
    """

    max_neighbors: int = 32
    construction_ef: int = 200
    search_ef: int = 400
    compares: bool = True

    @property
    def fingerprint(self) -> str:
        """Name the settings for the index cache's key."""
        # What is usual is not named, so that indexes keep the names that they had before.
        bare = "" if self.compares else ", compares=False"
        return (
            f"HnswSettings(max_neighbors={self.max_neighbors}, "
            f"construction_ef={self.construction_ef}, search_ef={self.search_ef}{bare})"
        )


def connect(folder: Path, server: ChromaServer | None) -> ClientAPI:
    """Return a client of the server, or of Chroma embedded in ``folder``.

    Raises ``SearchError`` if the server does not answer, ``CorruptIndexError``
    if the folder cannot be opened.
    """
    import chromadb  # noqa: PLC0415 - a second of import, paid at first use
    from chromadb.config import Settings  # noqa: PLC0415

    quiet = Settings(anonymized_telemetry=False)
    if server is not None:
        try:
            return chromadb.HttpClient(server.host, server.port, ssl=server.ssl, settings=quiet)
        except Exception as error:
            raise SearchError(
                f"no Chroma server answers at {server.host}:{server.port} ({error}): "
                "start it, or unset the Chroma host to use the embedded one"
            ) from error
    try:
        return chromadb.PersistentClient(folder, settings=quiet)
    except BaseException as error:  # Chroma's Rust part panics with an exception of its own
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise CorruptIndexError(
            f"Chroma cannot open {folder} ({error}): build the index again"
        ) from error


def disconnect(client: ClientAPI) -> None:
    """Close a client of an embedded Chroma.

    Chroma keeps one client per folder, and would go on using it for another
    index that is moved to the same place.
    """
    cast(Any, client).close()


def fill(
    client: ClientAPI, name: str, records: Sequence[Record], vectors: Vector, hnsw: HnswSettings
) -> None:
    """Create the collection and add all records, replacing a collection of that name.

    ``vectors`` has shape (records, dimension).
    """
    if name in {collection.name for collection in client.list_collections()}:
        client.delete_collection(name)
    unfinished = f"{name}.unfinished"
    if unfinished in {collection.name for collection in client.list_collections()}:
        client.delete_collection(unfinished)
    collection = client.create_collection(
        unfinished,
        configuration={
            "hnsw": {
                "space": "cosine",
                "max_neighbors": hnsw.max_neighbors,
                "ef_construction": hnsw.construction_ef,
                "ef_search": hnsw.search_ef,
                # Chroma writes its graph only after so many records, and whoever opens the folder
                # puts in what came after the last writing, in no fixed order: each process would
                # have another graph, and among near duplicates other results.
                "sync_threshold": max(_LEAST_SYNC, len(records)),
            }
        },
        embedding_function=None,
    )
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        collection.add(
            ids=[str(record[CHUNK_ID]) for record in batch],
            embeddings=vectors[start : start + _BATCH],
            metadatas=cast(Any, list(batch)),
        )
    # Only now does it get the name under which it is looked for.
    collection.modify(name=name)


class ChromaIndex:
    """A filled collection. Texts and metadata come from ``chunks``, not from Chroma."""

    def __init__(
        self,
        client: ClientAPI,
        collection: Collection,
        chunks: Sequence[Chunk],
        vectors: Vector | None,
        table: MetadataTable,
    ) -> None:
        self._client = client
        self._collection = collection
        self._chunks = chunks
        self._rows = {chunk.id: row for row, chunk in enumerate(chunks)}
        self._vectors = vectors
        self._table = table

    @classmethod
    def open(
        cls,
        client: ClientAPI,
        name: str,
        chunks: Sequence[Chunk],
        vectors: Vector | None,
        table: MetadataTable,
    ) -> ChromaIndex:
        """Return the index of that name, or raise ``CorruptIndexError`` if it is not whole.

        Without ``vectors`` it knows how near those chunks are that it finds, and no others.
        """
        from chromadb.errors import ChromaError  # noqa: PLC0415 - imported with the client

        try:
            collection = client.get_collection(name, embedding_function=None)
            held = collection.count()
        except (ChromaError, ValueError) as error:
            raise CorruptIndexError(
                f"Chroma holds no collection {name} ({error}): build the index again"
            ) from error
        if held != len(chunks):
            raise CorruptIndexError(
                f"Chroma's collection {name} holds {held} chunks and not {len(chunks)}: "
                "build the index again"
            )
        return cls(client, collection, chunks, vectors, table)

    def count(self) -> int:
        return len(self._chunks)

    def close(self) -> None:
        """Let go of what Chroma holds in memory; the index cannot be searched any more."""
        disconnect(self._client)

    def matching(self, where: Metadata | None) -> int:
        """Return how many chunks satisfy a predicate."""
        return int(self._table.select(where).sum())

    def search(
        self, vector: Vector, limit: int, where: Metadata | None, luck: Luck | None = None
    ) -> list[Hit]:
        # Chroma resolves a predicate anew for each query; naming the chunks takes half the time.
        allowed = None if where is None else np.flatnonzero(self._table.select(where))
        limit = min(limit, self.count() if allowed is None else len(allowed))
        if limit == 0:
            return []
        try:
            result = self._collection.query(
                query_embeddings=np.asarray(vector, dtype=np.float32).reshape(1, -1),
                n_results=limit,
                ids=None if allowed is None else [self._chunks[row].id for row in allowed.tolist()],
                include=["distances"],
            )
        except Exception as error:
            raise SearchError(f"the vector search failed: {error}") from error
        distances = (result["distances"] or [[]])[0]
        found = [
            (1.0 - float(distance), self._rows[chunk_id])
            for chunk_id, distance in zip(result["ids"][0], distances, strict=True)
        ]
        # Equal scores come in the chunks' order, whatever order Chroma met them in.
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return [Hit(self._chunks[row], score) for score, row in found]

    def similarities(self, vector: Vector, chunks: Sequence[Chunk]) -> list[float] | None:
        """Return the cosine similarity of chunks that another search found, or None."""
        if self._vectors is None:
            return None
        if not chunks:
            return []
        rows = [self._rows[chunk.id] for chunk in chunks]
        return [float(score) for score in np.asarray(self._vectors[rows]) @ vector]
