"""How documents write dates, amounts, rates and ledger terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from corpus.ledger.kinds import MismatchKind, TaxTreatment
from corpus.ledger.matching import money, plain, quantity

__all__ = [
    "MISMATCH_WORDS",
    "TAX_WORDS",
    "long_date",
    "money",
    "percent",
    "plain",
    "quantity",
    "tax_line",
]

MISMATCH_WORDS = {
    MismatchKind.PRICE: "Price variance",
    MismatchKind.QUANTITY: "Quantity variance",
    MismatchKind.MISSING_RECEIPT: "Goods receipt missing",
    MismatchKind.MISSING_PO: "Purchase order missing",
    MismatchKind.DUPLICATE: "Duplicate suspected",
    MismatchKind.TAX: "Tax variance",
}

TAX_WORDS = {
    TaxTreatment.STANDARD: "standard rate",
    TaxTreatment.REDUCED: "reduced rate",
    TaxTreatment.REVERSE_CHARGE: "reverse charge",
    TaxTreatment.EXPORT: "tax-free supply from a third country",
}


def long_date(day: dt.date) -> str:
    """Write a date as letters do, e.g. ``3 March 2026``."""
    return f"{day.day} {day:%B %Y}"


def percent(value: Decimal) -> str:
    """Write a rate, e.g. ``2.5 %``."""
    return f"{plain(value)} %"


def tax_line(treatment: TaxTreatment, rate: Decimal) -> str:
    """Write how something is taxed, e.g. ``VAT 19 % (standard rate)``."""
    return f"VAT {percent(rate)} ({TAX_WORDS[treatment]})"
