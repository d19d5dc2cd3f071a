"""Renders framework agreements, with the clauses that all of them share."""

from __future__ import annotations

from corpus.documents.draft import Draft, Rendered
from corpus.documents.shelf import Shelf
from corpus.documents.words import TAX_WORDS, long_date, percent
from corpus.ledger.kinds import TaxTreatment
from corpus.ledger.records import Agreement

TAX_REASON = {
    TaxTreatment.STANDARD: "The supplies are taxable in Germany.",
    TaxTreatment.REDUCED: "The supplies are on the list of goods at the reduced rate.",
    TaxTreatment.REVERSE_CHARGE: "The tax is owed by the recipient and accounted for by the Buyer.",
    TaxTreatment.EXPORT: "Import VAT is settled by the Buyer with customs.",
}


def render_agreement(shelf: Shelf, agreement: Agreement) -> Rendered:
    """Return the agreement document; its id is the agreement's."""
    vendor = shelf.vendors[agreement.vendor_id]
    draft = Draft(
        agreement.id,
        agreement.title,
        doc_type="agreement",
        date=agreement.signed.isoformat(),
        **shelf.about(vendor.id),
    )
    layout = shelf.layout("agreement", vendor.id, 3)
    draft.section("1. Parties and subject")
    draft.prose(
        f"This framework agreement {agreement.id} is made between Halvorsen Instruments GmbH, "
        f"Hamburg (the Buyer) and {vendor.full_name}, {vendor.city}, {vendor.country} "
        "(the Vendor).",
        f"It covers {vendor.category} as listed in the annex and was signed on "
        f"{long_date(agreement.signed)}.",
        "Individual orders are placed as call-offs that quote the number of this agreement.",
    )
    draft.section("2. Term and termination")
    draft.prose(*_term(draft, agreement, layout))
    draft.section("3. Prices and currency")
    draft.prose(
        draft.fact("currency", f"All prices are fixed prices in {agreement.currency}."),
        "They include packaging and are reviewed once a year against the market benchmark.",
    )
    draft.section("4. Payment")
    if layout == 1:
        _payment_table(draft, agreement)
    else:
        draft.prose(*_payment(draft, agreement, layout))
    draft.section("5. Tax")
    draft.prose(
        draft.fact(
            "tax",
            f"Invoices are issued under {TAX_WORDS[agreement.tax_treatment]} at "
            f"{percent(agreement.tax_rate)} VAT.",
        ),
        TAX_REASON[agreement.tax_treatment],
    )
    draft.section("6. Delivery and acceptance")
    draft.prose(
        f"Delivery terms are {agreement.delivery_terms}, Incoterms 2020.",
        "Risk passes on receipt by the Buyer. Short deliveries are noted on the goods receipt, and "
        "only what was received may be invoiced.",
    )
    draft.section("7. Contacts")
    draft.prose(
        draft.fact("contact", f"The Vendor's contact is {agreement.contact}, {vendor.email}."),
        f"On the Buyer's side {agreement.owner} of Procurement is responsible.",
    )
    draft.section("8. General provisions")
    draft.prose(
        "Confidential information is kept for five years after the end of the agreement.",
        "Liability for ordinary negligence is limited to the value of the order concerned.",
        "Changes need written form. The place of jurisdiction is Hamburg.",
    )
    _annex(draft, agreement)
    return draft.done()


def _term(draft: Draft, agreement: Agreement, layout: int) -> list[str]:
    start, end = long_date(agreement.start), long_date(agreement.end)
    days = agreement.notice_days
    if layout == 0:
        term = f"The agreement runs from {start} to {end}."
        notice = f"Either party may terminate it with {days} days' notice in writing."
    elif layout == 1:
        term = f"It takes effect on {start} and expires on {end}."
        notice = f"The notice period is {days} days to the end of a month."
    else:
        term = f"Start of the contract is {start}; it ends on {end} unless it is renewed."
        notice = f"Termination by either side requires {days} days' written notice."
    return [draft.fact("end", term), draft.fact("notice", notice)]


def _payment(draft: Draft, agreement: Agreement, layout: int) -> list[str]:
    days = agreement.payment_days
    if layout == 0:
        terms = f"Invoices are payable within {days} days of the invoice date."
    else:
        terms = f"The Buyer pays correct invoices net {days} days from their date."
    if agreement.discount_percent is None:
        discount = "No discount is granted for early payment."
    elif layout == 0:
        discount = (
            f"For payment within {agreement.discount_days} days a discount of "
            f"{percent(agreement.discount_percent)} may be deducted."
        )
    else:
        discount = (
            f"The Buyer may deduct {percent(agreement.discount_percent)} if it pays within "
            f"{agreement.discount_days} days."
        )
    return [
        draft.fact("terms", terms),
        draft.fact("discount", discount),
        "A term does not begin before a correct invoice has been received.",
    ]


def _payment_table(draft: Draft, agreement: Agreement) -> None:
    discount = ["Early-payment discount", "none agreed"]
    if agreement.discount_percent is not None:
        discount[1] = f"{percent(agreement.discount_percent)} within {agreement.discount_days} days"
    terms = ["Payment term", f"{agreement.payment_days} days net from invoice date"]
    draft.table(["Condition", "Agreed"], [terms, discount, ["Method", "bank transfer"]])
    draft.fact("terms", draft.row(terms))
    draft.fact("discount", draft.row(discount))


def _annex(draft: Draft, agreement: Agreement) -> None:
    draft.section("Annex A. Price list")
    draft.table(
        ["Item", "Description", "Unit", f"Agreed price {agreement.currency}"],
        [[i.sku, i.description, i.unit, f"{i.unit_price:,.2f}"] for i in agreement.items],
    )
    draft.section("Annex B. Market benchmark")
    rows = [
        [i.sku, i.description, f"{i.benchmark_price:,.2f} {agreement.currency} per {i.unit}"]
        for i in agreement.items
        if i.benchmark_price is not None
    ]
    if not rows:
        draft.prose("No benchmark prices have been collected for these items.")
        return
    draft.prose("Benchmark prices of the fourth quarter of 2025, for comparison with order prices.")
    draft.table(["Item", "Description", "Benchmark price"], rows)
    for row in rows:
        draft.fact(f"benchmark:{row[0]}", draft.row(row))
