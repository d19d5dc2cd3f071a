"""A mistake in a scenario, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong at a place of a scenario, with the remedy."""

    place: Place
    text: str


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping as it is, and for anything else an empty one."""
    return value if isinstance(value, dict) else {}


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the three known names that are most like a name."""
    return ", ".join(found for found, _, _ in process.extract(name, known, limit=3))
