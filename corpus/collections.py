"""A person's own collections of documents, one file each under the data folder."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import CorpusError, DefinitionError, UnknownCollectionError
from corpus.ports import Document

RESERVED = frozenset({"finance"})
"""The company's own collection, which is not kept here."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,46}[a-z0-9])?")
_KIND = "stillgreen-collection"
_SUFFIX = ".jsonl"


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A stored collection. ``version`` changes with every ingest of other content."""

    name: str
    documents: int
    version: str


class CollectionStore:
    """Keeps collections as files that are replaced whole, so that none is ever half-visible.

    The first line of a file says what it is, each other line is a document.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list(self) -> list[CollectionInfo]:
        """Return all collections by name; none if the folder does not exist."""
        if not self._folder.is_dir():
            return []
        return [self.info(path.stem) for path in sorted(self._folder.glob(f"*{_SUFFIX}"))]

    def info(self, name: str) -> CollectionInfo:
        """Return what is known about a collection without reading its documents.

        Raises ``UnknownCollectionError`` if there is none of this name.
        """
        path = self._path(name)
        try:
            with path.open(encoding="utf-8") as file:
                head = json.loads(file.readline())
            if head["kind"] != _KIND:
                raise ValueError("it is of another kind")
            return CollectionInfo(name, int(head["documents"]), str(path.stat().st_mtime_ns))
        except FileNotFoundError as error:
            known = [path.stem for path in sorted(self._folder.glob(f"*{_SUFFIX}"))]
            raise UnknownCollectionError(
                f"there is no collection {name!r}; there are: {', '.join(['finance', *known])}"
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(path, error) from error

    def documents(self, name: str) -> Sequence[Document]:
        """Return a collection's documents, or raise ``UnknownCollectionError``."""
        expected = self.info(name).documents
        path = self._path(name)
        try:
            with path.open(encoding="utf-8") as file:
                file.readline()
                documents = [Document(**json.loads(line)) for line in file]
        except (OSError, ValueError, TypeError) as error:
            raise _damaged(path, error) from error
        if len(documents) != expected:
            raise _damaged(path, f"{len(documents)} documents of {expected}")
        return documents

    def replace(self, name: str, documents: Sequence[Document]) -> CollectionInfo:
        """Store a collection in place of one of the same name.

        Raises ``DefinitionError`` for a name that cannot be one.
        """
        path = self._path(check_name(name))
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".", dir=self._folder)
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps({"kind": _KIND, "documents": len(documents)}) + "\n")
                file.writelines(
                    json.dumps(asdict(document), default=dict) + "\n" for document in documents
                )
            os.replace(unfinished, path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        return self.info(name)

    def remove(self, name: str) -> None:
        """Delete a collection, or raise ``UnknownCollectionError``."""
        self.info(name)
        self._path(name).unlink()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UnknownCollectionError(f"{name!r} is no name of a collection")
        return self._folder / f"{name}{_SUFFIX}"


def check_name(name: str) -> str:
    """Return the name, or raise ``DefinitionError`` if a collection cannot be called so."""
    if name in RESERVED:
        raise DefinitionError(f"{name!r} is the company's own collection: choose another name")
    if not _NAME.fullmatch(name):
        raise DefinitionError(
            f"{name!r} cannot be a collection's name: use up to 48 lower-case letters, digits, "
            "hyphens and underscores, a letter or digit at both ends"
        )
    return name


def _damaged(path: Path, reason: object) -> CorpusError:
    return CorpusError(f"the collection file {path} is damaged ({reason}): ingest it again")
