"""Where the recordings of a bench are kept, by all that decides what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from services.settings import Settings
from services.version import program_version

_DECIDING: Final = (
    "agents",
    "corpus",
    "faults",
    "observability/telemetry",
    "services/erp",
    "services/gateway",
    "services/llm",
    "services/retrieval",
    "services/lab/runs",
)
"""What answers and spans follow from. Signals, rules and scores are not among it."""

_SOURCES: Final = frozenset({".py", ".yml", ".md", ".json", ".npz", ".txt"})


def bench_home(settings: Settings) -> Path:
    """Return the folder of this version of the application and its settings."""
    digest = hashlib.blake2b(digest_size=6)
    digest.update(f"{program_version()} {sorted(settings.deciding_answers().items())}".encode())
    root = Path(__file__).resolve().parents[3]
    for package in _DECIDING:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in _SOURCES and "scenarios" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return settings.home / "bench" / digest.hexdigest()
