"""Puts the ledger's records together into the answers of the erp service.

Every function raises ``UnknownRecordError`` for an id that the ledger does not hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from corpus.ledger import Ledger
from corpus.ledger.kinds import ApprovalStatus, InvoiceStatus, MatchOutcome
from corpus.ledger.matching import received_quantity
from corpus.ledger.records import Approval, Match, OpenItem
from services.erp.wire import (
    Approvals,
    ApprovalState,
    Benchmark,
    InvoiceAggregate,
    MatchAnswer,
    Measure,
    OpenItems,
    Payments,
    Receipts,
    Vendors,
    amounts,
)
from services.erp.wire_records import (
    Amount,
    ApprovalRecord,
    BenchmarkRecord,
    DeliveredLine,
    DiscrepancyRecord,
    InvoiceRecord,
    OpenItemRecord,
    OrderRecord,
    PaymentRecord,
    ReceiptRecord,
    Terms,
    VendorDetail,
    VendorRecord,
)


def vendors(ledger: Ledger, name: str) -> Vendors:
    """Return the vendors whose full name holds the text."""
    items = [VendorRecord.of(found) for found in ledger.find_vendors(name)]
    return Vendors(name=name, items=items, count=len(items))


def vendor(ledger: Ledger, vendor_id: str) -> VendorDetail:
    """Return a vendor with the terms of its framework agreement."""
    terms = Terms.of(ledger.agreement(vendor_id))
    return VendorDetail.of(ledger.vendor(vendor_id), agreement=terms)


def open_items(ledger: Ledger, vendor_id: str) -> OpenItems:
    """Return the vendor's unpaid invoices by due date, with their sums."""
    name = ledger.vendor(vendor_id).full_name
    found = ledger.open_items(vendor_id)
    return OpenItems(
        vendor_id=vendor_id,
        vendor=name,
        total_open=_sums(found),
        overdue_total=_sums(item for item in found if item.days_overdue > 0),
        items=[OpenItemRecord.of(item, invoice_date=item.date) for item in found],
        count=len(found),
    )


def invoice(ledger: Ledger, invoice_id: str) -> InvoiceRecord:
    """Return an invoice with its lines."""
    found = ledger.invoice(invoice_id)
    return InvoiceRecord.of(
        found,
        vendor=ledger.vendor(found.vendor_id).full_name,
        invoice_date=found.date,
        received_on=found.received,
    )


def match(ledger: Ledger, invoice_id: str) -> MatchAnswer:
    """Return how invoice, purchase order and goods receipts agree."""
    found = ledger.match(invoice_id)
    vendor_id = ledger.invoice(invoice_id).vendor_id
    name = ledger.vendor(vendor_id).full_name
    return MatchAnswer(
        invoice_id=invoice_id,
        vendor_id=vendor_id,
        vendor=name,
        po_id=found.po_id,
        checked_on=found.checked,
        outcome=found.outcome,
        result=_in_words(found, name),
        discrepancies=[
            # Number 0 stands for the invoice as a whole.
            DiscrepancyRecord.of(item, number=item.number or None)
            for item in found.discrepancies
        ],
    )


def approvals(ledger: Ledger, invoice_id: str) -> Approvals:
    """Return the invoice's approval steps, and where they stand together."""
    found = ledger.approvals(invoice_id)
    return Approvals(
        invoice_id=invoice_id,
        vendor=ledger.vendor(ledger.invoice(invoice_id).vendor_id).full_name,
        status=_state(found),
        items=[
            ApprovalRecord.of(step, requested_on=step.requested, approved_on=step.approved)
            for step in found
        ],
        count=len(found),
    )


def payments(ledger: Ledger, invoice_id: str | None, vendor_id: str | None) -> Payments:
    """Return the payments of an invoice, of a vendor, or of both, by date.

    An invoice that is asked for decides about the vendor that is named.
    """
    asked = None if invoice_id is None else ledger.invoice(invoice_id)
    owner = ledger.vendor(asked.vendor_id if asked else vendor_id or "")
    found = ledger.payments(invoice_id, vendor_id)
    unpaid = asked if not found else None
    return Payments(
        invoice_id=invoice_id,
        vendor_id=owner.id,
        vendor=owner.full_name,
        paid=unpaid.status is InvoiceStatus.PAID if unpaid else None,
        status=unpaid.status if unpaid else None,
        due_date=unpaid.due_date if unpaid else None,
        items=[
            PaymentRecord.of(payment, vendor=owner.full_name, paid_on=payment.date)
            for payment in found
        ],
        count=len(found),
    )


def order(ledger: Ledger, po_id: str) -> OrderRecord:
    """Return a purchase order with its lines."""
    found = ledger.purchase_order(po_id)
    return OrderRecord.of(
        found,
        vendor=ledger.vendor(found.vendor_id).full_name,
        ordered_on=found.date,
        expected_delivery=found.delivery_date,
    )


def receipts(ledger: Ledger, po_id: str) -> Receipts:
    """Return a purchase order's goods receipts, and what has arrived of each line."""
    ordered = ledger.purchase_order(po_id)
    found = ledger.receipts(po_id)
    return Receipts(
        po_id=po_id,
        vendor=ledger.vendor(ordered.vendor_id).full_name,
        lines=[
            DeliveredLine.of(
                line,
                quantity_ordered=line.quantity,
                quantity_received=received_quantity(found, line.number),
            )
            for line in ordered.lines
        ],
        items=[ReceiptRecord.of(receipt, received_on=receipt.date) for receipt in found],
        count=len(found),
    )


def benchmark(ledger: Ledger, po_id: str) -> Benchmark:
    """Return each line's price against the market benchmark."""
    items = [BenchmarkRecord.of(line) for line in ledger.benchmark(po_id)]
    name = ledger.vendor(ledger.purchase_order(po_id).vendor_id).full_name
    return Benchmark(po_id=po_id, vendor=name, items=items, count=len(items))


def aggregate(
    ledger: Ledger,
    measure: Measure,
    vendor_id: str | None,
    status: InvoiceStatus | None,
    month: str | None,
) -> InvoiceAggregate:
    """Count invoices, or sum them by currency; a count has no amounts."""
    name = None if vendor_id is None else ledger.vendor(vendor_id).full_name
    found = ledger.aggregate(measure, vendor_id, status, month)
    return InvoiceAggregate(
        measure=measure,
        vendor_id=vendor_id,
        vendor=name,
        status=status,
        month=month,
        invoice_count=found.count,
        amounts=None if measure == "count" else [Amount.of(part) for part in found.amounts],
    )


def _sums(items: Iterable[OpenItem]) -> list[Amount]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        sums[item.currency] += item.open_amount
    return amounts(sums)


def _state(steps: Iterable[Approval]) -> ApprovalState:
    reached = {step.status for step in steps}
    if not reached:
        return "no approval requested"
    return "pending" if ApprovalStatus.PENDING in reached else "approved"


def _in_words(found: Match, vendor_name: str) -> str:
    subject = f"Invoice {found.invoice_id} of {vendor_name}"
    other = f"purchase order {found.po_id}" if found.po_id else "any purchase order"
    if found.outcome is MatchOutcome.MATCHED:
        return f"{subject} matches {other} and its goods receipts."
    reasons = "; ".join(
        f"{item.detail} ({item.item})" if item.number else item.detail
        for item in found.discrepancies
    )
    return f"{subject} does not match {other}: {reasons}."
