"""Approves, holds and pays invoices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.ledger.approving import needed_roles, person_in
from corpus.ledger.draw import after, cents, chance, pick, whole
from corpus.ledger.kinds import (
    ApprovalStatus,
    HoldKind,
    InvoiceStatus,
    MatchOutcome,
    PaymentStatus,
)
from corpus.ledger.records import (
    Agreement,
    Approval,
    Hold,
    Invoice,
    Match,
    Payment,
    PaymentRun,
    PurchaseOrder,
)
from corpus.ledger.vocabulary import BUYERS, CLERKS, PLACES, ROLE_TITLES
from corpus.ledger.world import TODAY
from corpus.luck import Luck

FIRST_RUN = dt.date(2026, 1, 16)
HOLIDAYS = frozenset({dt.date(2026, 4, 3), dt.date(2026, 5, 1)})
"""Fridays that are holidays in Hamburg; the run is then brought forward by a day."""
SMALLEST_DISCOUNT = Decimal(20)
"""In euro; a smaller early-payment discount is not worth paying early for."""
RECENT = dt.date(2026, 6, 3)
"""Of the invoices received since then some still wait for an approver."""
RATES = {place.currency: Decimal(place.rate_to_eur) for place in PLACES}

# Holds that stand in the way of the approval itself, not only of the payment.
_BEFORE_APPROVAL = {
    HoldKind.PO_DISCREPANCY,
    HoldKind.MISSING_RECEIPT,
    HoldKind.DUPLICATE,
    HoldKind.TAX_CORRECTION,
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one invoice."""

    invoice: Invoice
    approvals: tuple[Approval, ...]
    hold: Hold | None
    payment: Payment | None


def run_days(weeks: int = 40) -> list[dt.date]:
    """Return the days of the weekly payment runs, holidays avoided."""
    fridays = [FIRST_RUN + dt.timedelta(days=7 * week) for week in range(weeks)]
    return [day - dt.timedelta(days=1) if day in HOLIDAYS else day for day in fridays]


def make_runs(luck: Luck) -> tuple[PaymentRun, ...]:
    """Return the payment runs up to today."""
    return tuple(
        PaymentRun(
            id=f"RUN-{day.isoformat()}",
            date=day,
            operator=pick(luck, CLERKS, "operator", day.isoformat()),
            method="SEPA and foreign transfer",
        )
        for day in run_days()
        if day <= TODAY
    )


def make_hold(
    luck: Luck,
    kind: HoldKind,
    invoice: Invoice,
    match: Match,
    since: dt.date,
    released: dt.date | None,
) -> Hold:
    """Return the hold with its reason in words; two in three are told in an e-mail."""
    clerk = pick(luck, CLERKS, "clerk")
    owner = clerk
    if kind in (HoldKind.PO_DISCREPANCY, HoldKind.QUALITY):
        owner = pick(luck, BUYERS, "buyer")
    first_run = next((r for r in make_runs(luck) if r.date >= since), None)
    by_mail = first_run is None or chance(luck, 0.68, "by mail")
    told = f"MAIL-{invoice.id}" if by_mail or first_run is None else first_run.id
    return Hold(
        invoice_id=invoice.id,
        vendor_id=invoice.vendor_id,
        kind=kind,
        since=since,
        released=released,
        detail=_detail(luck, kind, invoice, match),
        owner=owner,
        told_in=told,
    )


def _detail(luck: Luck, kind: HoldKind, invoice: Invoice, match: Match) -> str:
    if match.discrepancies:
        first = match.discrepancies[0]
        return first.detail if first.number == 0 else f"{first.detail} ({first.item})"
    if kind is HoldKind.MISSING_APPROVAL:
        return "the approval required by the approval matrix had not been given"
    if kind is HoldKind.BANK_DETAILS:
        return "the vendor announced new bank details and the change is under verification"
    if kind is HoldKind.TAX_CERTIFICATE:
        return "the vendor's tax exemption certificate has expired and no new one is on file"
    item = pick(luck, invoice.lines, "defective").description
    finding = pick(
        luck,
        ("out of specification", "rejected by incoming inspection", "not delivered as agreed"),
        "defect",
    )
    return f"the quality is disputed: {item} was found to be {finding}"


