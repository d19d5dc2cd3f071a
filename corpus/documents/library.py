"""Renders a whole world as the documents that its people filed."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.documents.agreements import render_agreement
from corpus.documents.controls import render_approval, render_match
from corpus.documents.draft import Rendered
from corpus.documents.invoices import render_invoice
from corpus.documents.letters import render_chatter, render_hold_mail, render_inquiry
from corpus.documents.orders import render_order, render_receipt
from corpus.documents.payment_runs import render_run
from corpus.documents.shelf import Shelf
from corpus.ledger.draw import chance
from corpus.ledger.kinds import ApprovalStatus, InvoiceStatus, MatchOutcome
from corpus.ledger.world import World


def render(world: World) -> list[Rendered]:
    """Return all documents of a world but the policies, by kind and id.

    Not everything is filed: match reports of matched invoices and approvals by
    one person are printed only now and then, as they also are in the ledger.
    """
    return list(_documents(Shelf.of(world)))


def _documents(shelf: Shelf) -> Iterator[Rendered]:
    world = shelf.world
    yield from (render_agreement(shelf, agreement) for agreement in world.agreements)
    yield from (render_order(shelf, order) for order in world.purchase_orders)
    yield from (render_receipt(shelf, receipt) for receipt in world.receipts)
    yield from (render_invoice(shelf, invoice) for invoice in world.invoices)
    yield from _controls(shelf)
    yield from _letters(shelf)
    yield from (render_run(shelf, run) for run in world.runs)


def _controls(shelf: Shelf) -> Iterator[Rendered]:
    for match in shelf.world.matches:
        filed = chance(shelf.luck, 0.12, "match filed", match.invoice_id)
        if match.outcome is MatchOutcome.MISMATCH or filed:
            yield render_match(shelf, match)
    for invoice in shelf.world.invoices:
        steps = shelf.approvals[invoice.id]
        pending = any(step.status is ApprovalStatus.PENDING for step in steps)
        filed = chance(shelf.luck, 0.3, "approval filed", invoice.id)
        if steps and (pending or len(steps) > 1 or filed):
            yield render_approval(shelf, invoice.id)


def _letters(shelf: Shelf) -> Iterator[Rendered]:
    for hold in shelf.world.holds:
        if hold.told_in.startswith("MAIL-"):
            yield render_hold_mail(shelf, hold)
    for invoice in shelf.world.invoices:
        open_item = invoice.status is not InvoiceStatus.PAID
        overdue = open_item and invoice.due_date < shelf.world.runs[-1].date
        if overdue and chance(shelf.luck, 0.35, "asked", invoice.id):
            yield render_inquiry(shelf, invoice)
    for vendor in shelf.world.vendors:
        yield render_chatter(shelf, vendor, 1)
