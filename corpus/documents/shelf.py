"""Looks up records while documents are rendered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.ledger.records import (
    Agreement,
    Approval,
    GoodsReceipt,
    Hold,
    Invoice,
    Match,
    Payment,
    PurchaseOrder,
    Vendor,
)
from corpus.ledger.world import World
from corpus.luck import Luck


@dataclass(frozen=True)
class Shelf:
    """A world's records by id."""

    world: World
    luck: Luck
    vendors: dict[str, Vendor] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    orders: dict[str, PurchaseOrder] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    approvals: dict[str, list[Approval]] = field(default_factory=lambda: defaultdict(list))
    receipts: dict[str, list[GoodsReceipt]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, world: World) -> Shelf:
        """Return a shelf with all records of a world."""
        shelf = cls(world, Luck(world.settings.seed).child("documents"))
        shelf.vendors.update({v.id: v for v in world.vendors})
        shelf.agreements.update({a.vendor_id: a for a in world.agreements})
        shelf.orders.update({o.id: o for o in world.purchase_orders})
        shelf.invoices.update({i.id: i for i in world.invoices})
        shelf.matches.update({m.invoice_id: m for m in world.matches})
        shelf.holds.update({h.invoice_id: h for h in world.holds})
        shelf.payments.update({p.invoice_id: p for p in world.payments})
        for approval in world.approvals:
            shelf.approvals[approval.invoice_id].append(approval)
        for receipt in world.receipts:
            shelf.receipts[receipt.po_id].append(receipt)
        return shelf

    def about(
        self, vendor_id: str, invoice_id: str | None = None, po_id: str | None = None
    ) -> dict[str, str | None]:
        """Return the metadata that say whom and what a document is about."""
        return {
            "vendor_id": vendor_id,
            "vendor": self.vendors[vendor_id].full_name,
            "invoice_id": invoice_id,
            "po_id": po_id,
        }

    def layout(self, kind: str, owner: str, count: int) -> int:
        """Return which layout (0 to count - 1) the documents of a kind and owner have."""
        return int(self.luck.uniform("layout", kind, owner) * count)


def spoken(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
