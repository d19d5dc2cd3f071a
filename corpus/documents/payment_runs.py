"""Renders payment-run reports: what was paid, and what was held back."""

from __future__ import annotations

from corpus.documents.draft import Draft, Rendered
from corpus.documents.reasons import hold_phrase
from corpus.documents.shelf import Shelf
from corpus.documents.words import long_date, money
from corpus.ledger.records import Hold, PaymentRun


def render_run(shelf: Shelf, run: PaymentRun) -> Rendered:
    """Return the report of one payment run; its id is the run's."""
    draft = Draft(
        run.id,
        f"Payment run report of {long_date(run.date)}",
        doc_type="payment_run",
        date=run.date.isoformat(),
    )
    payments = [p for p in shelf.world.payments if p.run_id == run.id]
    draft.prose(
        f"Run {run.id} was carried out on {long_date(run.date)} by {run.operator} "
        f"({run.method}). It holds {len(payments)} payments."
    )
    draft.section("Payments")
    if payments:
        rows = [
            [
                payment.id,
                payment.invoice_id,
                shelf.vendors[payment.vendor_id].name,
                payment.date.isoformat(),
                money(payment.amount, payment.currency),
            ]
            for payment in payments
        ]
        draft.table(["Payment", "Invoice", "Vendor", "Paid on", "Amount"], rows)
        for payment, row in zip(payments, rows, strict=True):
            draft.fact(f"paid:{payment.invoice_id}", draft.row(row))
    else:
        draft.prose("No invoice was ready for payment.")
    held = [h for h in shelf.world.holds if _first_run(shelf, h) == run.id]
    draft.section("Held back in this run")
    if not held:
        draft.prose("Nothing was held back for the first time.")
    for hold in held:
        vendor = shelf.vendors[hold.vendor_id].name
        if hold.told_in == run.id:
            reason = hold_phrase(hold, shelf.matches[hold.invoice_id])
            text = f"{hold.invoice_id} of {vendor} was not paid: {reason}."
            draft.prose(draft.fact(f"held:{hold.invoice_id}", text))
        else:
            draft.prose(f"{hold.invoice_id} of {vendor} was not paid, see correspondence.")
    return draft.done()


def _first_run(shelf: Shelf, hold: Hold) -> str | None:
    return next((run.id for run in shelf.world.runs if run.date >= hold.since), None)
