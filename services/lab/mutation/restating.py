"""States a company's records in other figures: amounts, quantities, dates, terms and rates.

Prices and quantities are doubled, so that totals are four times what they were,
as the limits of the policies are. Sums, taxes and comparisons are worked out
anew. Identifiers stay; they are changed afterwards, in records and texts alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from corpus.ledger import World
from corpus.ledger.draw import cents
from corpus.ledger.matching import compare
from corpus.ledger.records import (
    Agreement,
    Approval,
    GoodsReceipt,
    Hold,
    Invoice,
    Match,
    Payment,
    PriceItem,
    PurchaseOrder,
    Vendor,
)
from services.lab.mutation.figures import other_day, other_figures, other_percent

A = TypeVar("A")
B = TypeVar("B")

PRICE_FACTOR = 2
QUANTITY_FACTOR = 2
BENCHMARK_FACTOR = Decimal("1.9")
"""Not that of the prices, or their differences in per cent would stay the same."""
TERM_FACTOR = 2
"""As dates are moved: a due date stays the invoice's date and its term."""

_DIGITS = str.maketrans("0123456789", "3456789012")


def restated(world: World) -> World:
    """Return the same company in other figures."""
    agreements = {each.vendor_id: _agreement(each) for each in world.agreements}
    orders = {each.id: _order(each) for each in world.purchase_orders}
    receipts = tuple(map(_receipt, world.receipts))
    invoices = {each.id: _invoice(each) for each in world.invoices}
    matches = _matches(world, invoices, orders, receipts, agreements)
    before = {each.invoice_id: each for each in world.matches}
    return replace(
        world,
        vendors=tuple(map(_vendor, world.vendors)),
        agreements=tuple(agreements.values()),
        purchase_orders=tuple(orders.values()),
        receipts=receipts,
        invoices=tuple(invoices.values()),
        matches=tuple(matches.values()),
        approvals=tuple(map(_approval, world.approvals)),
        payments=tuple(
            _payment(each, invoices[each.invoice_id], agreements[each.vendor_id])
            for each in world.payments
        ),
        runs=tuple(replace(each, date=other_day(each.date)) for each in world.runs),
        holds=tuple(
            _hold(each, before[each.invoice_id], matches[each.invoice_id]) for each in world.holds
        ),
    )


def _vendor(vendor: Vendor) -> Vendor:
    return replace(
        vendor, tax_id=vendor.tax_id.translate(_DIGITS), iban=vendor.iban.translate(_DIGITS)
    )


def _agreement(agreement: Agreement) -> Agreement:
    return replace(
        agreement,
        signed=other_day(agreement.signed),
        start=other_day(agreement.start),
        end=other_day(agreement.end),
        notice_days=TERM_FACTOR * agreement.notice_days,
        payment_days=TERM_FACTOR * agreement.payment_days,
        discount_percent=_maybe(other_percent, agreement.discount_percent),
        discount_days=_maybe(lambda days: TERM_FACTOR * days, agreement.discount_days),
        tax_rate=other_percent(agreement.tax_rate),
        items=tuple(map(_item, agreement.items)),
    )


def _item(item: PriceItem) -> PriceItem:
    return replace(
        item,
        description=other_figures(item.description),
        unit=other_figures(item.unit),
        unit_price=PRICE_FACTOR * item.unit_price,
        benchmark_price=_maybe(lambda price: cents(BENCHMARK_FACTOR * price), item.benchmark_price),
    )


def _order(order: PurchaseOrder) -> PurchaseOrder:
    return replace(
        order,
        date=other_day(order.date),
        delivery_date=other_day(order.delivery_date),
        total=PRICE_FACTOR * QUANTITY_FACTOR * order.total,
        lines=tuple(
            replace(
                line,
                description=other_figures(line.description),
                quantity=QUANTITY_FACTOR * line.quantity,
                unit=other_figures(line.unit),
                unit_price=PRICE_FACTOR * line.unit_price,
                net=PRICE_FACTOR * QUANTITY_FACTOR * line.net,
            )
            for line in order.lines
        ),
    )


def _receipt(receipt: GoodsReceipt) -> GoodsReceipt:
    return replace(
        receipt,
        date=other_day(receipt.date),
        location=other_figures(receipt.location),
        lines=tuple(
            replace(
                line,
                description=other_figures(line.description),
                quantity=QUANTITY_FACTOR * line.quantity,
                unit=other_figures(line.unit),
            )
            for line in receipt.lines
        ),
    )


def _invoice(invoice: Invoice) -> Invoice:
    net = PRICE_FACTOR * QUANTITY_FACTOR * invoice.net
    rate = other_percent(invoice.tax_rate)
    tax = cents(net * rate / 100)
    return replace(
        invoice,
        vendor_reference=invoice.vendor_reference.translate(_DIGITS),
        date=other_day(invoice.date),
        received=other_day(invoice.received),
        due_date=other_day(invoice.due_date),
        tax_rate=rate,
        net=net,
        tax=tax,
        gross=net + tax,
        lines=tuple(
            replace(
                line,
                description=other_figures(line.description),
                quantity=QUANTITY_FACTOR * line.quantity,
                unit=other_figures(line.unit),
                unit_price=PRICE_FACTOR * line.unit_price,
                net=PRICE_FACTOR * QUANTITY_FACTOR * line.net,
            )
            for line in invoice.lines
        ),
    )


def _matches(
    world: World,
    invoices: dict[str, Invoice],
    orders: dict[str, PurchaseOrder],
    receipts: Iterable[GoodsReceipt],
    agreements: dict[str, Agreement],
) -> dict[str, Match]:
    of_order: dict[str, list[GoodsReceipt]] = defaultdict(list)
    for receipt in receipts:
        of_order[receipt.po_id].append(receipt)
    earlier: dict[str, list[Invoice]] = defaultdict(list)
    matches = {}
    # The world's invoices stand in the order in which they were received.
    for match in world.matches:
        invoice = invoices[match.invoice_id]
        matches[invoice.id] = compare(
            invoice,
            orders[invoice.po_id] if invoice.po_id else None,
            of_order[invoice.po_id or ""],
            earlier[invoice.vendor_id],
            agreements[invoice.vendor_id],
            other_day(match.checked),
        )
        earlier[invoice.vendor_id].append(invoice)
    return matches


def _approval(approval: Approval) -> Approval:
    return replace(
        approval,
        requested=other_day(approval.requested),
        approved=_maybe(other_day, approval.approved),
    )


def _payment(payment: Payment, invoice: Invoice, agreement: Agreement) -> Payment:
    day = other_day(payment.date)
    discount = Decimal(0)
    if payment.discount_taken:
        discount = cents(invoice.gross * (agreement.discount_percent or Decimal(0)) / 100)
    return replace(
        payment,
        date=day,
        amount=invoice.gross - discount,
        discount_taken=discount,
        days_late=max(0, (day - invoice.due_date).days),
    )


def _hold(hold: Hold, before: Match, after: Match) -> Hold:
    detail = hold.detail
    for old, new in zip(before.discrepancies, after.discrepancies, strict=True):
        detail = detail.replace(old.detail, new.detail).replace(f"({old.item})", f"({new.item})")
    if not before.discrepancies:
        detail = other_figures(detail)
    return replace(
        hold,
        since=other_day(hold.since),
        released=_maybe(other_day, hold.released),
        detail=detail,
    )


def _maybe(change: Callable[[A], B], value: A | None) -> B | None:
    return None if value is None else change(value)
