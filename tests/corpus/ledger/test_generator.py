from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from corpus.ledger import TODAY, SettingsError, World, WorldSettings, generate
from corpus.ledger.approving import needed_roles
from corpus.ledger.draw import cents
from corpus.ledger.kinds import (
    HoldKind,
    InvoiceStatus,
    MatchOutcome,
    MismatchKind,
)
from corpus.ledger.matching import received_quantity


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings())


def test_the_same_settings_give_the_same_world(world: World) -> None:
    assert generate(WorldSettings()) == world


def test_another_seed_gives_another_world(world: World) -> None:
    assert generate(WorldSettings(seed=8)).invoices != world.invoices


@pytest.mark.parametrize(("vendors", "invoices"), [(1, 1), (3, 20), (100, 1200)])
def test_the_scale_is_a_setting(vendors: int, invoices: int) -> None:
    world = generate(WorldSettings(seed=1, vendors=vendors, invoices=invoices))
    assert len(world.vendors) == vendors
    assert len(world.invoices) == invoices
    assert len({vendor.name for vendor in world.vendors}) == vendors


@pytest.mark.parametrize(("vendors", "invoices"), [(0, 10), (40, 39), (401, 500), (5, 10_000)])
def test_an_impossible_scale_is_refused(vendors: int, invoices: int) -> None:
    with pytest.raises(SettingsError):
        WorldSettings(vendors=vendors, invoices=invoices)


def test_amounts_add_up_to_the_cent(world: World) -> None:
    for order in world.purchase_orders:
        assert order.total == sum(line.net for line in order.lines)
        assert all(line.net == cents(line.quantity * line.unit_price) for line in order.lines)
    for invoice in world.invoices:
        assert invoice.net == sum(line.net for line in invoice.lines)
        assert all(line.net == cents(line.quantity * line.unit_price) for line in invoice.lines)
        assert invoice.tax == cents(invoice.net * invoice.tax_rate / 100)
        assert invoice.gross == invoice.net + invoice.tax


def test_dates_are_in_the_order_of_life(world: World) -> None:
    orders = {order.id: order for order in world.purchase_orders}
    matches = {match.invoice_id: match for match in world.matches}
    for receipt in world.receipts:
        assert orders[receipt.po_id].date < receipt.date <= TODAY
    for invoice in world.invoices:
        assert invoice.date <= invoice.received <= matches[invoice.id].checked <= TODAY
        assert invoice.date < invoice.due_date
    for approval in world.approvals:
        assert matches[approval.invoice_id].checked <= approval.requested
        assert approval.approved is None or approval.requested <= approval.approved <= TODAY
    for agreement in world.agreements:
        assert agreement.signed < agreement.start < TODAY < agreement.end


def test_every_mismatch_has_its_reason_in_the_data(world: World) -> None:
    orders = {order.id: order for order in world.purchase_orders}
    receipts = defaultdict(list)
    for receipt in world.receipts:
        receipts[receipt.po_id].append(receipt)
    invoices = {invoice.id: invoice for invoice in world.invoices}
    seen = set()
    for match in world.matches:
        assert (match.outcome is MatchOutcome.MISMATCH) == bool(match.discrepancies)
        invoice = invoices[match.invoice_id]
        for found in match.discrepancies:
            seen.add(found.kind)
            line = next((line for line in invoice.lines if line.number == found.number), None)
            if found.kind is MismatchKind.PRICE:
                assert line
                assert invoice.po_id
                ordered = {p.number: p.unit_price for p in orders[invoice.po_id].lines}
                assert found.difference == line.unit_price - ordered[found.number] > 0
            elif found.kind is MismatchKind.QUANTITY:
                assert line
                assert invoice.po_id
                arrived = received_quantity(receipts[invoice.po_id], found.number)
                assert found.actual == line.quantity > arrived == found.expected
            elif found.kind is MismatchKind.MISSING_PO:
                assert invoice.po_id is None
    assert seen == set(MismatchKind)


def test_a_paid_invoice_was_approved_released_and_paid_once(world: World) -> None:
    paid = [payment.invoice_id for payment in world.payments]
    assert len(paid) == len(set(paid))
    approvals = defaultdict(list)
    for approval in world.approvals:
        approvals[approval.invoice_id].append(approval)
    holds = {hold.invoice_id: hold for hold in world.holds}
    invoices = {invoice.id: invoice for invoice in world.invoices}
    for payment in world.payments:
        invoice = invoices[payment.invoice_id]
        assert invoice.status is InvoiceStatus.PAID
        assert payment.amount + payment.discount_taken == invoice.gross
        for approval in approvals[invoice.id]:
            assert approval.approved is not None
            assert approval.approved <= payment.date
        hold = holds.get(invoice.id)
        if hold:
            assert hold.released is not None
            assert hold.since <= hold.released <= payment.date
    assert {i.id for i in world.invoices if i.status is InvoiceStatus.PAID} == set(paid)


def test_whatever_is_paid_late_was_held_for_a_stated_reason(world: World) -> None:
    held = {hold.invoice_id for hold in world.holds}
    late = [payment.invoice_id for payment in world.payments if payment.days_late]
    assert late
    assert set(late) <= held
    assert {hold.kind for hold in world.holds} == set(HoldKind)


def test_some_approvals_are_missing(world: World) -> None:
    assert any(approval.approved is None for approval in world.approvals)
    approved = {approval.invoice_id for approval in world.approvals}
    assert any(invoice.id not in approved for invoice in world.invoices)


@pytest.mark.parametrize(
    ("amount", "has_order", "call_off", "matched", "roles"),
    [
        ("249.99", True, False, True, []),
        ("249.99", True, False, False, ["cost_centre_owner"]),
        ("1000", True, False, True, ["cost_centre_owner"]),
        ("1000.01", True, False, True, ["department_head"]),
        ("32000", False, False, False, ["head_of_procurement", "chief_financial_officer"]),
        ("60000", True, True, True, ["head_of_finance"]),
    ],
)
def test_approvers_follow_the_matrix(
    amount: str, has_order: bool, call_off: bool, matched: bool, roles: list[str]
) -> None:
    assert needed_roles(Decimal(amount), has_order, call_off, matched) == roles
