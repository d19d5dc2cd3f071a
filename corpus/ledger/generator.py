"""Generates a company's accounts payable, consistent with itself, from a seed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace

from corpus.ledger.draw import after, chance, whole
from corpus.ledger.generate_orders import deliveries, make_invoice, make_order, make_receipt
from corpus.ledger.generate_vendors import make_agreement, make_vendors
from corpus.ledger.kinds import HoldKind, MismatchKind
from corpus.ledger.matching import compare
from corpus.ledger.plans import InvoicePlan, make_plans
from corpus.ledger.records import Agreement, GoodsReceipt, Invoice, Match, PurchaseOrder
from corpus.ledger.settling import Settlement, make_hold, make_runs, settle
from corpus.ledger.world import TODAY, World, WorldSettings
from corpus.luck import Luck

VERSION = 1
"""Raised whenever the same settings give another world."""


def generate(settings: WorldSettings) -> World:
    """Return the world of these settings; the same settings give the same world."""
    luck = Luck(settings.seed).child("world")
    vendors = make_vendors(luck, settings.vendors)
    agreements = {v.id: make_agreement(luck.child("agreement", v.id), v) for v in vendors}
    order_plans, plans = make_plans(luck, vendors, settings.invoices)
    orders = {
        plan.key: make_order(
            luck.child("order", plan.key),
            plan,
            f"PO-2026-{number:04d}",
            agreements[plan.vendor.id],
        )
        for number, plan in enumerate(order_plans, start=1)
    }
    invoices = _invoices(luck, plans, orders, agreements)
    releases = {p.key: _times(luck.child("hold", p.key), p, invoices[p.key]) for p in plans}
    receipts = _receipts(luck, plans, orders, releases)
    matches = _matches(luck, plans, invoices, orders, receipts, agreements)
    settled: list[Settlement] = []
    for plan in plans:
        invoice = invoices[plan.key]
        hold = None
        if plan.hold is not None:
            since, released = releases[plan.key]
            hold = make_hold(
                luck.child("told", plan.key), plan.hold, invoice, matches[plan.key], since, released
            )
        settled.append(
            settle(
                luck.child("settle", plan.key),
                invoice,
                orders[plan.order.key] if invoice.po_id else None,
                orders[plan.order.key].cost_center,
                agreements[invoice.vendor_id],
                matches[plan.key],
                hold,
            )
        )
    payments = sorted(
        (s.payment for s in settled if s.payment), key=lambda p: (p.date, p.invoice_id)
    )
    return World(
        settings=settings,
        vendors=vendors,
        agreements=tuple(agreements.values()),
        purchase_orders=tuple(sorted(orders.values(), key=lambda order: order.id)),
        receipts=tuple(receipts),
        invoices=tuple(s.invoice for s in settled),
        matches=tuple(matches[plan.key] for plan in plans),
        approvals=tuple(approval for s in settled for approval in s.approvals),
        payments=tuple(
            replace(payment, id=f"PAY-2026-{number:04d}")
            for number, payment in enumerate(payments, start=1)
        ),
        runs=make_runs(luck),
        holds=tuple(s.hold for s in settled if s.hold),
    )


def _invoices(
    luck: Luck,
    plans: list[InvoicePlan],
    orders: dict[int, PurchaseOrder],
    agreements: dict[str, Agreement],
) -> dict[int, Invoice]:
    made: dict[int, Invoice] = {}
    for number, plan in enumerate(plans, start=1):
        # A duplicate repeats the luck of its original, so that it bills the very same.
        source = plan if plan.copy_of is None else next(p for p in plans if p.key == plan.copy_of)
        invoice = make_invoice(
            luck.child("invoice", source.key),
            source,
            f"INV-2026-{number:04d}",
            orders[plan.order.key],
            agreements[plan.order.vendor.id],
        )
        made[plan.key] = replace(invoice, received=plan.received)
    return made


def _times(luck: Luck, plan: InvoicePlan, invoice: Invoice) -> tuple[dt.date, dt.date | None]:
    """Return since when the invoice is held and until when; None where it still is."""
    since = after(plan.received, whole(luck, 3, 6, "since"))
    since = min(since, TODAY - dt.timedelta(days=1))
    released = after(max(invoice.due_date, since), whole(luck, 2, 20, "released"))
    still = plan.hold is HoldKind.DUPLICATE or chance(luck, 0.1, "still")
    if still or released > TODAY - dt.timedelta(days=5):
        return since, None
    return since, released


def _receipts(
    luck: Luck,
    plans: list[InvoicePlan],
    orders: dict[int, PurchaseOrder],
    releases: dict[int, tuple[dt.date, dt.date | None]],
) -> list[GoodsReceipt]:
    late: dict[int, dt.date | None] = {}
    for plan in plans:
        if plan.problem is MismatchKind.MISSING_RECEIPT:
            since, released = releases[plan.key]
            late[plan.key] = (released if plan.hold else after(since, 1)) or None
    made = []
    for number, delivery in enumerate(deliveries(plans, late), start=1):
        own = luck.child("receipt", delivery.order.key, delivery.date.isoformat())
        made.append(
            make_receipt(own, delivery, f"GR-2026-{number:04d}", orders[delivery.order.key])
        )
    return [receipt for receipt in made if receipt.lines]


def _matches(
    luck: Luck,
    plans: list[InvoicePlan],
    invoices: dict[int, Invoice],
    orders: dict[int, PurchaseOrder],
    receipts: list[GoodsReceipt],
    agreements: dict[str, Agreement],
) -> dict[int, Match]:
    of_order: dict[str, list[GoodsReceipt]] = defaultdict(list)
    for receipt in receipts:
        of_order[receipt.po_id].append(receipt)
    earlier: dict[str, list[Invoice]] = defaultdict(list)
    matches = {}
    for plan in plans:
        invoice = invoices[plan.key]
        order = orders[plan.order.key]
        matches[plan.key] = compare(
            invoice,
            order if invoice.po_id else None,
            of_order[order.id],
            earlier[invoice.vendor_id],
            agreements[invoice.vendor_id],
            min(after(plan.received, whole(luck, 1, 2, "checked", plan.key)), TODAY),
        )
        earlier[invoice.vendor_id].append(invoice)
    return matches
