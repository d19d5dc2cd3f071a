"""Token embeddings by text: a memory-mapped table beside the index, and a bounded cache."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
import numpy.typing as npt

from corpus.errors import CorruptIndexError
from corpus.ports import Embedder, TokenEmbeddings

VECTORS = "tokens.f16"
OFFSETS = "tokens.i32"
KEYS = "tokens.npz"


class TokenTableWriter:
    """Writes a table text by text; only one built to its end can be opened.

    Vectors and offsets are appended as they come, so that memory stays small;
    the keys are written by ``close``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._vectors: IO[bytes] = (folder / VECTORS).open("wb")
        self._offsets: IO[bytes] = (folder / OFFSETS).open("wb")
        self._places: dict[int, tuple[int, int]] = {}
        self.tokens = 0

    def add(self, text: str, tokens: TokenEmbeddings) -> None:
        """Append one text's token embeddings; a text already there is left as it is."""
        key = _key(text)
        if key in self._places:
            return
        self._vectors.write(np.ascontiguousarray(tokens.vectors, dtype=np.float16).tobytes())
        self._offsets.write(np.ascontiguousarray(tokens.offsets, dtype=np.int32).tobytes())
        self._places[key] = (self.tokens, len(tokens.vectors))
        self.tokens += len(tokens.vectors)

    def close(self) -> None:
        """Write the keys and close the files."""
        self._vectors.close()
        self._offsets.close()
        keys = np.array(sorted(self._places), dtype=np.uint64)
        places = np.array([self._places[int(key)] for key in keys], dtype=np.int64).reshape(-1, 2)
        np.savez(self._folder / KEYS, keys=keys, places=places)

    def __enter__(self) -> TokenTableWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self._vectors.close()
            self._offsets.close()


class TokenTable:
    """A finished table, memory-mapped: processes that open it share its pages."""

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open the table in ``folder``, or raise ``CorruptIndexError``."""
        try:
            with np.load(folder / KEYS) as saved:
                self._keys: npt.NDArray[np.uint64] = saved["keys"]
                self._places: npt.NDArray[np.int64] = saved["places"]
            total = int(self._places[:, 1].sum())
            self._vectors = _mapped(folder / VECTORS, np.dtype(np.float16), (total, dimension))
            self._offsets = _mapped(folder / OFFSETS, np.dtype(np.int32), (total, 2))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise CorruptIndexError(
                f"the token embeddings in {folder} cannot be read ({error}): build the index again"
            ) from error

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, text: str) -> TokenEmbeddings | None:
        """Return the token embeddings of exactly this text, or None."""
        key = np.uint64(_key(text))
        at = int(np.searchsorted(self._keys, key))
        if at == len(self._keys) or self._keys[at] != key:
            return None
        start, count = (int(number) for number in self._places[at])
        return TokenEmbeddings(
            vectors=self._vectors[start : start + count],
            offsets=self._offsets[start : start + count],
        )


class TokenStore:
    """Gives token embeddings of any text: from tables, from memory, or by encoding it.

    A text that no table holds is encoded alone, so that its embedding does
    not depend on what else was asked for, and kept in memory as long as no
    more than ``cached_tokens`` tokens are kept (about 0.75 kB each).
    """

    def __init__(
        self,
        embedder: Embedder,
        tables: Sequence[TokenTable] = (),
        *,
        cached_tokens: int = 60_000,
    ) -> None:
        self._embedder = embedder
        self._tables = list(tables)
        self._limit = cached_tokens
        self._cache: OrderedDict[str, TokenEmbeddings] = OrderedDict()
        self._cached = 0

    def add_table(self, table: TokenTable) -> None:
        """Look into one more table before encoding."""
        self._tables.append(table)

    def drop_table(self, table: TokenTable) -> None:
        """Look into a table no more."""
        self._tables = [other for other in self._tables if other is not table]

    def get(self, text: str) -> TokenEmbeddings:
        """Return the token embeddings of one text."""
        for table in self._tables:
            found = table.get(text)
            if found is not None:
                return found
        found = self._cache.get(text)
        if found is not None:
            self._cache.move_to_end(text)
            return found
        found = self._embedder.tokens([text])[0]
        self._cache[text] = found
        self._cached += len(found.vectors)
        while self._cached > self._limit and len(self._cache) > 1:
            _, dropped = self._cache.popitem(last=False)
            self._cached -= len(dropped.vectors)
        return found

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        """Return the token embeddings of each text."""
        return [self.get(text) for text in texts]


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _mapped(path: Path, dtype: np.dtype[np.generic], shape: tuple[int, int]) -> np.ndarray:
    if shape[0] == 0:
        return np.empty(shape, dtype=dtype)
    expected = shape[0] * shape[1] * dtype.itemsize
    if path.stat().st_size != expected:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes, expected {expected}")
    # The plain array over the same pages: each slice of a memmap would cost several times as much.
    return np.asarray(np.memmap(path, dtype=dtype, mode="r", shape=shape))
