"""Takes the program's own files into a digest, so that what follows from them has a name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

_ROOT: Final = Path(__file__).resolve().parents[2]
_SOURCES: Final = frozenset({".py", ".yml", ".md", ".json", ".npz", ".txt"})


class Digest(Protocol):
    """What of ``hashlib`` is needed."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""
        ...


def add_sources(digest: Digest, packages: Iterable[str], without: str | None = None) -> None:
    """Take in all sources of some packages; those in folders named ``without`` are left out."""
    for package in packages:
        for path in sorted((_ROOT / package).rglob("*")):
            if path.suffix in _SOURCES and without not in path.parts:
                digest.update(path.relative_to(_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
