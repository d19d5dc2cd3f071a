"""The published taxonomies of failures, and which fault realises which of their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from faults.errors import CatalogueError
from faults.registry import Catalogue, catalogue


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a taxonomy; ``outside`` is why no fault realises it, empty if one should."""

    key: str
    name: str
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A taxonomy with its source."""

    prefix: str
    title: str
    source: str
    items: tuple[Item, ...]


@cache
def taxonomies() -> tuple[Taxonomy, ...]:
    """Return the taxonomies that the catalogue is mapped to."""
    raw = yaml.safe_load(files("faults").joinpath("taxonomies.yml").read_text("utf-8"))
    return tuple(
        Taxonomy(
            each["prefix"],
            each["title"],
            each["source"],
            tuple(
                Item(key, item["name"], item.get("outside", ""))
                for key, item in each["items"].items()
            ),
        )
        for each in raw
    )


def coverage(known: Catalogue | None = None) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the faults of each item, by prefix and key; none for an item that nobody realises.

    Raises ``CatalogueError`` for a fault that names an item of no taxonomy.
    """
    found: dict[tuple[str, str], list[str]] = {
        (taxonomy.prefix, item.key): [] for taxonomy in taxonomies() for item in taxonomy.items
    }
    for entry in known or catalogue():
        for name in entry.fault.taxonomy:
            place = _place(name)
            if place not in found:
                raise CatalogueError(
                    f"{entry.fault.id}: {name!r} is in no taxonomy of faults/taxonomies.yml; "
                    'write e.g. "RAGEC E9", "FP2", "MAST 1.3" or "OWASP LLM08"'
                )
            found[place].append(entry.fault.id)
    return {place: tuple(ids) for place, ids in found.items()}


def _place(name: str) -> tuple[str, str]:
    prefix, _, key = name.rpartition(" ")
    return prefix or "FP", key
