"""Renders purchase orders and goods receipts."""

from __future__ import annotations

from corpus.documents.draft import Draft, Rendered
from corpus.documents.shelf import Shelf
from corpus.documents.words import long_date, money, quantity
from corpus.ledger.records import GoodsReceipt, PurchaseOrder


def render_order(shelf: Shelf, order: PurchaseOrder) -> Rendered:
    """Return the purchase order document; its id is the order's."""
    vendor = shelf.vendors[order.vendor_id]
    draft = Draft(
        order.id,
        f"Purchase order {order.id} to {vendor.full_name}",
        doc_type="purchase_order",
        date=order.date.isoformat(),
        **shelf.about(vendor.id, po_id=order.id),
    )
    kind = f"call-off under {order.agreement_id}" if order.agreement_id else "individual order"
    if shelf.layout("order", order.id, 2) == 0:
        draft.pairs(
            [
                ("Vendor", vendor.full_name),
                ("Order date", order.date.isoformat()),
                ("Delivery date", order.delivery_date.isoformat()),
                ("Kind", kind),
                ("Requested by", order.requester),
                ("Cost centre", order.cost_center),
            ]
        )
    else:
        draft.prose(
            f"We order from {vendor.full_name}, {vendor.city}, as {kind}, the positions below.",
            f"The order was placed on {long_date(order.date)} for {order.requester}, "
            f"{order.cost_center}; delivery is expected by {long_date(order.delivery_date)}.",
        )
    draft.section("Ordered positions")
    rows = [
        [
            str(line.number),
            line.sku,
            line.description,
            quantity(line.quantity, line.unit),
            f"{line.unit_price:,.2f}",
            f"{line.net:,.2f}",
        ]
        for line in order.lines
    ]
    draft.table(["No.", "Item", "Description", "Quantity ordered", "Unit price", "Net"], rows)
    for line, row in zip(order.lines, rows, strict=True):
        draft.fact(f"line:{line.number}", draft.row(row))
    draft.prose(
        draft.fact("total", f"Order total, net of tax: {money(order.total, order.currency)}.")
    )
    return draft.done()


def render_receipt(shelf: Shelf, receipt: GoodsReceipt) -> Rendered:
    """Return the goods receipt document; its id is the receipt's."""
    vendor = shelf.vendors[receipt.vendor_id]
    draft = Draft(
        receipt.id,
        f"Goods receipt {receipt.id} for {receipt.po_id} from {vendor.full_name}",
        doc_type="goods_receipt",
        date=receipt.date.isoformat(),
        **shelf.about(vendor.id, po_id=receipt.po_id),
    )
    draft.pairs(
        [
            ("Purchase order", receipt.po_id),
            ("Supplier", vendor.full_name),
            ("Received on", receipt.date.isoformat()),
            ("Received by", f"{receipt.receiver}, {receipt.location}"),
            ("Remark", receipt.remark),
        ]
    )
    draft.section("Received positions")
    rows = [
        [str(line.number), line.description, quantity(line.quantity, line.unit)]
        for line in receipt.lines
    ]
    draft.table(["No.", "Description", "Quantity received"], rows)
    for line, row in zip(receipt.lines, rows, strict=True):
        draft.fact(f"line:{line.number}", draft.row(row))
    return draft.done()
