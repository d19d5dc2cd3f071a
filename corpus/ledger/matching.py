"""The three-way match: compares an invoice with its order and its goods receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from corpus.ledger.kinds import MatchOutcome, MismatchKind
from corpus.ledger.records import (
    Agreement,
    Discrepancy,
    GoodsReceipt,
    Invoice,
    InvoiceLine,
    Match,
    PurchaseOrder,
)

PRICE_TOLERANCE_PERCENT = Decimal(2)
PRICE_TOLERANCE_AMOUNT = Decimal(100)


def plain(value: Decimal) -> str:
    """Write a quantity or a rate without needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, currency: str) -> str:
    """Write an amount as documents do, e.g. ``1,234.50 EUR``."""
    return f"{value:,.2f} {currency}"


def quantity(value: Decimal, unit: str) -> str:
    """Write a quantity with its unit, e.g. ``1 piece``, ``46 boxes``, ``12 kg``."""
    if value == 1 or unit in ("kg", "MWh", "TB"):
        return f"{plain(value)} {unit}"
    first, _, rest = unit.partition(" ")
    plural = first + ("es" if first.endswith("x") else "s")
    if first.endswith("y") and first[-2] not in "aeiou":
        plural = f"{first[:-1]}ies"
    return f"{plain(value)} {plural}{' ' + rest if rest else ''}"


def received_quantity(receipts: Sequence[GoodsReceipt], number: int) -> Decimal:
    """Return how much of an order's position has arrived by these receipts."""
    return sum(
        (line.quantity for gr in receipts for line in gr.lines if line.number == number),
        Decimal(0),
    )


def compare(
    invoice: Invoice,
    order: PurchaseOrder | None,
    receipts: Sequence[GoodsReceipt],
    earlier: Sequence[Invoice],
    agreement: Agreement,
    checked: dt.date,
) -> Match:
    """Return the match as of ``checked``; later receipts are not seen.

    ``earlier`` are the vendor's invoices that were received before this one.
    """
    seen = [receipt for receipt in receipts if receipt.date <= checked]
    found: list[Discrepancy] = []
    twin = next(
        (
            other
            for other in earlier
            if other.vendor_reference == invoice.vendor_reference and other.gross == invoice.gross
        ),
        None,
    )
    if twin:
        found.append(_duplicate(invoice, twin))
    elif order is None:
        found.append(_missing_order(invoice))
    else:
        for line in invoice.lines:
            found.extend(_line(line, order, seen, invoice.currency))
    if invoice.tax_rate != agreement.tax_rate:
        found.append(_tax(invoice, agreement))
    return Match(
        invoice_id=invoice.id,
        po_id=order.id if order else None,
        checked=checked,
        outcome=MatchOutcome.MISMATCH if found else MatchOutcome.MATCHED,
        discrepancies=tuple(found),
    )


def _line(
    line: InvoiceLine, order: PurchaseOrder, receipts: Sequence[GoodsReceipt], currency: str
) -> list[Discrepancy]:
    ordered = next(position for position in order.lines if position.number == line.number)
    found = []
    excess = line.unit_price - ordered.unit_price
    percent = excess / ordered.unit_price * 100
    if percent > PRICE_TOLERANCE_PERCENT or excess * line.quantity > PRICE_TOLERANCE_AMOUNT:
        found.append(
            Discrepancy(
                line.number,
                MismatchKind.PRICE,
                line.description,
                ordered.unit_price,
                line.unit_price,
                excess,
                f"the invoiced unit price of {money(line.unit_price, currency)} is above the "
                f"ordered price of {money(ordered.unit_price, currency)}",
            )
        )
    arrived = received_quantity(receipts, line.number)
    if arrived == 0:
        found.append(
            Discrepancy(
                line.number,
                MismatchKind.MISSING_RECEIPT,
                line.description,
                line.quantity,
                Decimal(0),
                line.quantity,
                f"no goods receipt is posted for the {quantity(line.quantity, line.unit)} invoiced",
            )
        )
    elif line.quantity > arrived:
        found.append(
            Discrepancy(
                line.number,
                MismatchKind.QUANTITY,
                line.description,
                arrived,
                line.quantity,
                line.quantity - arrived,
                f"{quantity(line.quantity, line.unit)} were invoiced but only "
                f"{quantity(arrived, line.unit)} received",
            )
        )
    return found


def _duplicate(invoice: Invoice, twin: Invoice) -> Discrepancy:
    return Discrepancy(
        0,
        MismatchKind.DUPLICATE,
        "whole invoice",
        None,
        None,
        None,
        f"the vendor reference {invoice.vendor_reference} and the gross amount of "
        f"{money(invoice.gross, invoice.currency)} are those of {twin.id}",
    )


def _missing_order(invoice: Invoice) -> Discrepancy:
    return Discrepancy(
        0,
        MismatchKind.MISSING_PO,
        "whole invoice",
        None,
        None,
        None,
        "the invoice quotes no purchase order number",
    )


def _tax(invoice: Invoice, agreement: Agreement) -> Discrepancy:
    return Discrepancy(
        0,
        MismatchKind.TAX,
        "whole invoice",
        agreement.tax_rate,
        invoice.tax_rate,
        invoice.tax_rate - agreement.tax_rate,
        f"the invoice charges {plain(invoice.tax_rate)} % tax where the agreement provides for "
        f"{plain(agreement.tax_rate)} %",
    )
