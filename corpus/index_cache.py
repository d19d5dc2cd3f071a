"""Indexes on disk, named by what went into them, built once and never half-visible."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from corpus.errors import (
    CorruptIndexError,
    DefinitionError,
    ForeignIndexError,
    IndexMissingError,
)
from corpus.index import ChromaIndex, ChromaServer, HnswSettings, connect, disconnect, fill
from corpus.index_use import IndexUse, mark_used
from corpus.known_texts import KnownTexts, encodings
from corpus.metadata import MetadataTable, indexed_metadata
from corpus.ports import Chunk, Chunker, Document, Embedder, Vector
from corpus.token_store import KEYS, OFFSETS, VECTORS, TokenTable, TokenTableWriter

MANIFEST = "manifest.json"
CHUNKS = "chunks.jsonl"
SENTENCE_VECTORS = "vectors.npy"
CHROMA = "chroma"
_DATA = (CHUNKS, SENTENCE_VECTORS, VECTORS, OFFSETS, KEYS)
_CHECKED = (CHUNKS, SENTENCE_VECTORS, KEYS)
ENTRIES = frozenset({MANIFEST, CHROMA, *_DATA})
"""All that a folder of an index can hold; a folder with anything else is not ours."""
KIND = "stillgreen-index"
FORMAT = 3

Progress = Callable[[int, int], None]
"""Called with (chunks done, chunks in all) while an index is being built."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index that is ready: its chunks, the vectors in Chroma, the token embeddings.

    ``known`` are the encodings of its texts, for an index of much the same documents.
    While ``use`` lives, no other process removes its files.
    """

    fingerprint: str
    chunks: Sequence[Chunk]
    table: MetadataTable
    vectors: ChromaIndex
    tokens: TokenTable
    known: KnownTexts
    use: IndexUse | None = None


class IndexCache:
    """The folder that holds one index for each combination of documents, chunker and encoder.

    An index is built under another name and renamed when it is whole, with
    its manifest written last; a lock keeps two processes from building the
    same one. A damaged index is built again; a folder with anything else in
    it is never touched (``ForeignIndexError``).
    """

    def __init__(
        self,
        root: Path,
        *,
        server: ChromaServer | None = None,
        hnsw: HnswSettings | None = None,
    ) -> None:
        self._root = root
        self._server = server
        self._hnsw = hnsw or HnswSettings()

    def with_settings(self, hnsw: HnswSettings) -> IndexCache:
        """Return the same folder for indexes with another graph."""
        return IndexCache(self._root, server=self._server, hnsw=hnsw)

    def fingerprint(
        self, documents: Iterable[Document], chunker: Chunker, embedder: Embedder
    ) -> str:
        """Return the name of the index of these documents under this chunker and encoder."""
        digest = hashlib.blake2b(digest_size=10)
        for part in (
            str(FORMAT),
            chunker.fingerprint,
            embedder.fingerprint,
            self._hnsw.fingerprint,
        ):
            digest.update(part.encode() + b"\x00")
        for document in documents:
            line = [document.id, document.title, document.text, dict(document.metadata)]
            digest.update(json.dumps(line, sort_keys=True).encode() + b"\x00")
        return digest.hexdigest()

    def open_or_build(
        self,
        documents: Sequence[Document],
        chunker: Chunker,
        embedder: Embedder,
        progress: Progress | None = None,
        beside: KnownTexts | None = None,
    ) -> OpenIndex:
        """Return the index of the documents, building it if it is missing or damaged.

        Token embeddings that are in ``beside`` are not written once more: whoever
        uses the index looks there too. Raises ``DefinitionError`` if there is
        nothing to index and ``ForeignIndexError`` if something else stands in its
        place.
        """
        fingerprint = self.fingerprint(documents, chunker, embedder)
        try:
            return self.open(fingerprint, embedder.dimension)
        except IndexMissingError:
            pass
        except CorruptIndexError as error:
            _log.warning("building an index again: %s", error)
        self._root.mkdir(parents=True, exist_ok=True)
        with FileLock(lock_path(self._root, fingerprint)):
            try:
                # Another process may have built it while this one waited.
                return self.open(fingerprint, embedder.dimension)
            except IndexMissingError:
                pass
            except CorruptIndexError:
                shutil.rmtree(self._root / fingerprint)
            self._build(fingerprint, documents, chunker, embedder, progress, beside)
        return self.open(fingerprint, embedder.dimension)

    def has(self, fingerprint: str) -> bool:
        """Say whether an index of this name has been built (not whether it is whole)."""
        return (self._root / fingerprint / MANIFEST).is_file()

    def open(self, fingerprint: str, dimension: int) -> OpenIndex:
        """Open a built index.

        Raises ``IndexMissingError``, ``CorruptIndexError`` or ``ForeignIndexError``.
        """
        folder = self._root / fingerprint
        use = mark_used(self._root, fingerprint) if folder.exists() else None
        self._verify(folder, fingerprint)
        try:
            chunks = [_chunk(json.loads(line)) for line in _lines(folder / CHUNKS)]
            vectors: Vector = np.load(folder / SENTENCE_VECTORS, mmap_mode="r")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorruptIndexError(f"{folder} cannot be read ({error}): build it again") from error
        if vectors.shape != (len(chunks), dimension):
            raise CorruptIndexError(f"{folder} holds vectors of another shape: build it again")
        records = indexed_metadata(chunks)
        table = MetadataTable(records)
        client = connect(folder / CHROMA, self._server)
        name = _collection_name(fingerprint)
        held = vectors if self._hnsw.compares else None
        try:
            index = ChromaIndex.open(client, name, chunks, held, table)
        except CorruptIndexError:
            if self._server is None:
                disconnect(client)
                raise
            # A server may have lost, or never had, what this folder can give it again.
            fill(client, name, records, vectors, self._hnsw)
            index = ChromaIndex.open(client, name, chunks, held, table)
        tokens = TokenTable(folder, dimension)
        known = KnownTexts(chunks, vectors, tokens)
        return OpenIndex(fingerprint, chunks, table, index, tokens, known, use)

    def _verify(self, folder: Path, fingerprint: str) -> None:
        if not folder.exists():
            raise IndexMissingError(f"no index at {folder}: run `stillgreen index`")
        entries = {entry.name for entry in folder.iterdir()} if folder.is_dir() else {folder.name}
        if not folder.is_dir() or not entries <= ENTRIES:
            raise ForeignIndexError(
                f"{folder} is not an index of this program: move it away, "
                "or set another data folder"
            )
        try:
            manifest = json.loads((folder / MANIFEST).read_text())
            files = dict(manifest["files"])
            kind, held = manifest["kind"], manifest["fingerprint"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorruptIndexError(
                f"{folder} has no readable manifest ({error}): build it again"
            ) from error
        if kind != KIND or held != fingerprint:
            raise ForeignIndexError(
                f"{folder} holds another index than its name says: move it away"
            )
        for name in _DATA:
            if _signature(folder / name) != files.get(name):
                raise CorruptIndexError(f"{folder / name} is damaged or missing: build it again")

    def _build(
        self,
        fingerprint: str,
        documents: Sequence[Document],
        chunker: Chunker,
        embedder: Embedder,
        progress: Progress | None,
        beside: KnownTexts | None,
    ) -> None:
        folder = unfinished_path(self._root, fingerprint)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        chunks = [chunk for document in documents for chunk in chunker.chunk(document)]
        if not chunks:
            raise DefinitionError("there is no text to index: the collection is empty")
        with (folder / CHUNKS).open("w") as file:
            file.writelines(json.dumps(asdict(chunk), default=dict) + "\n" for chunk in chunks)
        vectors = np.empty((len(chunks), embedder.dimension), dtype=np.float32)
        with TokenTableWriter(folder) as table:
            texts = [chunk.text for chunk in chunks]
            for done, (row, encoded) in enumerate(encodings(embedder, texts), start=1):
                vectors[row] = encoded.vector
                if beside is None or not beside.holds(texts[row], encoded.tokens):
                    table.add(texts[row], encoded.tokens)
                if progress is not None:
                    progress(done, len(chunks))
        np.save(folder / SENTENCE_VECTORS, vectors)
        client = connect(folder / CHROMA, self._server)
        fill(client, _collection_name(fingerprint), indexed_metadata(chunks), vectors, self._hnsw)
        if self._server is None:
            disconnect(client)
        manifest = {
            "kind": KIND,
            "format": FORMAT,
            "fingerprint": fingerprint,
            "chunker": chunker.fingerprint,
            "embedder": embedder.fingerprint,
            "documents": len(documents),
            "chunks": len(chunks),
            "tokens": table.tokens,
            "files": {name: _signature(folder / name) for name in _DATA},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=2))
        folder.rename(self._root / fingerprint)


def lock_path(root: Path, fingerprint: str) -> Path:
    """Return the file that is locked while an index is built or removed."""
    return root / f".{fingerprint}.lock"


def unfinished_path(root: Path, fingerprint: str) -> Path:
    """Return where an index is before it is whole."""
    return root / f".{fingerprint}.unfinished"


def _signature(path: Path) -> str:
    """Return size and, for the smaller files, digest: enough to see damage, cheap to check."""
    if not path.is_file():
        return "missing"
    size = path.stat().st_size
    if path.name not in _CHECKED:
        return f"{size}"
    with path.open("rb") as file:
        return f"{size}:{hashlib.file_digest(file, 'blake2b').hexdigest()[:32]}"


def _chunk(fields: dict[str, Any]) -> Chunk:
    return Chunk(**fields)


def _lines(path: Path) -> Iterator[str]:
    with path.open() as file:
        yield from file


def _collection_name(fingerprint: str) -> str:
    return f"chunks-{fingerprint}"
