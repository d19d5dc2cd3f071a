"""Encodings of single texts on disk, so that processes encode a text once between them."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from pathlib import Path

import numpy as np

from corpus.embedding import EncodedText
from corpus.ports import TokenEmbeddings

_WAIT_SECONDS = 5.0
_LOOK_EVERY = 200
"""Texts between two looks at how large the file has become."""


class EncodingCache:
    """A bounded SQLite file of encodings; the oldest go first.

    ``made_by`` names everything that a vector's last bits depend on; what
    another combination made is not found here. An encoding is kept as it is,
    so that it is the same whether it comes from here or from the encoder. A
    file that cannot be used is as good as an empty one.
    """

    def __init__(self, folder: Path, made_by: str, limit_bytes: int = 2 * 2**30) -> None:
        name = hashlib.blake2b(made_by.encode(), digest_size=8).hexdigest()
        self.path = folder / f"encodings-{name}.sqlite"
        self._limit = limit_bytes
        self._added = 0
        self._connection: sqlite3.Connection | None = None
        with contextlib.suppress(sqlite3.Error, OSError):
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = _open(self.path)

    def get(self, text: str) -> EncodedText | None:
        """Return a text's encoding, or None if it is not here."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(
                "SELECT vector, pieces, offsets FROM encodings WHERE key = ?", (_key(text),)
            ).fetchone()
        except sqlite3.Error:
            return None
        if row is None:
            return None
        # Copies, so that whoever gets them may do with them what he may do with the encoder's.
        vector = np.frombuffer(row[0], dtype=np.float32).copy()
        offsets = np.frombuffer(row[2], dtype=np.int32).reshape(-1, 2).copy()
        pieces = np.frombuffer(row[1], dtype=np.float16).reshape(len(offsets), len(vector)).copy()
        return EncodedText(vector, TokenEmbeddings(pieces, offsets))

    def add(self, text: str, encoded: EncodedText) -> None:
        """Keep a text's encoding."""
        if self._connection is None:
            return
        row = (
            _key(text),
            np.ascontiguousarray(encoded.vector, dtype=np.float32).tobytes(),
            np.ascontiguousarray(encoded.tokens.vectors, dtype=np.float16).tobytes(),
            np.ascontiguousarray(encoded.tokens.offsets, dtype=np.int32).tobytes(),
        )
        # Whoever finds no room or no turn encodes again; nothing else depends on it.
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("INSERT OR IGNORE INTO encodings VALUES (?, ?, ?, ?)", row)
            self._added += 1
            if self._added % _LOOK_EVERY == 0:
                self._shrink(self._connection)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _shrink(self, connection: sqlite3.Connection) -> None:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > self._limit:
            connection.execute(
                "DELETE FROM encodings WHERE rowid IN (SELECT rowid FROM encodings ORDER BY rowid "
                "LIMIT (SELECT 1 + COUNT(*) / 10 FROM encodings))"
            )


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=OFF")  # a cache that is lost is filled again
    connection.execute(
        "CREATE TABLE IF NOT EXISTS encodings (key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, "
        "pieces BLOB NOT NULL, offsets BLOB NOT NULL)"
    )
    return connection


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
