"""Finds the faults: one sorted walk over the files of ``faults/catalogue``."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from rapidfuzz import process

from faults.errors import CatalogueError, UnknownFault
from faults.fault import Fault, Layer, Seam

PACKAGE = "faults.catalogue"


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault with the text of its file: mechanism, taxonomy, what shows it and what cannot."""

    fault: Fault
    description: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All faults by id, in order of id."""

    entries: Mapping[str, Entry]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, fault_id: str) -> Entry:
        """Return one entry, or raise ``UnknownFault`` with the ids that look like it."""
        found = self.entries.get(fault_id)
        if found is None:
            raise UnknownFault(_unknown(fault_id, list(self.entries)))
        return found

    def get(self, fault_id: str) -> Fault:
        """Return one fault, or raise ``UnknownFault`` with the ids that look like it."""
        return self.entry(fault_id).fault


def load(package: str = PACKAGE) -> Catalogue:
    """Import every file of a catalogue package and return its faults.

    Raises ``CatalogueError`` for a file without ``FAULT``, a stem that differs
    from the id, an id that occurs twice and a file that says nothing about itself.
    """
    root = importlib.import_module(package)
    stems = sorted(info.name for info in pkgutil.iter_modules(root.__path__))
    return collect([importlib.import_module(f"{package}.{stem}") for stem in stems])


@cache
def catalogue() -> Catalogue:
    """Return the project's own catalogue, read once."""
    return load()


def collect(modules: list[ModuleType]) -> Catalogue:
    """Take the ``FAULT`` of each module and check it; errors as of ``load``."""
    entries: dict[str, Entry] = {}
    for module in modules:
        stem = module.__name__.rpartition(".")[2]
        fault = getattr(module, "FAULT", None)
        if fault is None:
            raise CatalogueError(f"{module.__name__} does not end in FAULT = …")
        if fault.id in entries:
            raise CatalogueError(f"{module.__name__}: a fault {fault.id!r} exists already")
        if fault.id != stem:
            raise CatalogueError(f"{module.__name__}: the id {fault.id!r} is not the file's name")
        if not isinstance(fault.seam, Seam) or not isinstance(fault.layer, Layer):
            raise CatalogueError(f"{module.__name__}: seam or layer is not of its enumeration")
        description = inspect.getdoc(module)
        if not description:
            raise CatalogueError(f"{module.__name__}: the docstring with the mechanism is missing")
        entries[fault.id] = Entry(fault, description)
    return Catalogue(entries)


def _unknown(fault_id: str, known: list[str]) -> str:
    near = [name for name, _, _ in process.extract(fault_id, known, limit=3, score_cutoff=50)]
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(known)}"
    return f"there is no fault {fault_id!r}; {hint}"
