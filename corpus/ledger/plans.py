"""Decides what happens: which orders are placed, when they are billed, what goes wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from corpus.ledger.draw import after, chance, pick, weighted, whole, workday
from corpus.ledger.generate_vendors import category_of
from corpus.ledger.kinds import HoldKind, MismatchKind
from corpus.ledger.records import Vendor
from corpus.luck import Luck

FIRST_ORDER = dt.date(2026, 1, 5)
LAST_ORDER = dt.date(2026, 6, 1)
LAST_INVOICE = dt.date(2026, 6, 19)

PROBLEMS: tuple[tuple[MismatchKind | None, float], ...] = (
    (None, 0.75),
    (MismatchKind.PRICE, 0.07),
    (MismatchKind.QUANTITY, 0.05),
    (MismatchKind.MISSING_RECEIPT, 0.05),
    (MismatchKind.MISSING_PO, 0.03),
    (MismatchKind.DUPLICATE, 0.03),
    (MismatchKind.TAX, 0.02),
)
HOLD_OF_PROBLEM = {
    MismatchKind.PRICE: (HoldKind.PO_DISCREPANCY, 0.75),
    MismatchKind.QUANTITY: (HoldKind.PO_DISCREPANCY, 0.7),
    MismatchKind.MISSING_RECEIPT: (HoldKind.MISSING_RECEIPT, 0.85),
    MismatchKind.MISSING_PO: (HoldKind.PO_DISCREPANCY, 0.6),
    MismatchKind.DUPLICATE: (HoldKind.DUPLICATE, 1.0),
    MismatchKind.TAX: (HoldKind.TAX_CORRECTION, 1.0),
}
OTHER_HOLDS: tuple[tuple[HoldKind | None, float], ...] = (
    (None, 0.86),
    (HoldKind.MISSING_APPROVAL, 0.05),
    (HoldKind.BANK_DETAILS, 0.035),
    (HoldKind.QUALITY, 0.035),
    (HoldKind.TAX_CERTIFICATE, 0.02),
)


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """An order to be placed; ``parts`` invoices will bill it, ``call_off`` under the agreement."""

    key: int
    vendor: Vendor
    date: dt.date
    parts: int
    call_off: bool
    single_delivery: bool


@dataclass(frozen=True, slots=True)
class InvoicePlan:
    """An invoice to come: which part of which order it bills, when, and what is wrong with it."""

    key: int
    order: OrderPlan
    part: int
    delivered: dt.date
    date: dt.date
    received: dt.date
    problem: MismatchKind | None
    hold: HoldKind | None
    copy_of: int | None = None


def make_plans(
    luck: Luck, vendors: tuple[Vendor, ...], invoices: int
) -> tuple[list[OrderPlan], list[InvoicePlan]]:
    """Return orders by date and invoices by the day of their receipt."""
    orders: list[OrderPlan] = []
    plans: list[InvoicePlan] = []
    for number, (vendor, count) in enumerate(
        zip(vendors, _shares(luck, len(vendors), invoices), strict=True)
    ):
        own = luck.child("plans", number)
        left = count
        while left:
            order = _order(own.child(left), len(orders), vendor, left)
            made = _invoices(own.child(left, "invoices"), order, len(plans))
            if left > len(made) and chance(own, 0.09, "duplicate", left):
                made.append(_duplicate(own.child(left), made[-1], len(plans) + len(made)))
            orders.append(order)
            plans.extend(made)
            left -= len(made)
    orders.sort(key=lambda order: (order.date, order.key))
    plans.sort(key=lambda plan: (plan.received, plan.key))
    return orders, plans


def _shares(luck: Luck, vendors: int, invoices: int) -> list[int]:
    """Give every vendor a few invoices, and some vendors many."""
    floor = min(3, invoices // vendors)
    counts = [floor] * vendors
    weights = [0.3 + luck.uniform("size", number) ** 2 for number in range(vendors)]
    for extra in range(invoices - floor * vendors):
        counts[weighted(luck, range(vendors), weights, "extra", extra)] += 1
    return counts


def _order(luck: Luck, key: int, vendor: Vendor, left: int) -> OrderPlan:
    span = (LAST_ORDER - FIRST_ORDER).days
    most = min(left, 4, len(category_of(vendor).goods))
    return OrderPlan(
        key=key,
        vendor=vendor,
        date=workday(FIRST_ORDER + dt.timedelta(days=whole(luck, 0, span, "date"))),
        parts=min(most, weighted(luck, (1, 2, 3, 4), (0.2, 0.25, 0.3, 0.25), "parts")),
        call_off=chance(luck, 0.55, "call-off"),
        single_delivery=chance(luck, 0.85, "single delivery"),
    )


def _invoices(luck: Luck, order: OrderPlan, first_key: int) -> list[InvoicePlan]:
    plans = []
    delivered = after(order.date, whole(luck, 4, 12, "delivered"))
    date = delivered
    for part in range(order.parts):
        if part and not order.single_delivery:
            delivered = after(delivered, whole(luck, 5, 18, "later", part))
        date = min(max(after(date, whole(luck, 1, 9, "date", part)), delivered), LAST_INVOICE)
        delivered = min(delivered, date)
        problem, hold = _trouble(luck.child(part))
        plans.append(
            InvoicePlan(
                key=first_key + part,
                order=order,
                part=part,
                delivered=delivered,
                date=date,
                received=after(date, whole(luck, 1, 3, "received", part)),
                problem=problem,
                hold=hold,
            )
        )
    return plans


def _trouble(luck: Luck) -> tuple[MismatchKind | None, HoldKind | None]:
    options = [p for p in PROBLEMS if p[0] is not MismatchKind.DUPLICATE]
    problem = weighted(luck, [p[0] for p in options], [p[1] for p in options], "problem")
    if problem is None:
        hold = weighted(luck, [h[0] for h in OTHER_HOLDS], [h[1] for h in OTHER_HOLDS], "hold")
        return None, hold
    kind, probability = HOLD_OF_PROBLEM[problem]
    return problem, kind if chance(luck, probability, "held") else None


def _duplicate(luck: Luck, original: InvoicePlan, key: int) -> InvoicePlan:
    """Bill the same again: same reference, same lines, received later."""
    received = after(original.received, pick(luck, (5, 8, 12), "again"))
    return replace(
        original,
        key=key,
        received=min(received, after(LAST_INVOICE, 3)),
        problem=MismatchKind.DUPLICATE,
        hold=HoldKind.DUPLICATE,
        copy_of=original.key,
    )
