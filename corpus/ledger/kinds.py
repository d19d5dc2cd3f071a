"""The closed vocabularies of the ledger; each value is what the database stores."""

from __future__ import annotations

from enum import StrEnum


class TaxTreatment(StrEnum):
    """How an invoice is taxed."""

    STANDARD = "standard_rate"
    REDUCED = "reduced_rate"
    REVERSE_CHARGE = "reverse_charge"
    EXPORT = "tax_free_import"


class InvoiceStatus(StrEnum):
    """Where an invoice stands."""

    PAID = "paid"
    SCHEDULED = "scheduled"
    PENDING_APPROVAL = "pending_approval"
    ON_HOLD = "on_hold"


class MatchOutcome(StrEnum):
    """Whether invoice, order and receipts agree."""

    MATCHED = "matched"
    MISMATCH = "mismatch"


class MismatchKind(StrEnum):
    """In what they disagree."""

    PRICE = "price_variance"
    QUANTITY = "quantity_variance"
    MISSING_RECEIPT = "missing_receipt"
    MISSING_PO = "missing_po"
    DUPLICATE = "duplicate_suspect"
    TAX = "tax_variance"


class ApprovalStatus(StrEnum):
    """Whether an approval step is done."""

    APPROVED = "approved"
    PENDING = "pending"


class PaymentStatus(StrEnum):
    """Whether the bank has carried a payment out."""

    EXECUTED = "executed"


class HoldKind(StrEnum):
    """Why an invoice is not paid in time."""

    PO_DISCREPANCY = "po_discrepancy"
    MISSING_APPROVAL = "missing_approval"
    MISSING_RECEIPT = "missing_receipt"
    BANK_DETAILS = "bank_details_change"
    QUALITY = "disputed_quality"
    DUPLICATE = "duplicate_check"
    TAX_CORRECTION = "tax_correction"
    TAX_CERTIFICATE = "missing_tax_certificate"