def settle(
    luck: Luck,
    invoice: Invoice,
    order: PurchaseOrder | None,
    cost_center: str,
    agreement: Agreement,
    match: Match,
    hold: Hold | None,
) -> Settlement:
    """Return approvals, payment and the invoice with its final status."""
    approvals = _approvals(luck, invoice, order, cost_center, match, hold)
    pending = any(a.approved is None for a in approvals)
    held = hold is not None and hold.released is None
    payment = None if pending or held else _payment(invoice, agreement, approvals, match, hold)
    status = InvoiceStatus.SCHEDULED
    if payment:
        status = InvoiceStatus.PAID
    elif held:
        status = InvoiceStatus.ON_HOLD
    elif pending:
        status = InvoiceStatus.PENDING_APPROVAL
    return Settlement(replace(invoice, status=status), approvals, hold, payment)


def _approvals(
    luck: Luck,
    invoice: Invoice,
    order: PurchaseOrder | None,
    cost_center: str,
    match: Match,
    hold: Hold | None,
) -> tuple[Approval, ...]:
    roles = needed_roles(
        invoice.gross * RATES[invoice.currency],
        has_order=order is not None,
        call_off=order is not None and order.agreement_id is not None,
        matched=match.outcome is MatchOutcome.MATCHED,
    )
    if hold is not None and hold.kind is HoldKind.MISSING_APPROVAL and not roles:
        roles = ["cost_centre_owner"]
    approvals = []
    for step, role in enumerate(roles, start=1):
        requested = match.checked
        approved: dt.date | None = after(requested, whole(luck, 1, 3, "approved", step))
        if hold is not None and hold.kind in _BEFORE_APPROVAL:
            # The match must have passed before the approvers are asked to decide.
            approved = hold.released and after(hold.released, whole(luck, 0, 2, "after", step))
        elif hold is not None and hold.kind is HoldKind.MISSING_APPROVAL and step == len(roles):
            approved = hold.released
        elif hold is None and invoice.received >= RECENT and chance(luck, 0.2, "waiting", step):
            approved = None
        if approved is not None and approved > TODAY:
            approved = None
        approvals.append(
            Approval(
                id=f"APPR-{invoice.id}-{step}",
                invoice_id=invoice.id,
                step=step,
                role=ROLE_TITLES[role],
                approver=person_in(role, cost_center),
                requested=requested,
                approved=approved,
                status=ApprovalStatus.APPROVED if approved else ApprovalStatus.PENDING,
            )
        )
    return tuple(approvals)


def _payment(
    invoice: Invoice,
    agreement: Agreement,
    approvals: tuple[Approval, ...],
    match: Match,
    hold: Hold | None,
) -> Payment | None:
    ready = max([match.checked, *(a.approved for a in approvals if a.approved)])
    if hold is not None and hold.released is not None:
        ready = max(ready, hold.released)
    runs = [day for day in run_days() if day >= ready]
    discount = Decimal(0)
    day = max((run for run in runs if run <= invoice.due_date), default=runs[0])
    if agreement.discount_percent is not None and agreement.discount_days is not None:
        last = invoice.date + dt.timedelta(days=agreement.discount_days)
        early = max((run for run in runs if run <= last), default=None)
        offered = cents(invoice.gross * agreement.discount_percent / 100)
        worth = offered * RATES[invoice.currency] >= SMALLEST_DISCOUNT
        if early is not None and worth:
            day, discount = early, offered
    if day > TODAY:
        return None
    return Payment(
        id="",
        invoice_id=invoice.id,
        vendor_id=invoice.vendor_id,
        run_id=f"RUN-{day.isoformat()}",
        date=day,
        currency=invoice.currency,
        amount=invoice.gross - discount,
        discount_taken=discount,
        days_late=max(0, (day - invoice.due_date).days),
        status=PaymentStatus.EXECUTED,
    )
