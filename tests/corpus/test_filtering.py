from __future__ import annotations

import pytest

from corpus.errors import DefinitionError
from corpus.filtering import EntityFilter, EntityLinks
from corpus.metadata import MetadataTable, indexed_metadata
from corpus.ports import Chunk, Entity, Query

ABOUT = {
    "agreement": {"vendor_id": "V-1"},
    "order": {"vendor_id": "V-1", "po_id": "PO-1"},
    "invoice": {"vendor_id": "V-1", "po_id": "PO-1", "invoice_id": "INV-1"},
    "sister": {"vendor_id": "V-1", "po_id": "PO-1", "invoice_id": "INV-2"},
    "other": {"vendor_id": "V-2", "po_id": "PO-2", "invoice_id": "INV-3"},
    "policy": {},
    "run": {},
    "other run": {},
}
TEXTS = {"run": "Paid: INV-1 and some more", "other run": "Paid: INV-3", "policy": "Pay in time"}
CHUNKS = [
    Chunk(name, name, name, "", TEXTS.get(name, "text"), 0, 0, 4, metadata)
    for name, metadata in ABOUT.items()
]


def passed(*entities: Entity) -> set[str]:
    where = EntityFilter(EntityLinks.of(CHUNKS)).predicate(Query("q", entities))
    rows = MetadataTable(indexed_metadata(CHUNKS)).select(where)
    return {chunk.id for chunk, row in zip(CHUNKS, rows, strict=True) if row}


INVOICE = Entity("invoice", "INV-1", "INV-1")
ORDER = Entity("purchase_order", "PO-1", "PO-1")
VENDOR = Entity("vendor", "V-1", "Acme")


def test_without_entities_nothing_is_kept_out() -> None:
    assert passed() == set(ABOUT)


def test_an_invoice_lets_through_its_order_and_agreement_but_no_other_invoice() -> None:
    assert passed(INVOICE) == {"invoice", "order", "agreement", "policy", "run"}


def test_a_vendor_named_beside_an_invoice_does_not_widen_the_search() -> None:
    assert passed(INVOICE, VENDOR) == passed(INVOICE)


def test_an_order_lets_through_its_invoices() -> None:
    assert passed(ORDER) == {"invoice", "sister", "order", "agreement", "policy"}


def test_a_filter_keeps_documents_of_the_asked_vendor() -> None:
    assert passed(VENDOR) == {"agreement", "order", "invoice", "sister", "policy", "run"}


def test_an_unknown_invoice_still_lets_policies_through() -> None:
    assert passed(Entity("invoice", "INV-9", "INV-9")) == {"policy"}


def test_predicates_follow_chromas_operators() -> None:
    table = MetadataTable([{"n": 1, "s": "a"}, {"n": 2, "s": "b"}, {"n": 3}])

    assert table.select({"n": {"$gte": 2}}).tolist() == [False, True, True]  # type: ignore[dict-item]
    assert table.select({"s": {"$ne": "a"}}).tolist() == [False, True, True]  # type: ignore[dict-item]
    assert table.select({"s": {"$in": ["a", "b"]}}).tolist() == [True, True, False]  # type: ignore[dict-item]
    assert table.select({"$and": [{"n": 2}, {"s": "b"}]}).tolist() == [False, True, False]  # type: ignore[dict-item]
    assert table.select({"s": {"$nin": ["a"]}}).tolist() == [False, True, True]  # type: ignore[dict-item]


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"\$like"):
        MetadataTable([{"s": "a"}]).select({"s": {"$like": "a"}})  # type: ignore[dict-item]
