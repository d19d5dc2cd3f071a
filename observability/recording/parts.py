"""Parquet parts: written under another name and renamed, read with clear errors."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from observability.recording.errors import DamagedRunError, DiskFullError, RunFolderError

_PART = re.compile(r"part-(\d{5,})\.parquet")
_TEMPORARY = ".tmp"
_LEVEL = 6  # of zstd: above it, files shrink by a few per cent and take many times as long
_UNIQUE = frozenset({"span_id", "start_ns", "duration_ns"})  # a dictionary would only add to them
_DIGEST = b"stillgreen.digest"

DIGEST_RANGE = 2**128
"""Digests of content are numbers below this, and add up modulo it."""


def part_name(number: int) -> str:
    """Return the file name of a block's part."""
    return f"part-{number:05d}.parquet"


def parts(folder: Path) -> dict[int, Path]:
    """Return the parts in a folder by block, in order; none if there is no such folder."""
    found = (
        (match, path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := _PART.fullmatch(path.name))
    )
    return dict(sorted((int(match[1]), path) for match, path in found))


def encode(table: pa.Table, digest: int) -> bytes:
    """Return a table as the bytes of a Parquet file; the digest of its content goes with it."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=list(_leaves(table.schema)),
        column_encoding={
            name: "DELTA_BINARY_PACKED"
            for name in ("start_ns", "duration_ns")
            if name in table.schema.names
        },
        write_statistics=[name for name in ("trace_id", "start_ns") if name in table.schema.names],
        store_schema=False,
    ) as writer:
        writer.write_table(table, row_group_size=max(1, table.num_rows))
        writer.add_key_value_metadata({_DIGEST: f"{digest:032x}"})
    return bytes(sink.getvalue())


def digest(path: Path) -> int:
    """Return the digest of a part's content, as it was when it was written."""
    metadata: Mapping[bytes, bytes] = _metadata(path).metadata or {}
    try:
        return int(metadata[_DIGEST], 16)
    except (KeyError, ValueError) as error:
        raise _damaged(path, "its digest is missing") from error


def total_digest(paths: Iterable[Path]) -> str:
    """Return the digest of several parts' content, however it is cut into parts."""
    return f"{sum(map(digest, paths)) % DIGEST_RANGE:032x}"


def checksum(data: bytes) -> str:
    """Return the checksum of some bytes, with the name of its algorithm."""
    return f"blake2b:{hashlib.blake2b(data, digest_size=16).hexdigest()}"


def file_checksum(path: Path) -> str:
    """Return the checksum of a file's bytes; ``RunFolderError`` if it cannot be read."""
    return checksum(read_bytes(path))


def rows(path: Path) -> int:
    """Return how many rows a part has, without reading them."""
    return int(_metadata(path).num_rows)


def column_names(path: Path) -> list[str]:
    """Return the columns of a part, without reading them; ``DamagedRunError``."""
    try:
        return list(pq.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, str(error)) from error


def read(path: Path, names: list[str] | None = None) -> pa.Table:
    """Return a part, or some of its columns; ``DamagedRunError`` if it cannot be read."""
    try:
        return pq.ParquetFile(path).read(columns=names, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, str(error)) from error


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; ``RunFolderError`` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunFolderError(f"{path} cannot be read: {error.strerror or error}") from error


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises ``DiskFullError``, or ``RunFolderError`` if it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> RunFolderError:
    """Return the error for a file or folder that the system does not let us write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"no room on the disk for {path}. What is complete is kept; make room, and resume."
        )
    return RunFolderError(f"{path} cannot be written: {error.strerror or error}")


def leftovers(folder: Path) -> Iterator[Path]:
    """Yield the files of writers that were killed."""
    if folder.is_dir():
        yield from (path for path in folder.rglob(f".*{_TEMPORARY}") if path.is_file())


def _metadata(path: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, why: str) -> DamagedRunError:
    return DamagedRunError(
        f"{path} is damaged ({why}). Take it from a copy, or make the recording again."
    )


def _leaves(schema: pa.Schema) -> Iterator[str]:
    for field in schema:
        if field.name in _UNIQUE:
            continue
        if pa.types.is_list(field.type):
            inner = field.type.value_type
            names = [f".{child.name}" for child in inner] if pa.types.is_struct(inner) else [""]
            yield from (f"{field.name}.list.element{name}" for name in names)
        else:
            yield field.name
