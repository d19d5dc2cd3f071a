"""Renders e-mail notes: some say why a payment waits, most are everyday business."""

from __future__ import annotations

import datetime as dt

from corpus.documents.draft import Draft, Rendered
from corpus.documents.reasons import hold_sentence
from corpus.documents.shelf import Shelf
from corpus.documents.words import long_date, money
from corpus.ledger.draw import after, pick, whole
from corpus.ledger.kinds import HoldKind
from corpus.ledger.records import Hold, Invoice, Vendor
from corpus.ledger.vocabulary import CLERKS

OPENINGS = (
    "Hello {to}, you asked about {invoice} from {vendor}.",
    "Hi {to}, a short note on {vendor}, invoice {invoice}.",
    "Dear {to}, regarding the open item {invoice} ({vendor}):",
    "{to}, as discussed on the phone this morning about {vendor} and {invoice}.",
    "Good morning {to}, this is where we stand with {invoice} of {vendor}.",
)
STILL = (
    "I will come back to you as soon as it is settled.",
    "Until then it stays out of the payment runs.",
    "Please do not release it before I confirm.",
    "No payment date can be promised at the moment.",
)
SETTLED = (
    "It was cleared on {day}, so it can go into the next run.",
    "Since {day} the block is off again.",
    "We could lift the block on {day}.",
)
CLOSINGS = ("Best regards, {sender}", "Thanks, {sender}", "Kind regards, {sender}", "{sender}")

CHATTER = (
    (
        "Statement of account",
        "please find our statement of account attached. If anything is unclear, ring us at any "
        "time. We value the cooperation and look forward to the next orders.",
    ),
    (
        "New contact for invoices",
        "from next month on, questions about our invoices can be addressed to our accounts "
        "receivable team. Nothing else changes, terms and bank account remain as they are.",
    ),
    (
        "Delivery in two parts",
        "the next delivery will come in two parts because the carrier has no free capacity this "
        "week. We apologise and will send the papers with each part.",
    ),
    (
        "Price list next year",
        "we plan to send the proposal for next year's price list in autumn. The prices of the "
        "framework agreement stay valid until then.",
    ),
    (
        "Remittance advice",
        "thank you for the last transfer. Could you send the remittance advice by e-mail in "
        "future, so that we can allocate the amounts more quickly?",
    ),
    (
        "Visit in Hamburg",
        "I shall be in Hamburg in the week after next and would like to use the occasion to talk "
        "about volumes and delivery reliability. Would Wednesday suit you?",
    ),
)


def render_hold_mail(shelf: Shelf, hold: Hold) -> Rendered:
    """Return the e-mail that says why an invoice is or was held."""
    luck = shelf.luck.child("hold mail", hold.invoice_id)
    invoice, vendor = shelf.invoices[hold.invoice_id], shelf.vendors[hold.vendor_id]
    sender = hold.owner
    to = pick(luck, [c for c in CLERKS if c != sender], "to")
    day = after(hold.released or hold.since, 1)
    draft = _mail(shelf, hold.told_in, vendor, invoice, day, sender, to, _subject(hold.kind))
    opening = pick(luck, OPENINGS, "opening").format(
        to=to.split()[0], invoice=invoice.id, vendor=vendor.name
    )
    reason = draft.fact("reason", hold_sentence(luck, hold, shelf.matches[hold.invoice_id]))
    status = (
        pick(luck, SETTLED, "settled").format(day=long_date(hold.released))
        if hold.released
        else pick(luck, STILL, "still")
    )
    draft.prose(opening)
    draft.prose(reason, status)
    draft.prose(pick(luck, CLOSINGS, "closing").format(sender=sender))
    return draft.done()


def _subject(kind: HoldKind) -> str:
    return {
        HoldKind.BANK_DETAILS: "Vendor master data",
        HoldKind.QUALITY: "Complaint",
    }.get(kind, "Payment status")


def render_inquiry(shelf: Shelf, invoice: Invoice) -> Rendered:
    """Return a vendor's question about the payment of an invoice, which gives no reason."""
    luck = shelf.luck.child("inquiry", invoice.id)
    vendor = shelf.vendors[invoice.vendor_id]
    to = pick(luck, CLERKS, "to")
    day = min(after(invoice.due_date, whole(luck, 1, 6, "day")), dt.date(2026, 6, 30))
    draft = _mail(
        shelf,
        f"MAIL-{invoice.id}-Q",
        vendor,
        invoice,
        day,
        vendor.contact,
        to,
        f"Your payment of {invoice.vendor_reference}",
    )
    draft.prose(
        f"Dear {to.split()[0]},",
        f"our books show {invoice.vendor_reference} of {long_date(invoice.date)} over "
        f"{money(invoice.gross, invoice.currency)} (your number {invoice.id}).",
        pick(
            luck,
            (
                "Could you tell us when we may expect the money?",
                "May we ask whether everything is in order with it?",
                "We would be grateful for a word on the state of payment.",
            ),
            "question",
        ),
    )
    draft.prose(f"Kind regards, {vendor.contact}, {vendor.full_name}")
    return draft.done()


def render_chatter(shelf: Shelf, vendor: Vendor, number: int) -> Rendered:
    """Return an everyday e-mail of a vendor."""
    luck = shelf.luck.child("chatter", vendor.id, number)
    subject, body = pick(luck, CHATTER, "topic")
    to = pick(luck, CLERKS, "to")
    day = after(dt.date(2026, 1, 7), whole(luck, 0, 160, "day"))
    draft = _mail(
        shelf, f"MAIL-{vendor.id}-{number}", vendor, None, day, vendor.contact, to, subject
    )
    draft.prose(f"Dear {to.split()[0]}, {body}")
    draft.prose(f"Best wishes, {vendor.contact}, {vendor.full_name}")
    return draft.done()


def _mail(
    shelf: Shelf,
    doc_id: str,
    vendor: Vendor,
    invoice: Invoice | None,
    day: dt.date,
    sender: str,
    to: str,
    subject: str,
) -> Draft:
    about = f"{subject}: {invoice.id}, {vendor.name}" if invoice else f"{subject}, {vendor.name}"
    draft = Draft(
        doc_id,
        f"E-mail of {day.isoformat()}: {about}",
        doc_type="email",
        date=day.isoformat(),
        **shelf.about(vendor.id, invoice.id if invoice else None),
    )
    draft.pairs(
        [("From", sender), ("To", to), ("Date", day.isoformat()), ("Subject", about)], "{0}: {1}"
    )
    return draft
