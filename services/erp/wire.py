"""The answers of the erp service: each names its subject before it lists records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from corpus.ledger.kinds import InvoiceStatus, MatchOutcome
from services.erp.wire_records import (
    Amount,
    ApprovalRecord,
    BenchmarkRecord,
    DeliveredLine,
    DiscrepancyRecord,
    OpenItemRecord,
    PaymentRecord,
    ReceiptRecord,
    Told,
    VendorRecord,
)

Measure = Literal["count", "gross", "net", "tax"]
ApprovalState = Literal["approved", "pending", "no approval requested"]


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": fields})


def _eur(amount: str) -> dict[str, str]:
    return {"currency": "EUR", "amount": amount}


class Vendors(BaseModel):
    """The vendors whose full name holds the text ``name``."""

    name: str
    items: list[VendorRecord]
    count: int


class OpenItems(BaseModel):
    """What a vendor is still owed, and how much of it is past its due date."""

    model_config = _example(
        vendor_id="V-1001",
        vendor="Nordkai Logistik GmbH",
        total_open=[_eur("1190.00")],
        overdue_total=[_eur("1190.00")],
        items=[
            {
                "invoice_id": "INV-2026-0133",
                "invoice_date": "2026-05-12",
                "due_date": "2026-06-11",
                "currency": "EUR",
                "open_amount": "1190.00",
                "days_overdue": 19,
                "status": "on_hold",
            }
        ],
        count=1,
    )

    vendor_id: str
    vendor: str
    total_open: list[Amount]
    overdue_total: list[Amount]
    items: list[OpenItemRecord]
    count: int


class Payments(BaseModel):
    """Payments of an invoice or of a vendor.

    An invoice without payment is told by ``paid``, with where it stands and
    when it is due.
    """

    model_config = _example(
        invoice_id="INV-2026-0133",
        vendor_id="V-1001",
        vendor="Nordkai Logistik GmbH",
        paid=False,
        status="on_hold",
        due_date="2026-06-11",
        items=[],
        count=0,
    )

    invoice_id: Told[str] = None
    vendor_id: str
    vendor: str
    paid: Told[bool] = None
    status: Told[InvoiceStatus] = None
    due_date: Told[dt.date] = None
    items: list[PaymentRecord]
    count: int


class Approvals(BaseModel):
    """The approval of an invoice as a whole, and its steps."""

    model_config = _example(
        invoice_id="INV-2026-0133",
        vendor="Nordkai Logistik GmbH",
        status="pending",
        items=[
            {
                "id": "APP-0207",
                "step": 1,
                "role": "department_head",
                "approver": "Merle Hansen",
                "requested_on": "2026-05-14",
                "status": "pending",
            }
        ],
        count=1,
    )

    invoice_id: str
    vendor: str
    status: ApprovalState
    items: list[ApprovalRecord]
    count: int


class MatchAnswer(BaseModel):
    """How invoice, purchase order and goods receipts agree; ``result`` says it in words."""

    model_config = _example(
        invoice_id="INV-2026-0133",
        vendor_id="V-1001",
        vendor="Nordkai Logistik GmbH",
        po_id="PO-2026-0042",
        checked_on="2026-05-14",
        outcome="mismatch",
        result="Invoice INV-2026-0133 of Nordkai Logistik GmbH does not match purchase order "
        "PO-2026-0042: no goods receipt is posted for the 57 days invoiced (Bonded storage).",
        discrepancies=[
            {
                "number": 1,
                "kind": "missing_receipt",
                "item": "Bonded storage",
                "expected": "57",
                "actual": "0",
                "difference": "57",
                "detail": "no goods receipt is posted for the 57 days invoiced",
            }
        ],
    )

    invoice_id: str
    vendor_id: str
    vendor: str
    po_id: str | None
    checked_on: dt.date
    outcome: MatchOutcome
    result: str
    discrepancies: list[DiscrepancyRecord]


class Receipts(BaseModel):
    """What has arrived of a purchase order: by ordered line, and by delivery."""

    model_config = _example(
        po_id="PO-2026-0042",
        vendor="Nordkai Logistik GmbH",
        lines=[
            {
                "number": 1,
                "description": "Euro pallet, exchange",
                "unit": "piece",
                "quantity_ordered": "91",
                "quantity_received": "68",
            }
        ],
        items=[
            {
                "id": "GR-2026-0040",
                "received_on": "2026-04-22",
                "receiver": "Beate Schuster",
                "location": "Dock 2, Hamburg",
                "lines": [
                    {
                        "number": 1,
                        "description": "Euro pallet, exchange",
                        "quantity": "68",
                        "unit": "piece",
                    }
                ],
            }
        ],
        count=1,
    )

    po_id: str
    vendor: str
    lines: list[DeliveredLine]
    items: list[ReceiptRecord]
    count: int


class Benchmark(BaseModel):
    """The prices of a purchase order against the market benchmark."""

    model_config = _example(
        po_id="PO-2026-0042",
        vendor="Nordkai Logistik GmbH",
        items=[
            {
                "number": 1,
                "sku": "LO-PAL",
                "description": "Euro pallet, exchange",
                "currency": "EUR",
                "unit_price": "9.40",
                "benchmark_price": "9.00",
                "difference_percent": "4.4",
            }
        ],
        count=1,
    )

    po_id: str
    vendor: str
    items: list[BenchmarkRecord]
    count: int


class InvoiceAggregate(BaseModel):
    """How many invoices there are, or what they sum to, with the filters that were asked for."""

    model_config = _example(
        measure="gross",
        vendor_id="V-1001",
        vendor="Nordkai Logistik GmbH",
        month="2026-05",
        invoice_count=2,
        amounts=[_eur("3570.00")],
    )

    measure: Measure
    vendor_id: Told[str] = None
    vendor: Told[str] = None
    status: Told[InvoiceStatus] = None
    month: Told[str] = None
    invoice_count: int
    amounts: Told[list[Amount]] = None


def amounts(sums: dict[str, Decimal]) -> list[Amount]:
    """Return sums by currency, in the order of the currencies."""
    return [Amount(currency=currency, amount=sums[currency]) for currency in sorted(sums)]
