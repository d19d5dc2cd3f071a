"""Builds the company's world into a folder once, and finds it there afterwards.

A world folder holds ``ledger.sqlite``, ``documents/*.md`` (policies included)
and ``manifest.json``. Its name is a fingerprint of everything that decides its
content, so a folder is either right or not there: it is built under another
name and renamed when it is complete.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from corpus.documents import load_policies, read_documents, render, write_documents
from corpus.documents.files import to_text
from corpus.errors import CorpusError
from corpus.ledger import Ledger, World, WorldSettings, generate, store
from corpus.ports import Document

Progress = Callable[[str, int], None]
"""Told the name of each step and how many things it made."""


class WorldError(CorpusError):
    """A world folder is damaged or is none."""


@dataclass(frozen=True, slots=True)
class WorldFolder:
    """A complete world on disk."""

    path: Path
    settings: WorldSettings
    counts: Mapping[str, int]
    made: World | None = None
    """The records of a world that no settings generate."""

    @property
    def ledger_path(self) -> Path:
        """Return the ledger file."""
        return self.path / "ledger.sqlite"

    @property
    def documents_path(self) -> Path:
        """Return the folder of the documents, policies included."""
        return self.path / "documents"

    def open_ledger(self) -> Ledger:
        """Open the ledger for reading."""
        return Ledger(self.ledger_path)

    def documents(self) -> list[Document]:
        """Read all documents, by id."""
        return read_documents(self.documents_path)

    def world(self) -> World:
        """Return the records in memory, generated anew from the settings if there are none yet."""
        return generate(self.settings) if self.made is None else self.made


@lru_cache
def _sources() -> str:
    """Return a digest of the code and texts that a world is made from."""
    digest = hashlib.blake2b(digest_size=16)
    here = Path(__file__).parent
    for package in ("ledger", "documents"):
        for path in sorted((here / package).rglob("*")):
            if path.suffix in (".py", ".md"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def fingerprint(settings: WorldSettings) -> str:
    """Name everything that decides a world's content."""
    text = json.dumps({"settings": asdict(settings), "sources": _sources()}, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def build_or_load(
    home: Path, settings: WorldSettings, progress: Progress = lambda step, count: None
) -> WorldFolder:
    """Return the world folder under ``home``, building it first if it is not there.

    Raises ``WorldError`` if a folder of that name is there but damaged.
    """
    path = home / f"world-{fingerprint(settings)}"
    if not path.exists():
        _build(path, settings, progress)
    return _load(path, settings)


def keep(home: Path, world: World, documents: Sequence[Document]) -> WorldFolder:
    """Return the folder of a world made elsewhere, by its content, writing it if it is not there.

    Raises ``WorldError`` if a folder of that name is there but damaged.
    """
    digest = hashlib.blake2b(repr(world).encode(), digest_size=6)
    for document in documents:
        digest.update(to_text(document).encode())
    path = home / f"world-{digest.hexdigest()}"
    if not path.exists():
        _write(path, world, documents, lambda step, count: None)
    return replace(_load(path, world.settings), made=world)


def _load(path: Path, settings: WorldSettings) -> WorldFolder:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        counts = {str(key): int(value) for key, value in manifest["counts"].items()}
        asked = manifest["settings"] == asdict(settings)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise WorldError(f"{path} is damaged ({error}): remove the folder and try again") from error
    if not asked:
        raise WorldError(f"{path} holds another world: remove the folder and try again")
    return WorldFolder(path, settings, counts)


def _build(path: Path, settings: WorldSettings, progress: Progress) -> None:
    world = generate(settings)
    progress("records", len(world.invoices))
    documents = [rendered.document for rendered in render(world)] + load_policies()
    _write(path, world, documents, progress)


def _write(path: Path, world: World, documents: Sequence[Document], progress: Progress) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        store.write(world, unfinished / "ledger.sqlite")
        progress("ledger", len(world.invoices))
        write_documents(documents, unfinished / "documents")
        progress("documents", len(documents))
        manifest = {"settings": asdict(world.settings), "counts": _counts(world, documents)}
        (unfinished / "manifest.json").write_text(
            json.dumps(manifest, indent=2) + "\n", encoding="utf-8"
        )
        unfinished.chmod(0o755)
        try:
            os.rename(unfinished, path)
        except OSError:
            # Somebody else has built the same world in the meantime: theirs is as good.
            if not path.exists():
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _counts(world: World, documents: Sequence[Document]) -> dict[str, int]:
    kinds = Counter(str(document.metadata["doc_type"]) for document in documents)
    return {
        "vendors": len(world.vendors),
        "purchase_orders": len(world.purchase_orders),
        "goods_receipts": len(world.receipts),
        "invoices": len(world.invoices),
        "approvals": len(world.approvals),
        "payments": len(world.payments),
        "holds": len(world.holds),
        "documents": len(documents),
        **{f"documents.{kind}": count for kind, count in sorted(kinds.items())},
    }
