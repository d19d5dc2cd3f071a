"""What the tests about the project itself know of its layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("services", "faults", "agents", "corpus", "observability")


def modules(*below: str) -> Iterator[Path]:
    """Yield the Python files of the packages, or of the folders named."""
    for folder in below or PACKAGES:
        yield from sorted((ROOT / folder).rglob("*.py"))


def relative(path: Path) -> str:
    """Return a path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()
