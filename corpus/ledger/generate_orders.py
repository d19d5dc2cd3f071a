"""Generates purchase orders, goods receipts and invoices from the plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from corpus.ledger.draw import after, cents, chance, pick, shuffled, whole
from corpus.ledger.generate_vendors import category_of
from corpus.ledger.kinds import InvoiceStatus, MismatchKind, TaxTreatment
from corpus.ledger.plans import InvoicePlan, OrderPlan
from corpus.ledger.records import (
    Agreement,
    GoodsReceipt,
    GoodsReceiptLine,
    Invoice,
    InvoiceLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from corpus.ledger.vocabulary import DOCKS, RECEIVERS, REQUESTERS
from corpus.luck import Luck


@dataclass(frozen=True, slots=True)
class Delivery:
    """Positions of an order that arrive together, and what is short of each."""

    order: OrderPlan
    date: dt.date
    parts: tuple[InvoicePlan, ...]


def make_order(luck: Luck, plan: OrderPlan, order_id: str, agreement: Agreement) -> PurchaseOrder:
    """Return the order; call-offs are at agreed prices, individual orders near them."""
    category = category_of(plan.vendor)
    quantities = {good.sku: (good.least, good.most) for good in category.goods}
    wanted = min(len(agreement.items), plan.parts + whole(luck, 0, 1, "more lines"))
    lines = []
    for number, item in enumerate(shuffled(luck, agreement.items, "items")[:wanted], start=1):
        price = item.unit_price
        if not plan.call_off:
            price = cents(price * Decimal(whole(luck, 97, 106, "price", number)) / 100)
        # At least two, so that a delivery can be short and still be one.
        quantity = Decimal(max(2, whole(luck, *quantities[item.sku], "quantity", number)))
        lines.append(
            PurchaseOrderLine(
                number,
                item.sku,
                item.description,
                quantity,
                item.unit,
                price,
                cents(quantity * price),
            )
        )
    return PurchaseOrder(
        id=order_id,
        vendor_id=plan.vendor.id,
        agreement_id=agreement.id if plan.call_off else None,
        date=plan.date,
        delivery_date=after(plan.date, whole(luck, 6, 20, "delivery")),
        requester=pick(luck, REQUESTERS, "requester"),
        cost_center=category.cost_center,
        currency=agreement.currency,
        total=sum((line.net for line in lines), Decimal(0)),
        lines=tuple(lines),
    )


def billed_lines(order: PurchaseOrder, plan: InvoicePlan) -> list[PurchaseOrderLine]:
    """Return the order's positions that this part bills."""
    return [line for line in order.lines if (line.number - 1) % plan.order.parts == plan.part]


def make_invoice(
    luck: Luck, plan: InvoicePlan, invoice_id: str, order: PurchaseOrder, agreement: Agreement
) -> Invoice:
    """Return the invoice with what is wrong on it; its status is set later."""
    lines: list[InvoiceLine] = []
    for ordered in billed_lines(order, plan):
        price = ordered.unit_price
        if plan.problem is MismatchKind.PRICE and not lines:
            factor = Decimal(whole(luck, 104, 119, "dearer")) / 100
            price = max(cents(price * factor), price + Decimal("0.05"))
        lines.append(
            InvoiceLine(
                ordered.number,
                ordered.sku,
                ordered.description,
                ordered.quantity,
                ordered.unit,
                price,
                cents(ordered.quantity * price),
            )
        )
    rate, treatment = agreement.tax_rate, agreement.tax_treatment
    if plan.problem is MismatchKind.TAX:
        rate = Decimal(7) if rate == 19 else Decimal(19)
        treatment = TaxTreatment.REDUCED if rate == 7 else TaxTreatment.STANDARD
    net = sum((line.net for line in lines), Decimal(0))
    tax = cents(net * rate / 100)
    return Invoice(
        id=invoice_id,
        vendor_id=plan.order.vendor.id,
        po_id=None if plan.problem is MismatchKind.MISSING_PO else order.id,
        vendor_reference=f"{pick(luck, ('R', 'RE', 'SI', 'F'), 'form')}-"
        f"{whole(luck, 10000, 99999, 'reference')}",
        date=plan.date,
        received=plan.received,
        due_date=plan.date + dt.timedelta(days=agreement.payment_days),
        currency=agreement.currency,
        tax_treatment=treatment,
        tax_rate=rate,
        net=net,
        tax=tax,
        gross=net + tax,
        status=InvoiceStatus.SCHEDULED,
        lines=tuple(lines),
    )


def deliveries(plans: Sequence[InvoicePlan], late: Mapping[int, dt.date | None]) -> list[Delivery]:
    """Group the parts by what arrives together; ``late`` holds the receipts posted late or never.

    ``late`` maps the key of a plan whose receipt is missing to the day on which
    it is posted after all, or None.
    """
    together: dict[tuple[dt.date, int], list[InvoicePlan]] = defaultdict(list)
    for plan in plans:
        if plan.copy_of is not None:
            continue
        if plan.problem is MismatchKind.MISSING_RECEIPT:
            posted = late[plan.key]
            if posted is not None:
                together[(posted, plan.order.key)].append(plan)
        else:
            together[(plan.delivered, plan.order.key)].append(plan)
    return [
        Delivery(parts[0].order, date, tuple(parts))
        for (date, _), parts in sorted(together.items(), key=lambda entry: entry[0])
    ]


def make_receipt(
    luck: Luck, delivery: Delivery, receipt_id: str, order: PurchaseOrder
) -> GoodsReceipt:
    """Return the receipt; a part with a quantity problem arrives short on its first line."""
    lines = []
    short = False
    for plan in delivery.parts:
        for index, line in enumerate(billed_lines(order, plan)):
            quantity = line.quantity
            if plan.problem is MismatchKind.QUANTITY and index == 0:
                share = Decimal(whole(luck, 60, 94, "short", line.number)) / 100
                missing = (quantity * (1 - share)).quantize(Decimal(1), ROUND_CEILING)
                quantity -= missing
                short = True
            if quantity > 0:
                lines.append(GoodsReceiptLine(line.number, line.description, quantity, line.unit))
    remark = "complete as announced"
    if short:
        remark = "delivered short, remainder announced by the vendor"
    elif chance(luck, 0.12, "carton"):
        remark = "outer packaging slightly damaged, goods in order"
    lines.sort(key=lambda line: line.number)
    return GoodsReceipt(
        id=receipt_id,
        po_id=order.id,
        vendor_id=order.vendor_id,
        date=delivery.date,
        receiver=pick(luck, RECEIVERS, "receiver"),
        location=pick(luck, DOCKS, "dock"),
        remark=remark,
        lines=tuple(lines),
    )
