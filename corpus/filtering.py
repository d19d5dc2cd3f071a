"""Makes a metadata predicate from what a question is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from corpus.lexical_words import words
from corpus.metadata import ABOUT_KEYS, CHUNK_ID, GENERAL, SCOPE
from corpus.ports import Chunk, Metadata, Query


@dataclass(frozen=True, slots=True)
class EntityLinks:
    """What the chunks of a collection say about which entity belongs to which.

    ``invoices`` gives order and vendor of an invoice, ``orders`` the vendor of
    an order, ``listings`` the chunks that are about no entity but name this one
    (a vendor counts as named where one of its invoices is).
    """

    invoices: Mapping[str, tuple[str, str]]
    orders: Mapping[str, str]
    listings: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> EntityLinks:
        """Read the links off the chunks of a collection."""
        invoices: dict[str, tuple[str, str]] = {}
        orders: dict[str, str] = {}
        for chunk in chunks:
            invoice, order, vendor = (str(chunk.metadata.get(key, "")) for key in ABOUT_KEYS)
            if invoice:
                before = invoices.get(invoice, ("", ""))
                invoices[invoice] = (before[0] or order, before[1] or vendor)
            if order and vendor:
                orders.setdefault(order, vendor)
        known = {name.casefold(): name for name in (*invoices, *orders)}
        known.update((vendor.casefold(), vendor) for _, vendor in invoices.values() if vendor)
        listings: dict[str, dict[str, None]] = {}
        for chunk in chunks:
            if any(chunk.metadata.get(key) for key in ABOUT_KEYS):
                continue
            for word in words(chunk.text):
                name = known.get(word)
                if name is None:
                    continue
                vendor = invoices.get(name, ("", ""))[1] or orders.get(name, "")
                for named in filter(None, (name, vendor)):
                    listings.setdefault(named, {})[chunk.id] = None
        return cls(invoices, orders, {name: list(found) for name, found in listings.items()})


class EntityFilter:
    """Lets through the documents about what a question mentions, and those about nothing.

    An asked invoice lets through its own documents, those of its purchase
    order, and those of its vendor that are about no single invoice or order
    (a framework agreement); likewise one step shorter for an order. A vendor
    lets through all of its documents. A chunk that lists many (a payment run)
    passes if it names what is asked about. Documents that name no invoice,
    order or vendor (policies, manuals) are never kept out, since a question
    about an invoice may be one about the rule that applies to it. Several
    entities of one kind are alternatives; a vendor named beside an invoice
    adds nothing but the vendor's general documents.
    """

    def __init__(self, links: EntityLinks) -> None:
        self._links = links

    def predicate(self, query: Query) -> Metadata | None:
        invoices = _ids(query, "invoice")
        orders = _ids(query, "purchase_order")
        vendors = _ids(query, "vendor")
        if not (invoices or orders or vendors):
            return None
        linked = [self._links.invoices.get(invoice, ("", "")) for invoice in invoices]
        invoice_orders = _distinct(order for order, _ in linked)
        general_vendors = _distinct(
            [
                *(vendor for _, vendor in linked),
                *(self._links.orders.get(order, "") for order in orders),
                *(vendors if invoices or orders else ()),
            ]
        )
        asked = [*invoices, *orders] or vendors
        listings = _distinct(
            chunk for name in asked for chunk in self._links.listings.get(name, ())
        )
        ways: list[Metadata] = [{SCOPE: GENERAL}]
        if invoices:
            ways.append(_any("invoice_id", invoices))
        if orders:
            ways.append(_any("po_id", orders))
        if invoice_orders:
            ways.append(_both({"invoice_id": ""}, _any("po_id", invoice_orders)))
        if vendors and not (invoices or orders):
            ways.append(_any("vendor_id", vendors))
        if general_vendors:
            ways.append(
                _both({"invoice_id": ""}, {"po_id": ""}, _any("vendor_id", general_vendors))
            )
        if listings:
            ways.append(_any(CHUNK_ID, listings))
        return cast(Metadata, {"$or": ways})


def _ids(query: Query, kind: str) -> list[str]:
    return _distinct(entity.id for entity in query.entities if entity.kind == kind)


def _distinct(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found for found in ids if found))


def _any(key: str, values: Sequence[str]) -> Metadata:
    return cast(Metadata, {key: values[0] if len(values) == 1 else {"$in": list(values)}})


def _both(*parts: Metadata) -> Metadata:
    return cast(Metadata, {"$and": list(parts)})
