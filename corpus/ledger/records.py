"""The records of the company's accounts payable.

Amounts are exact ``Decimal`` in the currency of their record, percentages are
``Decimal`` in per cent (19 means 19 %), dates are calendar dates.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from corpus.ledger.kinds import (
    ApprovalStatus,
    HoldKind,
    InvoiceStatus,
    MatchOutcome,
    MismatchKind,
    PaymentStatus,
    TaxTreatment,
)


@dataclass(frozen=True, slots=True)
class Vendor:
    """A supplier. ``name`` is how people call it, ``full_name`` adds the legal form."""

    id: str
    name: str
    legal_form: str
    category: str
    country: str
    city: str
    currency: str
    tax_id: str
    iban: str
    contact: str
    email: str

    @property
    def full_name(self) -> str:
        """Return the registered name, e.g. ``Nordkai Logistik GmbH``."""
        return f"{self.name} {self.legal_form}"


@dataclass(frozen=True, slots=True)
class PriceItem:
    """An item of an agreement's price list, with the market benchmark if it has one."""

    sku: str
    description: str
    unit: str
    unit_price: Decimal
    benchmark_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A framework agreement. Without early-payment discount both its figures are None."""

    id: str
    vendor_id: str
    title: str
    signed: dt.date
    start: dt.date
    end: dt.date
    notice_days: int
    payment_days: int
    discount_percent: Decimal | None
    discount_days: int | None
    currency: str
    tax_treatment: TaxTreatment
    tax_rate: Decimal
    delivery_terms: str
    owner: str
    contact: str
    items: tuple[PriceItem, ...]


@dataclass(frozen=True, slots=True)
class PurchaseOrderLine:
    """One position of a purchase order; ``net`` is quantity times unit price, rounded."""

    number: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """An order to a vendor; ``total`` is the net sum of its lines.

    ``agreement_id`` is set for a call-off under the framework agreement and
    None for an individual order.
    """

    id: str
    vendor_id: str
    agreement_id: str | None
    date: dt.date
    delivery_date: dt.date
    requester: str
    cost_center: str
    currency: str
    total: Decimal
    lines: tuple[PurchaseOrderLine, ...]


@dataclass(frozen=True, slots=True)
class GoodsReceiptLine:
    """What arrived of one position of an order."""

    number: int
    description: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class GoodsReceipt:
    """A delivery, or an acceptance of a service, against a purchase order."""

    id: str
    po_id: str
    vendor_id: str
    date: dt.date
    receiver: str
    location: str
    remark: str
    lines: tuple[GoodsReceiptLine, ...]


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One position of an invoice; ``number`` is that of the order line it bills."""

    number: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """A vendor's invoice. ``gross`` is ``net`` plus ``tax``; ``po_id`` may be missing."""

    id: str
    vendor_id: str
    po_id: str | None
    vendor_reference: str
    date: dt.date
    received: dt.date
    due_date: dt.date
    currency: str
    tax_treatment: TaxTreatment
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    status: InvoiceStatus
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Why an invoice does not match, in figures where there are any.

    ``expected`` and ``actual`` are unit prices, quantities or tax rates, as
    ``kind`` says; ``number`` is the position, 0 for the invoice as a whole;
    ``detail`` says it in words.
    """

    number: int
    kind: MismatchKind
    item: str
    expected: Decimal | None
    actual: Decimal | None
    difference: Decimal | None
    detail: str


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome of comparing invoice, purchase order and goods receipts."""

    invoice_id: str
    po_id: str | None
    checked: dt.date
    outcome: MatchOutcome
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """One step of an invoice's approval. A pending step has neither approval date nor decision."""

    id: str
    invoice_id: str
    step: int
    role: str
    approver: str
    requested: dt.date
    approved: dt.date | None
    status: ApprovalStatus


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of one invoice; ``amount`` is gross less the discount taken."""

    id: str
    invoice_id: str
    vendor_id: str
    run_id: str
    date: dt.date
    currency: str
    amount: Decimal
    discount_taken: Decimal
    days_late: int
    status: PaymentStatus


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an invoice was not paid when it was due, and until when (None: still held)."""

    invoice_id: str
    vendor_id: str
    kind: HoldKind
    since: dt.date
    released: dt.date | None
    detail: str
    owner: str
    told_in: str


@dataclass(frozen=True, slots=True)
class PaymentRun:
    """One run of the payment programme."""

    id: str
    date: dt.date
    operator: str
    method: str


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice that is not paid yet; ``days_overdue`` is 0 before the due date."""

    invoice_id: str
    vendor_id: str
    date: dt.date
    due_date: dt.date
    currency: str
    open_amount: Decimal
    days_overdue: int
    status: InvoiceStatus


@dataclass(frozen=True, slots=True)
class AmountByCurrency:
    """A sum in one currency over ``count`` invoices."""

    currency: str
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over many invoices: how many, and for a sum its amount by currency."""

    measure: str
    count: int
    amounts: tuple[AmountByCurrency, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkLine:
    """An ordered price against the market: ``difference_percent`` above 0 is dearer."""

    po_id: str
    number: int
    sku: str
    description: str
    currency: str
    unit_price: Decimal
    benchmark_price: Decimal | None
    difference_percent: Decimal | None
