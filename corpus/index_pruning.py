"""The indexes of a data folder: how large each is, when it was last used, and what can go."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from corpus.chunking import CUTS
from corpus.encoder_weights import SHIPPED_MODEL, SHIPPED_SHA256
from corpus.errors import IndexFolderError
from corpus.index_cache import ENTRIES, FORMAT, KIND, MANIFEST, lock_path, unfinished_path
from corpus.index_use import held_unused, last_used_ns

_NAME: Final = re.compile(r"[0-9a-f]{20}")
_UNFINISHED: Final = re.compile(r"\.([0-9a-f]{20})\.unfinished")
_DAY_NS: Final = 86_400 * 10**9


class IndexState(StrEnum):
    """What an index is good for: only a whole one of this version is ever opened again."""

    WHOLE = "whole"
    OTHER_VERSION = "other version"
    DAMAGED = "damaged"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class KeptIndex:
    """One folder of an index; ``used_ns`` is when it was last opened, else when it was built.

    ``documents`` and ``chunks`` are None where its manifest cannot be read.
    """

    name: str
    folder: Path
    state: IndexState
    bytes: int
    used_ns: int
    in_use: bool
    documents: int | None = None
    chunks: int | None = None
    chunker: str = ""
    encoder: str = ""

    def can_go(self, now_ns: int, keep_days: float) -> bool:
        """Tell whether nobody will miss it: not open, and useless or not used for so many days."""
        if self.in_use:
            return False
        old = now_ns - self.used_ns > keep_days * _DAY_NS
        return old or self.state is not IndexState.WHOLE


def kept_indexes(root: Path) -> list[KeptIndex]:
    """Return all indexes in a folder, the one used last first; whatever else is in it is not ours.

    It cannot be known how an index was used before marks were kept; then it is as old as it is.
    """
    found = (_kept(root, folder) for folder in root.iterdir()) if root.is_dir() else ()
    return sorted(filter(None, found), key=lambda each: (-each.used_ns, each.folder.name))


def remove(root: Path, index: KeptIndex) -> bool:
    """Remove an index; False if it has been opened since it was looked at, or is being built.

    Raises ``IndexFolderError`` if its files cannot be removed.
    """
    with _held(root, index.name) as free:
        if (
            not free
            or not index.folder.is_dir()
            or _used_ns(root, index.name, index.folder) != index.used_ns
        ):
            return False
        going = unfinished_path(root, index.name)
        try:
            if index.folder != going:
                shutil.rmtree(going, ignore_errors=True)
                # At once, so that nobody finds half of it when this is cut short.
                index.folder.rename(going)
            shutil.rmtree(going)
        except OSError as error:
            raise IndexFolderError(f"{index.folder} cannot be removed: {error}") from error
    return True


@contextmanager
def _held(root: Path, name: str) -> Iterator[bool]:
    """Keep an index from being built or opened; gives False if it is."""
    try:
        building = FileLock(lock_path(root, name)).acquire(timeout=0)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise IndexFolderError(f"{root} cannot be written to: {error}") from error
    with building, held_unused(root, name) as free:
        yield free


def _kept(root: Path, folder: Path) -> KeptIndex | None:
    unfinished = _UNFINISHED.fullmatch(folder.name)
    name = unfinished[1] if unfinished else folder.name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        return None
    if not {entry.name for entry in folder.iterdir()} <= ENTRIES:
        return None
    manifest = _manifest(folder)
    if manifest and (manifest.get("kind"), manifest.get("fingerprint")) != (KIND, name):
        return None
    state = IndexState.UNFINISHED if unfinished else _state(manifest)
    with _held(root, name) as free:
        return KeptIndex(
            name=name,
            folder=folder,
            state=state,
            bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
            used_ns=_used_ns(root, name, folder),
            in_use=not free,
            documents=manifest.get("documents"),
            chunks=manifest.get("chunks"),
            chunker=str(manifest.get("chunker", "")),
            encoder=str(manifest.get("embedder", "")),
        )


def _manifest(folder: Path) -> dict[str, Any]:
    """Return what an index says of itself, nothing if that cannot be read."""
    try:
        return dict(json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def _state(manifest: dict[str, Any]) -> IndexState:
    if not manifest:
        return IndexState.DAMAGED
    cuts = str(manifest.get("chunker")).partition(":")[0]
    encoder, _, weights = re.split(r"[\s,]", str(manifest.get("embedder")))[0].partition("@")
    current = (
        manifest.get("format") == FORMAT
        # An encoder or a chunker of one's own is of no version of ours.
        and (cuts == CUTS or cuts.rpartition("-")[0] != CUTS.rpartition("-")[0])
        and (encoder != SHIPPED_MODEL or SHIPPED_SHA256.startswith(weights))
    )
    return IndexState.WHOLE if current else IndexState.OTHER_VERSION


def _used_ns(root: Path, name: str, folder: Path) -> int:
    marked = last_used_ns(root, name)
    if marked is not None:
        return marked
    manifest = folder / MANIFEST
    return (manifest if manifest.is_file() else folder).stat().st_mtime_ns
