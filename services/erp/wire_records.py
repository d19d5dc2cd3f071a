"""The records as the erp service returns them: every field named for what it holds.

Amounts are in the currency of their record, percentages are per cent. A field
that is missing has nothing to tell; a field that is null tells that there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from corpus.ledger.kinds import (
    ApprovalStatus,
    InvoiceStatus,
    MismatchKind,
    PaymentStatus,
    TaxTreatment,
)

T = TypeVar("T")


def _nothing(value: object) -> bool:
    return value is None or value == ""


Told = Annotated[T | None, Field(exclude_if=_nothing)]
"""A field that is left out when it is None."""


class Record(BaseModel):
    """A record that takes what it can from one of the ledger's."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, record: object, **named: object) -> Self:
        """Copy the fields that bear the same name, and set those in ``named``."""
        same: Mapping[str, Any] = {
            name: getattr(record, name)
            for name in cls.model_fields
            if name not in named and hasattr(record, name)
        }
        return cls.model_validate({**same, **named}, from_attributes=True)


class Amount(Record):
    """A sum in one currency."""

    currency: str
    amount: Decimal


class VendorRecord(Record):
    """A vendor. ``name`` is how people call it, ``full_name`` adds the legal form."""

    id: str
    name: str
    full_name: str
    category: str
    country: str
    city: str
    currency: str
    tax_id: str
    iban: str
    contact: str
    email: str


class Terms(Record):
    """A framework agreement without its price list; null means that there is no discount."""

    id: str
    title: str
    start: dt.date
    end: dt.date
    notice_days: int
    payment_days: int
    discount_percent: Decimal | None
    discount_days: Told[int] = None
    currency: str
    tax_treatment: TaxTreatment
    tax_rate: Decimal
    delivery_terms: str


class VendorDetail(VendorRecord):
    """A vendor with the terms of its framework agreement."""

    agreement: Terms


class PricedLine(Record):
    """One position of an order or an invoice; ``net`` is quantity times unit price."""

    number: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Decimal


class InvoiceRecord(Record):
    """An invoice with its lines; a ``po_id`` of null means that it names no purchase order."""

    id: str
    vendor_id: str
    vendor: str
    po_id: str | None
    vendor_reference: str
    invoice_date: dt.date
    received_on: dt.date
    due_date: dt.date
    currency: str
    tax_treatment: TaxTreatment
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    status: InvoiceStatus
    lines: list[PricedLine]


class OrderRecord(Record):
    """A purchase order with its lines; an individual order has an ``agreement_id`` of null."""

    id: str
    vendor_id: str
    vendor: str
    agreement_id: str | None
    ordered_on: dt.date
    expected_delivery: dt.date
    requester: str
    cost_center: str
    currency: str
    total: Decimal
    lines: list[PricedLine]


class ReceivedLine(Record):
    """What arrived of one ordered line by one delivery."""

    number: int
    description: str
    quantity: Decimal
    unit: str


class ReceiptRecord(Record):
    """A delivery, or an acceptance of a service."""

    id: str
    received_on: dt.date
    receiver: str
    location: str
    remark: Told[str] = None
    lines: list[ReceivedLine]


class DeliveredLine(Record):
    """An ordered line, and how much of it has arrived by all deliveries."""

    number: int
    description: str
    unit: str
    quantity_ordered: Decimal
    quantity_received: Decimal


class PaymentRecord(Record):
    """A payment of one invoice; ``amount`` is gross less the discount taken."""

    id: str
    invoice_id: str
    vendor_id: str
    vendor: str
    run_id: str
    paid_on: dt.date
    currency: str
    amount: Decimal
    discount_taken: Decimal
    days_late: int
    status: PaymentStatus


class ApprovalRecord(Record):
    """One step of an invoice's approval; a pending step has no ``approved_on``."""

    id: str
    step: int
    role: str
    approver: str
    requested_on: dt.date
    approved_on: Told[dt.date] = None
    status: ApprovalStatus


class OpenItemRecord(Record):
    """An invoice that is not paid yet; ``days_overdue`` is 0 before the due date."""

    invoice_id: str
    invoice_date: dt.date
    due_date: dt.date
    currency: str
    open_amount: Decimal
    days_overdue: int
    status: InvoiceStatus


class DiscrepancyRecord(Record):
    """Why an invoice does not match; without a ``number`` it concerns the whole invoice."""

    number: Told[int] = None
    kind: MismatchKind
    item: str
    expected: Told[Decimal] = None
    actual: Told[Decimal] = None
    difference: Told[Decimal] = None
    detail: str


class BenchmarkRecord(Record):
    """An ordered price against the market's; a price of null means that there is none.

    A ``difference_percent`` above 0 means that the order is dearer.
    """

    number: int
    sku: str
    description: str
    currency: str
    unit_price: Decimal
    benchmark_price: Decimal | None
    difference_percent: Told[Decimal] = None
