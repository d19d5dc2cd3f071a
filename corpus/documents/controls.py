"""Renders three-way-match reports and approval records."""

from __future__ import annotations

from corpus.documents.draft import Draft, Rendered
from corpus.documents.shelf import Shelf
from corpus.documents.words import MISMATCH_WORDS, long_date, plain
from corpus.ledger.kinds import MatchOutcome, MismatchKind
from corpus.ledger.records import Discrepancy, Match


def match_report_id(invoice_id: str) -> str:
    """Return the id of an invoice's match report."""
    return f"MATCH-{invoice_id}"


def approval_record_id(invoice_id: str) -> str:
    """Return the id of an invoice's approval record."""
    return f"APPR-{invoice_id}"


def render_match(shelf: Shelf, match: Match) -> Rendered:
    """Return the report of one match."""
    invoice = shelf.invoices[match.invoice_id]
    vendor = shelf.vendors[invoice.vendor_id]
    draft = Draft(
        match_report_id(invoice.id),
        f"Three-way match report for {invoice.id}, {vendor.full_name}",
        doc_type="match_report",
        date=match.checked.isoformat(),
        **shelf.about(vendor.id, invoice.id, match.po_id),
    )
    draft.pairs(
        [
            ("Invoice", f"{invoice.id} ({vendor.full_name})"),
            ("Purchase order", match.po_id or "none quoted"),
            ("Checked on", match.checked.isoformat()),
        ]
    )
    draft.section("Result")
    if match.outcome is MatchOutcome.MATCHED:
        draft.prose(
            draft.fact("outcome", f"Invoice {invoice.id} matches: no discrepancy was found."),
            "Prices, quantities and tax agree with order, receipt and agreement.",
        )
        return draft.done()
    layout = shelf.layout("match", invoice.id, 2)
    draft.prose(draft.fact("outcome", f"Invoice {invoice.id} does not match and is flagged."))
    if layout == 0:
        rows = [_row(found, invoice.currency) for found in match.discrepancies]
        draft.table(["Position", "Finding", "Expected", "Invoiced", "Difference"], rows)
    reasons = [_sentence(found) for found in match.discrepancies]
    draft.fact("reason", reasons[0])
    draft.prose(*reasons)
    return draft.done()


def _sentence(found: Discrepancy) -> str:
    where = f"position {found.number}, {found.item}" if found.number else found.item
    return f"{MISMATCH_WORDS[found.kind]} ({where}): {found.detail}."


def _row(found: Discrepancy, currency: str) -> list[str]:
    def figure(value: object) -> str:
        return "-" if value is None else f"{value}"

    cells = [found.expected, found.actual, found.difference]
    if found.kind is MismatchKind.PRICE:
        figures = [f"{value:,.2f} {currency}" if value is not None else "-" for value in cells]
    else:
        figures = [figure(plain(value) if value is not None else None) for value in cells]
    return [str(found.number or "all"), MISMATCH_WORDS[found.kind], *figures]


def render_approval(shelf: Shelf, invoice_id: str) -> Rendered:
    """Return the approval record of one invoice."""
    invoice = shelf.invoices[invoice_id]
    vendor = shelf.vendors[invoice.vendor_id]
    steps = shelf.approvals[invoice_id]
    draft = Draft(
        approval_record_id(invoice_id),
        f"Approval record for {invoice_id}, {vendor.full_name}",
        doc_type="approval",
        date=steps[0].requested.isoformat(),
        **shelf.about(vendor.id, invoice_id, invoice.po_id),
    )
    draft.prose(
        f"Approval of invoice {invoice_id} from {vendor.full_name}, requested on "
        f"{long_date(steps[0].requested)} under the invoice approval matrix."
    )
    draft.section("Decisions")
    if shelf.layout("approval", invoice_id, 2) == 0:
        rows = [
            [
                str(step.step),
                step.role,
                step.approver,
                step.approved.isoformat() if step.approved else "no decision yet",
                step.status.value,
            ]
            for step in steps
        ]
        draft.table(["Step", "Role", "Approver", "Date", "Status"], rows)
        for step, row in zip(steps, rows, strict=True):
            draft.fact(f"step:{step.step}", draft.row(row))
    else:
        for step in steps:
            text = (
                f"Step {step.step}: approved by {step.approver} ({step.role}) on "
                f"{long_date(step.approved)}."
                if step.approved
                else f"Step {step.step}: the decision of {step.approver} ({step.role}) is pending; "
                "no approval has been given."
            )
            draft.prose(draft.fact(f"step:{step.step}", text))
    draft.prose("Approvals are given in the invoice workflow under the approver's own login.")
    return draft.done()
