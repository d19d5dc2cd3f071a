"""Where the recordings of a bench are kept, by all that decides what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from services.lab.sources import add_sources
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


def bench_home(settings: Settings) -> Path:
    """Return the folder of this version of the application and its settings."""
    digest = hashlib.blake2b(digest_size=6)
    digest.update(f"{program_version()} {sorted(settings.deciding_answers().items())}".encode())
    add_sources(digest, _DECIDING, without="scenarios")
    return settings.home / "bench" / digest.hexdigest()
