"""Renders invoices; a vendor's invoices look alike, those of two vendors may not."""

from __future__ import annotations

from corpus.documents.draft import Draft, Rendered
from corpus.documents.shelf import Shelf
from corpus.documents.words import long_date, money, quantity, tax_line
from corpus.ledger.records import Invoice


def render_invoice(shelf: Shelf, invoice: Invoice) -> Rendered:
    """Return the invoice document; its id is the invoice's."""
    vendor = shelf.vendors[invoice.vendor_id]
    draft = Draft(
        invoice.id,
        f"Invoice {invoice.id} from {vendor.full_name}",
        doc_type="invoice",
        date=invoice.date.isoformat(),
        **shelf.about(vendor.id, invoice.id, invoice.po_id),
    )
    layout = shelf.layout("invoice", vendor.id, 3)
    (_listed, _tabled, _letter)[layout](shelf, invoice, draft)
    return draft.done()


def _listed(shelf: Shelf, invoice: Invoice, draft: Draft) -> None:
    vendor = shelf.vendors[invoice.vendor_id]
    draft.pairs(
        [
            ("Vendor", f"{vendor.full_name}, {vendor.city}, {vendor.country}"),
            ("Bill to", "Halvorsen Instruments GmbH, Hamburg"),
            ("Our invoice number", invoice.id),
            ("Vendor reference", invoice.vendor_reference),
            ("Invoice date", invoice.date.isoformat()),
            ("Received", invoice.received.isoformat()),
            ("Due date", invoice.due_date.isoformat()),
            ("Purchase order", invoice.po_id or "not stated"),
            ("Tax number", vendor.tax_id),
        ]
    )
    draft.section("Items")
    _lines(invoice, draft)
    draft.section("Totals")
    entries = [
        ("Net amount", money(invoice.net, invoice.currency)),
        (tax_line(invoice.tax_treatment, invoice.tax_rate), money(invoice.tax, invoice.currency)),
        ("Gross amount", money(invoice.gross, invoice.currency)),
    ]
    draft.pairs(entries)
    _facts(draft, invoice, [f"{key}: {value}" for key, value in entries])
    draft.fact("due_date", f"Due date: {invoice.due_date.isoformat()}")


def _tabled(shelf: Shelf, invoice: Invoice, draft: Draft) -> None:
    vendor = shelf.vendors[invoice.vendor_id]
    due = [invoice.date.isoformat(), invoice.received.isoformat(), invoice.due_date.isoformat()]
    draft.table(
        ["Supplier", "Supplier's no.", "Order"],
        [[vendor.full_name, invoice.vendor_reference, invoice.po_id or "none given"]],
    )
    draft.table(["Issued", "Booked in", "Payable by"], [due])
    draft.section("Services and goods")
    _lines(invoice, draft)
    draft.section("Summary")
    entries = [
        ("Sum excluding VAT", money(invoice.net, invoice.currency)),
        (tax_line(invoice.tax_treatment, invoice.tax_rate), money(invoice.tax, invoice.currency)),
        ("Total including VAT", money(invoice.gross, invoice.currency)),
    ]
    draft.table(["Position", "Amount"], entries)
    _facts(draft, invoice, [draft.row(entry) for entry in entries])
    draft.fact("due_date", draft.row(due))
    draft.prose(f"Please transfer to {vendor.iban}. Registered in {vendor.city}, {vendor.tax_id}.")


def _letter(shelf: Shelf, invoice: Invoice, draft: Draft) -> None:
    vendor = shelf.vendors[invoice.vendor_id]
    order = f"your order {invoice.po_id}" if invoice.po_id else "your verbal order"
    draft.prose(
        f"{vendor.full_name}, {vendor.city}.",
        f"Dear Sir or Madam, with our invoice {invoice.vendor_reference} of "
        f"{long_date(invoice.date)} (booked as {invoice.id}) we charge the following "
        f"under {order}.",
    )
    draft.section("Positions")
    _lines(invoice, draft)
    draft.section("Amount due")
    sentences = [
        f"The net sum is {money(invoice.net, invoice.currency)}.",
        f"We add {tax_line(invoice.tax_treatment, invoice.tax_rate)} of "
        f"{money(invoice.tax, invoice.currency)}.",
        f"The invoice total is {money(invoice.gross, invoice.currency)}.",
    ]
    due = draft.fact(
        "due_date", f"We ask for payment to {vendor.iban} by {long_date(invoice.due_date)}."
    )
    draft.prose(*sentences, due)
    _facts(draft, invoice, sentences)
    draft.prose(f"With kind regards, {vendor.contact}. VAT id {vendor.tax_id}.")


def _facts(draft: Draft, invoice: Invoice, spans: list[str]) -> None:
    for key, span in zip(("net", "tax", "gross"), spans, strict=True):
        draft.fact(key, span)


def _lines(invoice: Invoice, draft: Draft) -> None:
    draft.table(
        ["No.", "Item", "Description", "Quantity", "Unit price", "Net"],
        [
            [
                str(line.number),
                line.sku,
                line.description,
                quantity(line.quantity, line.unit),
                f"{line.unit_price:,.2f}",
                f"{line.net:,.2f}",
            ]
            for line in invoice.lines
        ],
    )
