"""What the question families draw from: a world's records and the facts of its documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from corpus.documents.draft import Rendered
from corpus.documents.library import render
from corpus.documents.shelf import Shelf
from corpus.ledger.records import Vendor
from corpus.ledger.world import World
from corpus.luck import Luck
from corpus.questions.question import Case, Evidence

DOCUMENTS = frozenset({"documents", "documents_and_ledger"})
LEDGER = frozenset({"ledger", "documents_and_ledger"})
FIELD = frozenset({"lookup", "ledger", "documents", "documents_and_ledger"})
"""A field that stands both in a record and in a document."""
ANY = FIELD


@dataclass(frozen=True)
class Sources:
    """A world with its documents, for drawing questions from."""

    world: World
    shelf: Shelf
    rendered: Mapping[str, Rendered]
    luck: Luck

    @classmethod
    def of(cls, world: World, seed: int) -> Sources:
        """Return the sources of a world; ``seed`` decides which facts are asked about."""
        rendered = {item.document.id: item for item in render(world)}
        return cls(world, Shelf.of(world), rendered, Luck(seed).child("questions"))

    def evidence(self, doc_id: str, *keys: str) -> tuple[Evidence, ...]:
        """Return the spans of a document that state these facts; none if it was not filed."""
        document = self.rendered.get(doc_id)
        if document is None:
            return ()
        return tuple(Evidence(doc_id, document.facts[key]) for key in keys if key in document.facts)

    def vendor(self, vendor_id: str) -> Vendor:
        """Return a vendor."""
        return self.shelf.vendors[vendor_id]

    def spoken(self, vendor_id: str) -> str:
        """Return a vendor's name as people say it, mostly without the legal form."""
        vendor = self.vendor(vendor_id)
        return vendor.full_name if self.luck.uniform("full name", vendor_id) < 0.2 else vendor.name

    def subject(self, fill: Mapping[str, str]) -> str:
        """Return the id of what a fact is about, from what its wordings' placeholders stand for."""
        record = fill.get("invoice_id") or fill.get("po_id")
        return record or self._by_spoken_name.get(fill.get("vendor", ""), "")

    @cached_property
    def _by_spoken_name(self) -> Mapping[str, str]:
        return {self.spoken(vendor.id): vendor.id for vendor in self.world.vendors}


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of question; ``cases`` returns every fact that it can ask about."""

    name: str
    cases: Callable[[Sources], list[Case]]
